/**
 * Read your own writes: every field of Query and Subscription takes `atLeast`, a position that its answer contains. A position is given out
 * after its commit, so with one PostgreSQL the first look finds it; waiting is for servers that read from a replica, and for after a
 * fail-over to one that lags behind.
 */
import { defaultFieldResolver, GraphQLError, GraphQLString } from 'graphql';
import type {
  GraphQLArgument,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';
import { decodePosition, encodePosition } from '../store/event-cursor.ts';
import { readPosition } from '../store/event-log.ts';
import { badInput } from './bad-input.ts';
import type { Context } from './context.ts';
import { AT_LEAST_PATIENCE, lookUntil } from './look-until.ts';

/** Behind it, the fields of one operation wait together: what one of them has read and cached is then not too old for another. */
interface Gate {
  wanted: number;
  /** The number that the log has come to; 0, without a look, if no field wants any. */
  readonly reached: Promise<number>;
}

const gates = new WeakMap<Context, Gate>();

function gateOf(context: Context): Gate {
  const waiting = gates.get(context);
  if (waiting) return waiting;
  const look = (): Promise<number> => readPosition(context.database, context.viewer.organizationId);
  const gate: Gate = {
    wanted: 0,
    // GraphQL calls the resolvers of all root fields before it lets any promise go on.
    reached: Promise.resolve().then(() => {
      gates.delete(context);
      return gate.wanted === 0
        ? 0
        : lookUntil(look, gate.wanted, context.atLeastPatience ?? AT_LEAST_PATIENCE);
    }),
  };
  gates.set(context, gate);
  return gate;
}

function seqOf(atLeast: string | null | undefined): number {
  if (atLeast === null || atLeast === undefined) return 0;
  const seq = decodePosition(atLeast);
  if (seq === null)
    throw badInput('atLeast is no position of the event log; take the position of a mutation or an inbox.');
  return seq;
}

async function untilReached(context: Context, atLeast: string | null | undefined): Promise<void> {
  const seq = seqOf(atLeast);
  const gate = gateOf(context);
  gate.wanted = Math.max(gate.wanted, seq);
  const reached = await gate.reached;
  if (reached >= seq) return;
  throw new GraphQLError('This server can not yet answer a state that contains atLeast: ask again.', {
    extensions: { code: 'POSITION_NOT_REACHED', position: encodePosition(reached) },
  });
}

type Arguments = Readonly<Record<string, unknown>> & { readonly atLeast?: string | null };
type Resolver = GraphQLFieldResolver<unknown, Context, Arguments>;

function afterwards(resolve: Resolver): Resolver {
  return async (root, args, context, info) => {
    await untilReached(context, args.atLeast);
    return resolve(root, args, context, info);
  };
}

const argument: GraphQLArgument = {
  name: 'atLeast',
  type: GraphQLString,
  description:
    'A `position`: the answer contains at least everything up to it. Waits for it up to 5 s, then fails with POSITION_NOT_REACHED.',
  defaultValue: undefined,
  deprecationReason: undefined,
  extensions: {},
  astNode: undefined,
};

function fieldsOf(type: GraphQLObjectType | null | undefined): GraphQLField<unknown, Context, Arguments>[] {
  return type ? Object.values<GraphQLField<unknown, Context, Arguments>>(type.getFields()) : [];
}

/**
 * Adds `atLeast` to all root fields of the schema but mutations. A field with a position that the log has not come to in time ends with
 * POSITION_NOT_REACHED (extensions.position: how far it has come), with one that is none with BAD_USER_INPUT; a subscription is refused so.
 */
export function withAtLeast(schema: GraphQLSchema): GraphQLSchema {
  for (const field of fieldsOf(schema.getQueryType())) {
    field.args = [...field.args, argument];
    field.resolve = afterwards(field.resolve ?? defaultFieldResolver);
  }
  for (const field of fieldsOf(schema.getSubscriptionType())) {
    field.args = [...field.args, argument];
    if (field.subscribe) field.subscribe = afterwards(field.subscribe);
  }
  return schema;
}
