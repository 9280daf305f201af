import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { execute, isObjectType, isUnionType, subscribe, type GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createContext } from '../../src/graphql/context.ts';
import { lookUntil, type Patience } from '../../src/graphql/look-until.ts';
import { schema } from '../../src/graphql/schema.ts';
import { encodePosition } from '../../src/store/event-cursor.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { silentLog } from '../support/live-fixture.ts';
import { position } from '../support/watch.ts';
import { done, entity, eventCount } from '../support/workflows.ts';

const READ = graphql(`
  query AtLeastRead($id: ID!, $atLeast: String) {
    entity(id: $id, atLeast: $atLeast) {
      title
    }
  }
`);

/** The first field would put the title of before into the step's cache. */
const READ_TWICE = graphql(`
  query AtLeastReadTwice($id: ID!, $atLeast: String) {
    unbound: entity(id: $id) {
      title
    }
    bound: entity(id: $id, atLeast: $atLeast) {
      title
    }
  }
`);

const WATCH = graphql(`
  subscription AtLeastWatch($id: ID!, $atLeast: String) {
    entityEvents(entityId: $id, atLeast: $atLeast) {
      changedFields
      cursor
    }
  }
`);

let api: TestApi;
/** Another server's connection to the same PostgreSQL. */
let other: Database;
let id: string;

beforeAll(async () => {
  api = await createTestApi();
  other = openDatabase({ connectionString: api.connectionString, poolSize: 2, log: silentLog });
});
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});
beforeEach(async () => {
  id = await entity(api, { title: 'before' });
});

/** The time passes by pauses only. */
function patience(timeoutMs: number, pause: (milliseconds: number) => void | Promise<void>): Patience {
  let now = 0;
  return {
    timeoutMs,
    now: () => now,
    async pause(milliseconds) {
      now += milliseconds;
      await pause(milliseconds);
    },
  };
}

const impatient = patience(0, () => undefined);

/** An operation on the other server. */
function operation<Data, Vars>(
  document: TypedDocumentNode<Data, Vars>,
  variables: Vars,
  { asking = api.member, waiting = impatient }: { asking?: Viewer; waiting?: Patience } = {},
) {
  const { live, clock } = api;
  const sources = {
    database: other,
    live,
    log: silentLog,
    clock: () => clock.now(),
    atLeastPatience: waiting,
  };
  return {
    schema,
    document,
    variableValues: variables as Record<string, unknown>,
    contextValue: createContext(sources, asking),
  };
}

async function rename(title: string): Promise<string> {
  const { position: reached } = await done(api, api.member, 'updateEntity', { entityId: id, title });
  return reached ?? '';
}

/** The position after the next event. */
async function next(): Promise<string> {
  return encodePosition((await eventCount(api, api.member)) + 1);
}

describe('the schema', () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const takesAtLeast = (type: GraphQLObjectType | null | undefined): boolean[] =>
    Object.values(type?.getFields() ?? {}).map(({ args }) =>
      args.some(({ name, type: argument }) => name === 'atLeast' && String(argument) === 'String'),
    );

  test('lets every query and every subscription take atLeast, and nothing else', () => {
    const roots = [schema.getQueryType(), schema.getSubscriptionType()];
    expect(roots.flatMap(takesAtLeast)).not.toContain(false);
    expect(types.filter((type) => !roots.includes(type)).flatMap(takesAtLeast)).not.toContain(true);
  });

  test('lets every mutation answer its position', () => {
    const payloads = Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ name, type }) => {
      const members = isUnionType(type) ? type.getTypes() : [];
      const payload = members.find((member) => member.name.endsWith('Payload'));
      return `${name}: ${String(payload?.getFields()['position']?.type)}`;
    });
    expect(payloads.length).toBeGreaterThan(40);
    expect(payloads.filter((payload) => !payload.endsWith(': String!'))).toEqual([]);
  });
});

