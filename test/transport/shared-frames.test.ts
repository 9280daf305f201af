import fc from 'fast-check';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { costError } from '../../src/http/cost.ts';
import { LIMITS } from '../../src/http/limits.ts';
import { readEvents, readPosition } from '../../src/store/event-log.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import {
  expectation,
  makeFramesWorld,
  STEPS,
  type FramesReader,
  type FramesStep,
  type FramesWorld,
  type Watching,
} from '../support/frames-world.ts';
import { servePlainly, type PlainServer } from '../support/plain-server.ts';
import { selectionOf } from '../support/random-selections.ts';
import { openRawSocket, type RawOperation, type RawSocket } from '../support/raw-socket.ts';
import { serve, type ServedApi } from '../support/served-api.ts';
import { position } from '../support/watch.ts';

let api: TestApi;
let ours: ServedApi;
let plain: PlainServer;
let worlds = 0;

beforeAll(async () => {
  api = await createTestApi();
  ours = await serve(api);
  plain = await servePlainly(api);
});
afterAll(async () => {
  await ours[Symbol.asyncDispose]();
  await plain[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const FIELDS = ['executionEvents', 'entityEvents', 'inboxEvents'] as const;

const documents = fc.array(
  fc.record({
    field: fc.constantFrom(...FIELDS),
    selection: fc.oneof(
      selectionOf(schema, schema.getType('Event') as never, 4),
      fc.constantFrom(
        '{ task { status viewerCommands notes { nodes { body viewerCanEdit } } } }',
        '{ type task { name viewerCommands blockers { message } assignees { __typename ... on User { name } } } }',
        '{ execution { status progress { completed total } tasks { name status assignees { __typename } } phases { status } } }',
        '{ actor { ... on User { name } } entity { title executions { nodes { id tasks { noteCount } } } } }',
      ),
    ),
    /** How it says where to start. */
    start: fc.constantFrom('NOWHERE', 'VARIABLE', 'LITERAL'),
    isIdLiteral: fc.boolean(),
    /** Whether the admin watches another user's inbox. */
    isOthers: fc.boolean(),
  }),
  { minLength: 3, maxLength: 5 },
);
type Subscribed = (typeof documents extends fc.Arbitrary<infer Many> ? Many : never)[number];

const steps = fc.array(fc.record({ what: fc.constantFrom(...STEPS), a: fc.nat(9), b: fc.nat(255) }), {
  minLength: 8,
  maxLength: 14,
});

function watchingOf({ field, isOthers }: Subscribed, world: FramesWorld, { viewer }: FramesReader): Watching {
  const { running, inboxOf } = world;
  if (field === 'executionEvents') return { field, id: running.id };
  if (field === 'entityEvents') return { field, id: running.entityId };
  return { field, id: isOthers && viewer.roles.includes('admin') ? inboxOf : null };
}

const ARGUMENTS = {
  executionEvents: 'executionId',
  entityEvents: 'entityId',
  inboxEvents: 'assignee',
} as const;

/** The operation with the id and the start as literals or variables. */
function operationOf(
  { field, selection, start, isIdLiteral }: Subscribed,
  { id }: Watching,
  after: string,
): RawOperation {
  const declared: string[] = [];
  const given: string[] = [];
  const variables: Record<string, unknown> = {};
  const give = (argument: string, type: string, value: string, isLiteral: boolean): void => {
    given.push(isLiteral ? `${argument}: ${JSON.stringify(value)}` : `${argument}: $${argument}`);
    if (isLiteral) return;
    declared.push(`$${argument}: ${type}`);
    variables[argument] = value;
  };
  if (id !== null) give(ARGUMENTS[field], 'ID!', id, isIdLiteral);
  if (start !== 'NOWHERE') give('after', 'String', after, start === 'LITERAL');
  const list = (parts: readonly string[]): string => (parts.length > 0 ? `(${parts.join(', ')})` : '');
  const query = `subscription Watch${list(declared)} { event: ${field}${list(given)} { place: cursor ...Selected } }
    fragment Selected on Event ${selection}`;
  return { query, variables };
}

/** Our server has limits, the plain one has none. */
function isAllowed({ query, variables = {} }: RawOperation): boolean {
  const operation = { schema, document: parse(query), variableValues: variables };
  const names = query.match(/\w+:/g) ?? [];
  return names.length <= LIMITS.aliases && costError({ ...operation, contextValue: {} }, LIMITS) === null;
}

/** The same reader at both servers, with the same operations under the same ids. */
interface Pair {
  readonly reader: FramesReader;
  readonly ours: RawSocket;
  readonly plain: RawSocket;
}

async function open(reader: FramesReader, operations: readonly RawOperation[]): Promise<Pair> {
  const { externalId, options } = reader;
  const token = await ours.token(externalId, options.roles);
  return {
    reader,
    ours: await openRawSocket(ours.wsUrl, { token }, operations),
    plain: await openRawSocket(plain.wsUrl, { externalId, ...options }, operations),
  };
}

/** Until every subscription is live and has nothing more to come; then all begin with no frame. */
async function settle(world: FramesWorld, pairs: readonly Pair[]): Promise<void> {
  const all = pairs.flatMap(({ ours: { frames }, plain: other }) => [...frames, ...other.frames]);
  await vi.waitFor(
    async () => {
      await world.touch();
      expect(all.filter((frames) => frames.length === 0)).toEqual([]);
    },
    { timeout: 15_000, interval: 30 },
  );
  const last = await world.touch();
  await vi.waitFor(
    () => {
      expect(all.filter((frames) => !frames.at(-1)?.includes(`"place":"${last}"`))).toEqual([]);
    },
    { timeout: 15_000, interval: 10 },
  );
  for (const frames of all) frames.length = 0;
}

/** Errors come in the order in which fields happened to fail, which means nothing; all else of a frame stays as it came. */
function withSortedErrors(frame: string): string {
  if (!frame.includes('"errors":')) return frame;
  const message = JSON.parse(frame) as { payload: { errors: object[] } };
  const texts = message.payload.errors.map((error) => JSON.stringify(error)).sort();
  return JSON.stringify({ ...message, payload: { ...message.payload, errors: texts } });
}

/** The frames of every subscription, in the same order for both servers. */
function framesOf(pairs: readonly Pair[], side: 'ours' | 'plain'): readonly string[][] {
  return pairs.flatMap((pair) => pair[side].frames.map((frames) => frames.map(withSortedErrors)));
}

/** Resolves when both servers have sent so many frames to each subscription. */
async function allHave(pairs: readonly Pair[], counts: readonly number[]): Promise<void> {
  await vi.waitFor(
    () => {
      for (const side of ['plain', 'ours'] as const)
        expect(framesOf(pairs, side).map(({ length }) => length)).toEqual(counts);
    },
    { timeout: 15_000, interval: 5 },
  );
}

async function expectSameFrames(chosen: readonly Subscribed[], taken: readonly FramesStep[]): Promise<void> {
  const world = await makeFramesWorld(api, `world ${(worlds += 1)}`);
  const after = await position(api);
  const { organizationId } = api.admin;
  const readers = world.readers.map((reader) => {
    const watching = chosen.map((one) => watchingOf(one, world, reader));
    const operations = chosen.map((one, index) => operationOf(one, watching[index] as Watching, after));
    return { reader, watching, operations };
  });
  fc.pre(readers.every(({ operations }) => operations.every(isAllowed)));
  const pairs = await Promise.all(
    [...readers, ...readers].map(({ reader, operations }) => open(reader, operations)),
  );
  try {
    await settle(world, pairs);
    const start = await readPosition(api.database, organizationId);
    const expected = readers.map(({ watching }) => watching.map((one) => expectation(api, one, start)));
    for (const [index, { reader }] of readers.entries())
      for (const one of expected[index] ?? []) await one.note(await reader.present(), []);
    for (const step of taken) {
      await world.take(step);
      const log = await readEvents(api.database, organizationId, start, Number.MAX_SAFE_INTEGER, 10_000);
      await Promise.all(
        readers.map(async ({ reader }, index) => {
          const viewer = await reader.present();
          for (const one of expected[index] ?? []) await one.note(viewer, log);
        }),
      );
      const counts = expected.flat().map(({ count }) => count);
      await allHave(pairs, [...counts, ...counts]);
      expect(framesOf(pairs, 'ours')).toEqual(framesOf(pairs, 'plain'));
    }
  } finally {
    for (const pair of pairs) for (const side of ['ours', 'plain'] as const) pair[side].socket.terminate();
  }
}

test('frames are byte for byte those of plain graphql-ws, also while rights change', async () => {
  await fc.assert(fc.asyncProperty(documents, steps, expectSameFrames), { numRuns: 3, endOnFailure: true });
}, 60_000);
