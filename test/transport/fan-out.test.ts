import type { GraphQLObjectType } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { commandTask } from '../../src/commands/tasks.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { createFanOutFixture, type FanOutFixture, type Subscribed } from '../support/fan-out-fixture.ts';
import { position } from '../support/watch.ts';
import { done, keyOf, start, team, userId, type Running } from '../support/workflows.ts';
import { phased, task } from '../support/workflow.ts';
import { eventually } from '../support/eventually.ts';

let api: TestApi;
let fixture: FanOutFixture;
let running: Running;
let partners: readonly Viewer[];
let clerk: Viewer;
let fitter: Viewer;

beforeAll(async () => {
  api = await createTestApi();
  partners = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      api.viewer(`partner-${index}`, { roles: ['partner'], kind: 'PARTNER' }),
    ),
  );
  clerk = await api.viewer('clerk');
  await team(api, [await api.viewer('fitter')]);
  fitter = await api.viewer('fitter');
  const assignees = partners.map(({ userId: id }) => ({ type: 'USER' as const, id }));
  running = await start(api, {
    ...phased('first: a b', 'second: c'),
    tasks: [task('a', { phaseKey: 'first', assignees }), task('b', { phaseKey: 'first' })],
    phases: phased('first:').phases,
  });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

let joined: Subscribed[] = [];

beforeEach(() => {
  fixture = createFanOutFixture(api);
});
afterEach(async () => {
  for (const { leave } of joined) leave();
  await Promise.all(joined.map(({ ended }) => ended));
  joined = [];
  await fixture[Symbol.asyncDispose]();
  vi.restoreAllMocks();
});

const PEOPLE = '{ __typename ... on User { id name } ... on Team { id name } }';
const SIDEBAR = `subscription Sidebar($id: ID!, $after: String) {
  entityEvents(entityId: $id, after: $after) {
    cursor type actor { ... on User { name } } entity { title attributes }
    task { name status assignees ${PEOPLE} }
    execution { name status progress { completed total } phases { name status } tasks { name status assignees ${PEOPLE} } }
  }
}`;

async function subscribe(viewer: Viewer, query = SIDEBAR, variables: object = {}): Promise<Subscribed> {
  const subscribed = await fixture.subscribe(viewer, query, { id: running.entityId, ...variables });
  joined.push(subscribed);
  return subscribed;
}

let isStarted = false;

/** One change with one event, and nothing that is read afterwards. */
async function change(): Promise<void> {
  const type = isStarted ? 'STOP_TASK' : 'START_TASK';
  const result = await commandTask(api.context(api.admin), { type, taskId: keyOf(running.task('b')) });
  expect(result.ok).toBe(true);
  isStarted = !isStarted;
}

/** One change, until all who are in have its message and no other. */
async function changeForAll(wait: (check: () => void) => Promise<void> = eventually): Promise<void> {
  const before = joined.map(({ messages }) => messages.length);
  await change();
  await wait(() => {
    expect(joined.map(({ messages }) => messages.length)).toEqual(before.map((count) => count + 1));
  });
}

/** Makes changes until each group executes once for all who are in it. */
async function settled(groups: number): Promise<void> {
  const cursor = (schema.getType('Event') as GraphQLObjectType).getFields()['cursor'];
  if (!cursor) throw new Error('events have no cursor');
  const executed = vi.spyOn(cursor as unknown as { resolve(): unknown }, 'resolve');
  await vi.waitFor(
    async () => {
      executed.mockClear();
      // Not for long: who was still catching up has got more, and the next change tells.
      await changeForAll((check) => vi.waitFor(check, { timeout: 500, interval: 5 }));
      expect({ groups: fixture.fanOut.groupCount, executions: executed.mock.calls.length }).toEqual({
        groups,
        executions: groups,
      });
    },
    { timeout: 15_000, interval: 10 },
  );
}

describe('120 subscribers of one execution', () => {
  beforeEach(async () => {
    const readers = [...Array<Viewer>(60).fill(api.member), ...partners, ...partners, ...partners];
    await Promise.all(readers.map((reader) => subscribe(reader)));
    await settled(21);
  });

  test('are told of a change with three statements, however many they are and whatever they see', async () => {
    for (let round = 0; round < 3; round += 1) {
      api.resetStatements();
      await changeForAll();
      const sent = api.statements();
      const afterCommit = sent.slice(sent.findLastIndex((text) => /^commit/i.test(text)) + 1);
      expect(sent).not.toEqual(afterCommit);
      expect(afterCommit.length).toBeLessThanOrEqual(3);
    }
  });

  test('get the same message by scope', () => {
    const last = joined.map(({ messages }) => messages.at(-1));
    expect(new Set(last.slice(0, 60)).size).toBe(1);
    expect(JSON.parse(last[0] ?? '')).toMatchObject({ data: { entityEvents: { task: { name: 'b' } } } });
  });

  test('leave nothing behind when the last has gone', async () => {
    const [last, ...others] = joined.slice(0, 60);
    for (const { leave } of [...others, ...joined.slice(60)]) leave();
    await Promise.all(joined.slice(1).map(({ ended }) => ended));
    expect(fixture.fanOut.groupCount).toBe(1);
    last?.leave();
    await last?.ended;
    expect(fixture.fanOut.groupCount).toBe(0);
    expect(fixture.live.organizationCount).toBe(0);
  });
});