describe('a query with atLeast', () => {
  test('answers on one server what was written on another', async () => {
    const atLeast = await rename('after');
    expect(await execute(operation(READ, { id, atLeast }))).toEqual({ data: { entity: { title: 'after' } } });
  });

  test('waits for what is still to come', async () => {
    const atLeast = await next();
    const waiting = patience(5_000, async () => {
      await rename('after');
    });
    const answer = await execute(operation(READ, { id, atLeast }, { waiting }));
    expect(answer).toEqual({ data: { entity: { title: 'after' } } });
  });

  test('has its other fields wait, too, so that nothing older is in any cache', async () => {
    const atLeast = await next();
    const waiting = patience(5_000, async () => {
      await rename('after');
    });
    const answer = await execute(operation(READ_TWICE, { id, atLeast }, { waiting }));
    expect(answer).toEqual({ data: { unbound: { title: 'after' }, bound: { title: 'after' } } });
  });

  test('fails with POSITION_NOT_REACHED and the position reached when the time is up; its other fields don’t', async () => {
    const answer = await execute(operation(READ_TWICE, { id, atLeast: await next() }));
    expect(answer.data).toEqual({ unbound: { title: 'before' }, bound: null });
    expect(answer.errors?.map(({ path, extensions }) => ({ path, extensions }))).toEqual([
      { path: ['bound'], extensions: { code: 'POSITION_NOT_REACHED', position: await position(api) } },
    ]);
  });

  test('means the log of the viewer’s own organization', async () => {
    const own = await eventCount(api, api.otherAdmin);
    const atLeast = encodePosition(own + 1);
    const { errors } = await execute(operation(READ, { id, atLeast }, { asking: api.otherAdmin }));
    expect(errors?.[0]?.extensions).toEqual({
      code: 'POSITION_NOT_REACHED',
      position: encodePosition(own),
    });
  });

  test.each(['', 'seq:1', 'c2VxOi0x'])('that is no position (%j) is BAD_USER_INPUT', async (atLeast) => {
    expect(await api.run(api.member, READ, { id, atLeast })).toMatchObject({
      data: { entity: null },
      errors: [{ code: 'BAD_USER_INPUT', message: expect.stringMatching(/^atLeast /) as string }],
    });
  });

  test('costs one statement, however many fields have it, and none if no field has', async () => {
    async function cost(atLeast: string | null): Promise<number> {
      api.resetStatements();
      await api.data(
        api.member,
        `query ($id: ID!, $atLeast: String) {
          first: entity(id: $id, atLeast: $atLeast) { title }
          second: node(id: $id, atLeast: $atLeast) { id }
          third: viewer(atLeast: $atLeast) { name }
        }`,
        { id, atLeast },
      );
      return api.statements().length;
    }
    const without = await cost(null);
    expect(await cost(await position(api))).toBe(without + 1);
  });
});

describe('a subscription with atLeast', () => {
  test('starts when the log has come so far', async () => {
    const atLeast = await next();
    const waiting = patience(5_000, async () => {
      await rename('after');
    });
    const events = await subscribe(operation(WATCH, { id, atLeast }, { waiting }));
    if (!(Symbol.asyncIterator in events)) throw new Error(JSON.stringify(events));
    const later = await rename('later');
    expect((await events.next()).value).toMatchObject({ data: { entityEvents: { cursor: later } } });
    await events.return(undefined);
  });

  test.each([
    ['POSITION_NOT_REACHED', () => next()],
    ['BAD_USER_INPUT', () => Promise.resolve('yesterday')],
  ])('is refused with %s', async (code, atLeast) => {
    expect(await subscribe(operation(WATCH, { id, atLeast: await atLeast() }))).toMatchObject({
      errors: [{ extensions: { code } }],
    });
  });
});

describe('waiting for a place in the log', () => {
  test('looks again after pauses that grow from 10 to 250 ms, until 5 s are over', async () => {
    const pauses: number[] = [];
    const waiting = patience(5_000, (milliseconds) => {
      pauses.push(milliseconds);
    });
    expect(await lookUntil(() => Promise.resolve(6), 7, waiting)).toBe(6);
    expect(pauses.slice(0, 6)).toEqual([10, 20, 40, 80, 160, 250]);
    expect(Math.max(...pauses)).toBe(250);
    expect(pauses.reduce((sum, pause) => sum + pause)).toBe(5_000);
  });
});
