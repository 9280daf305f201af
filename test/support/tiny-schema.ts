/** A schema with one field for each thing that a transport can get wrong. */
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { createSchema } from 'graphql-yoga';
import type { Viewer } from '../../src/commands/viewer.ts';
import { LiveStoppedError } from '../../src/live/errors.ts';

/** What the tests do to the schema's subscriptions from outside. */
export interface TinyWorld {
  /** Subscriptions that have started and not ended. */
  readonly open: Set<{ push(value: string): void; fail(error: Error): void }>;
  /** Settles when `slow` was asked for. */
  readonly slowBegan: Promise<void>;
  /** Ends `slow`. */
  finishSlow(): void;
  readonly schema: GraphQLSchema;
}

interface TinyContext {
  readonly viewer: Viewer;
  readonly step: number;
  nextStep(): void;
}

type Step = IteratorResult<{ ticks: string }, undefined>;

export function createTinyWorld(): TinyWorld {
  const open: TinyWorld['open'] = new Set();
  let finishSlow: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    finishSlow = resolve;
  });
  let beginSlow: () => void = () => undefined;
  const slowBegan = new Promise<void>((resolve) => {
    beginSlow = resolve;
  });

  /** Like the product's own subscriptions: `return()` settles a waiting `next()`. */
  function ticks(): AsyncGenerator<{ ticks: string }, undefined> {
    const values: string[] = [];
    let waiting: { resolve(step: Step): void; reject(error: Error): void } | null = null;
    const source = {
      push(value: string) {
        if (waiting) waiting.resolve({ done: false, value: { ticks: value } });
        else values.push(value);
        waiting = null;
      },
      fail(error: Error) {
        open.delete(source);
        waiting?.reject(error);
      },
    };
    open.add(source);
    return {
      next() {
        const value = values.shift();
        if (value !== undefined) return Promise.resolve({ done: false, value: { ticks: value } });
        if (!open.has(source)) return Promise.resolve({ done: true, value: undefined });
        return new Promise<Step>((resolve, reject) => {
          waiting = { resolve, reject };
        });
      },
      return() {
        open.delete(source);
        waiting?.resolve({ done: true, value: undefined });
        return Promise.resolve({ done: true, value: undefined });
      },
      throw: (error: Error) => Promise.reject(error),
      [Symbol.asyncIterator]() {
        return this;
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  const schema = createSchema<TinyContext>({
    typeDefs: /* GraphQL */ `
      type Query {
        hello: String!
        viewer: String
        slow: String
        boom: String
        refused: String
        whole: Int
        echo(number: Int!): Int
        stepBefore: Int
        self: Self
      }
      type Self {
        self: Self
        name: String
      }
      type Mutation {
        step: Int
      }
      type Subscription {
        ticks: String
        refusedTicks: String
      }
    `,
    resolvers: {
      Query: {
        hello: () => 'world',
        viewer: (_root, _args, { viewer }) => `${viewer.name} (${viewer.roles.join()})`,
        slow: async () => {
          beginSlow();
          await slow;
          return 'done';
        },
        boom: () => {
          throw new Error('password of the database is hunter2');
        },
        refused: () => {
          throw new GraphQLError('Not you.', { extensions: { code: 'FORBIDDEN' } });
        },
        whole: () => 1.5,
        echo: (_root, { number }: { number: number }) => number,
        self: () => ({}),
      },
      Self: { self: () => ({}), name: () => 'self' },
      Mutation: {
        step: (_root, _args, context) => {
          context.nextStep();
          return context.step;
        },
      },
      Subscription: {
        ticks: { subscribe: ticks },
        refusedTicks: {
          subscribe: () => {
            throw new LiveStoppedError();
          },
        },
      },
    },
  });
  return {
    open,
    slowBegan,
    finishSlow: () => {
      finishSlow();
    },
    schema,
  };
}

/** A context with a getter, as the product's has. */
export function createTinyContext(viewer: Viewer): TinyContext {
  let step = 0;
  return {
    viewer,
    get step() {
      return step;
    },
    nextStep() {
      step += 1;
    },
  };
}