describe('a live list', () => {
  const LIVE_SIDEBAR = `subscription Live($id: ID!, $atLeast: String) {
    liveSidebar(entityId: $id, atLeast: $atLeast) { position isReset totalCount changes { kind execution { status tasks { status } } } }
  }`;

  test('is read as often for 60 readers as for one', async () => {
    const [first] = [await subscribe(api.member, LIVE_SIDEBAR)];
    await eventually(() => {
      expect(first.messages).toHaveLength(1);
    });
    const statements = async (): Promise<number> => {
      api.resetStatements();
      const before = first.messages.length;
      await change();
      await eventually(() => {
        for (const { messages } of joined) expect(messages.at(-1)).toBe(first.messages[before]);
      });
      return api.statements().length;
    };
    const alone = await statements();
    for (let count = 1; count < 60; count += 1) await subscribe(api.member, LIVE_SIDEBAR);
    await eventually(() => {
      for (const { messages } of joined) expect(messages.length).toBeGreaterThan(0);
    });
    expect(fixture.fanOut.groupCount).toBe(1);
    expect(await statements()).toBe(alone);
  });
});

describe('subscribers share', () => {
  const literal = (after: string): string =>
    SIDEBAR.replace(', $after: String', '').replace('$after', JSON.stringify(after));
  const without = SIDEBAR.replace(', $after: String', '').replace(', after: $after', '');

  test('wherever in the log they start, by a variable or a literal', async () => {
    const early = await position(api);
    await change();
    const late = await position(api);
    await subscribe(api.member, literal(early));
    await subscribe(api.member, literal(late));
    await settled(1);
    expect(joined.map(({ messages }) => messages.length - (joined[1]?.messages.length ?? 0))).toEqual([1, 0]);
  });

  test('with an after that is a variable, whatever its value', async () => {
    const early = await position(api);
    await change();
    for (const after of [early, await position(api), null, undefined])
      await subscribe(api.member, SIDEBAR, { after });
    await settled(1);
  });

  test('with an atLeast or none', async () => {
    await subscribe(api.member, without);
    await subscribe(
      api.member,
      without.replace('$id)', `$id, atLeast: ${JSON.stringify(await position(api))})`),
    );
    await settled(1);
  });

  test('whatever white space and variables without a use are in their operations', async () => {
    await subscribe(api.member, SIDEBAR, { unused: 1 });
    await subscribe(api.member, SIDEBAR.replaceAll(/\s+/g, ' , '));
    await settled(1);
  });

  test.each([
    ['members of different teams, without their commands', () => [fitter, clerk], 'name', 1],
    ['members of different teams, with their commands', () => [fitter, clerk], 'viewerCommands', 2],
    ['members of the same teams, with their commands', () => [api.member, clerk], 'viewerCommands', 1],
    [
      'members, with whether they may edit notes',
      () => [api.member, clerk],
      'notes { nodes { viewerCanEdit } }',
      2,
    ],
    [
      'one member twice, with whether they may edit notes',
      () => [clerk, clerk],
      'notes { nodes { viewerCanEdit } }',
      1,
    ],
    ['an admin and a member', () => [api.admin, clerk], 'name', 2],
    ['two partners', () => partners.slice(0, 2), 'name', 2],
  ] as const)('or not: %s', async (_who, readers, field, groups) => {
    const query = `subscription ($id: ID!) { entityEvents(entityId: $id) { cursor task { ${field} } } }`;
    for (const reader of readers()) await subscribe(reader, query);
    await settled(groups);
  });

  test('not with other fields, arguments or operations', async () => {
    await subscribe(api.member, without);
    await subscribe(api.member, without.replace('cursor type', 'type cursor'));
    await subscribe(api.member, without.replace('subscription Sidebar', 'subscription Other'));
    await settled(3);
  });
});

test('a subscriber who joins a team goes on in the group of those in the same teams', async () => {
  const query = 'subscription ($id: ID!) { entityEvents(entityId: $id) { cursor task { viewerCommands } } }';
  const mover = await api.viewer('mover');
  const { id: teamId } = await team(api, [await api.viewer('stayer')]);
  await subscribe(mover, query);
  await subscribe(await api.viewer('stayer'), query);
  await settled(2);
  await done(api, api.admin, 'updateTeam', { teamId, addMemberIds: [userId(mover)] });
  await settled(1);
});
