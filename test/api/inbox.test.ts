import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { TaskDefinition } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { DueBucket, TaskFilter } from '../support/generated/graphql.ts';
import { assignedTo, readInbox } from '../support/inbox.ts';
import { phased, task } from '../support/workflow.ts';
import { done, entity, publish, start, team, userId, type Running } from '../support/workflows.ts';

const EVENTS = graphql(`
  subscription InboxEventsAfter($after: String) {
    inboxEvents(after: $after) {
      type
      task {
        name
        status
      }
    }
  }
`);

const WHERE = graphql(`
  query InboxWhere {
    inbox {
      nodes {
        name
        execution {
          name
          status
        }
        entity {
          title
        }
        phase {
          name
        }
      }
    }
  }
`);

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function names(viewer: Viewer, filter: TaskFilter | null = null): Promise<string[]> {
  const { nodes } = await readInbox(api, viewer, { filter, orderBy: { field: 'NAME' } });
  return nodes.map(({ name }) => name);
}

let people = 0;
/** Somebody with an empty inbox. */
function somebody(): Promise<Viewer> {
  return api.viewer(`somebody ${(people += 1)}`);
}

describe('whose inbox', () => {
  it('is the viewer’s own, with the tasks of their teams', async () => {
    const anna = await somebody();
    const { key } = await team(api, [anna]);
    await start(api, {
      tasks: [
        task('mine', assignedTo(anna)),
        task('of my team', { assignees: [{ type: 'TEAM', id: key }] }),
        task('of nobody'),
        task('both', {
          assignees: [
            { type: 'TEAM', id: key },
            { type: 'USER', id: anna.userId },
          ],
        }),
      ],
    });
    expect(await names(await api.viewer(anna.name))).toEqual(['both', 'mine', 'of my team']);
  });

  it('can be that of another user, with the tasks of their teams', async () => {
    const bert = await somebody();
    const { key } = await team(api, [bert]);
    await start(api, {
      tasks: [task('his', assignedTo(bert)), task('his team’s', { assignees: [{ type: 'TEAM', id: key }] })],
    });
    const inbox = await readInbox(api, api.member, { assignee: userId(bert), orderBy: { field: 'NAME' } });
    expect(inbox.nodes.map(({ name }) => name)).toEqual(['his', 'his team’s']);
  });

  it('can be that of a team, without what its members have in person', async () => {
    const carl = await somebody();
    const { key, id } = await team(api, [carl]);
    await start(api, {
      tasks: [task('his', assignedTo(carl)), task('the team’s', { assignees: [{ type: 'TEAM', id: key }] })],
    });
    expect((await readInbox(api, api.member, { assignee: id })).nodes.map(({ name }) => name)).toEqual([
      'the team’s',
    ]);
  });

  it('gets a task when it is assigned and loses it when it is not any more', async () => {
    const dora = await somebody();
    const run = await start(api, { tasks: [task('visit')] });
    const input = { taskId: run.task('visit') };
    await done(api, api.member, 'assignTask', { ...input, add: [userId(dora)] });
    expect(await names(dora)).toEqual(['visit']);
    await done(api, api.member, 'assignTask', { ...input, remove: [userId(dora)] });
    expect(await names(dora)).toEqual([]);
  });

  it('shows no open tasks of executions that are over, but finished ones when asked', async () => {
    const emil = await somebody();
    const run = await start(api, {
      tasks: [task('visit', assignedTo(emil)), task('mount', assignedTo(emil))],
    });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    await done(api, api.member, 'closeExecution', { executionId: run.id });
    expect(await names(emil)).toEqual([]);
    expect(await names(emil, { statuses: ['COMPLETED', 'PENDING'] })).toEqual(['visit']);
  });
});

describe('the filter of an inbox', () => {
  let anna: Viewer;
  let solar: Running;
  let wallbox: Running;

  beforeAll(async () => {
    anna = await somebody();
    const on = (key: string, parts: Partial<TaskDefinition> = {}): TaskDefinition =>
      task(key, assignedTo(anna, parts));
    const entityId = await entity(api, { title: 'Castle Street 5 (50 % shade)' });
    const solarContent = {
      name: 'Solar',
      ...phased('survey:', 'build:'),
      tasks: [
        on('s-held', { phaseKey: 'survey' }),
        on('s-open', { phaseKey: 'survey' }),
        on('s-blocked', { phaseKey: 'build', requirements: [{ taskKey: 's-open' }] }),
        on('s-running', { phaseKey: 'build' }),
        on('s-done'),
      ],
    };
    solar = await start(api, solarContent, { entityId });
    await done(api, anna, 'holdTask', { taskId: solar.task('s-held') });
    await done(api, anna, 'startTask', { taskId: solar.task('s-running') });
    await done(api, anna, 'completeTask', { taskId: solar.task('s-done') });
    wallbox = await start(
      api,
      { name: 'Wallbox', ...phased('survey:', 'other:'), tasks: [on('w-open', { phaseKey: 'survey' })] },
      { contextEntityIds: [entityId] },
    );
  });

  it('is all open tasks if left out', async () => {
    expect(await names(anna)).toEqual(['s-blocked', 's-held', 's-open', 's-running', 'w-open']);
  });

  it.each<[string, () => TaskFilter, string[]]>([
    ['statuses', () => ({ statuses: ['ON_HOLD', 'COMPLETED'] }), ['s-done', 's-held']],
    ['no status at all', () => ({ statuses: [] }), []],
    ['definitions', () => ({ definitionIds: [wallbox.definitionId] }), ['w-open']],
    ['the entity that the execution is on', () => ({ entityIds: [wallbox.entityId] }), ['w-open']],
    [
      'an entity that the execution is only related to',
      () => ({ entityIds: [solar.entityId] }),
      ['s-blocked', 's-held', 's-open', 's-running', 'w-open'],
    ],
    ['phases', () => ({ phaseKeys: ['build'] }), ['s-blocked', 's-running']],
    ['phases of several definitions', () => ({ phaseKeys: ['survey'] }), ['s-held', 's-open', 'w-open']],
    ['being enabled', () => ({ isEnabled: true }), ['s-open', 's-running', 'w-open']],
    ['not being enabled', () => ({ isEnabled: false }), ['s-blocked', 's-held']],
    ['text in the task’s name in any case', () => ({ search: 'W-OP' }), ['w-open']],
    ['text in the execution’s name', () => ({ search: 'wallb' }), ['w-open']],
    [
      'text in the entity’s title',
      () => ({ search: 'STREET 5' }),
      ['s-blocked', 's-held', 's-open', 's-running'],
    ],
    ['% as itself', () => ({ search: '(50 % shade' }), ['s-blocked', 's-held', 's-open', 's-running']],
    ['_ as itself', () => ({ search: 's_open' }), []],
    ['everything together', () => ({ search: 'solar', isEnabled: true, phaseKeys: ['survey'] }), ['s-open']],
  ])('takes %s', async (_what, filter, expected) => {
    expect(await names(anna, filter())).toEqual(expected);
  });

  it('counts what it lets through, blocked tasks too', async () => {
    const { totalCount, counts } = await readInbox(api, anna, { first: 1 });
    expect({ totalCount, counts }).toMatchObject({ totalCount: 5, counts: { withoutDate: 5, blocked: 2 } });
  });
});

describe('the buckets of an inbox', () => {
  const BUCKETS: readonly DueBucket[] = ['OVERDUE', 'TODAY', 'THIS_WEEK', 'LATER', 'WITHOUT_DATE'];

  /** The bucket of each due date, seen at `now` in Berlin. */
  async function bucketsAt(
    now: string,
    dueDates: readonly (string | null)[],
  ): Promise<(string | undefined)[]> {
    const viewer = await somebody();
    await start(api, {
      tasks: dueDates.map((dueAt, index) => task(`t${index}`, assignedTo(viewer, { dueAt }))),
    });
    const before = api.clock.now().toISOString();
    api.clock.set(now);
    try {
      const found = new Map<string, string>();
      for (const bucket of BUCKETS) {
        for (const name of await names(viewer, { due: [bucket] })) {
          expect(found.get(name)).toBeUndefined();
          found.set(name, bucket);
        }
      }
      return dueDates.map((_dueAt, index) => found.get(`t${index}`));
    } finally {
      api.clock.set(before);
    }
  }

  it('end at midnight and on Sunday in the organization’s time zone', async () => {
    const dueDates = [
      '2026-03-04T08:59:59.999Z',
      '2026-03-04T09:00:00.000Z',
      '2026-03-04T22:59:59.999Z', // 23:59:59.999 in Berlin
      '2026-03-04T23:00:00.000Z',
      '2026-03-08T22:59:59.999Z', // Sunday, 23:59:59.999
      '2026-03-08T23:00:00.000Z',
      null,
    ];
    expect(await bucketsAt('2026-03-04T09:00:00.000Z', dueDates)).toEqual([
      'OVERDUE',
      'TODAY',
      'TODAY',
      'THIS_WEEK',
      'THIS_WEEK',
      'LATER',
      'WITHOUT_DATE',
    ]);
  });

  it('begin with the day in the organization’s time zone when it is another day in UTC', async () => {
    // 00:30 on Wednesday in Berlin, still Tuesday in UTC.
    const dueDates = ['2026-03-03T23:00:00.000Z', '2026-03-03T23:45:00.000Z', '2026-03-04T22:00:00.000Z'];
    expect(await bucketsAt('2026-03-03T23:30:00.000Z', dueDates)).toEqual(['OVERDUE', 'TODAY', 'TODAY']);
  });

  it('take a day of 23 hours as one day', async () => {
    // Sunday, 29 March 2026: from 23:00 to 22:00 UTC.
    const dueDates = ['2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00.000Z'];
    expect(await bucketsAt('2026-03-28T23:30:00.000Z', dueDates)).toEqual(['TODAY', 'LATER']);
  });

  it('take a day of 25 hours as one day', async () => {
    // Sunday, 25 October 2026: from 22:00 to 23:00 UTC.
    const dueDates = ['2026-10-25T22:59:59.999Z', '2026-10-25T23:00:00.000Z'];
    expect(await bucketsAt('2026-10-24T22:30:00.000Z', dueDates)).toEqual(['TODAY', 'LATER']);
  });

  it('are counted whatever the filter says about due dates, unlike the total', async () => {
    const viewer = await somebody();
    const now = api.clock.now().getTime();
    const dueDates = [-1_000, -2_000, 1_000, 86_400_000 * 30, null];
    await start(api, {
      tasks: dueDates.map((offset, index) =>
        task(
          `t${index}`,
          assignedTo(viewer, { dueAt: offset === null ? null : new Date(now + offset).toISOString() }),
        ),
      ),
    });
    const { totalCount, counts } = await readInbox(api, viewer, {
      filter: { due: ['OVERDUE', 'WITHOUT_DATE'] },
    });
    expect({ totalCount, counts }).toEqual({
      totalCount: 3,
      counts: { overdue: 2, today: 1, thisWeek: 0, later: 1, withoutDate: 1, blocked: 0 },
    });
  });
});

describe('the position of an inbox', () => {
  it('is where a subscription goes on without missing anything', async () => {
    const viewer = await somebody();
    const run = await start(api, { tasks: [task('visit', assignedTo(viewer)), task('other')] });
    const { position } = await readInbox(api, viewer);
    await done(api, api.member, 'startTask', { taskId: run.task('visit') });
    const events = await api.subscribe(viewer, EVENTS, { after: position });
    const step = await events.next();
    await events.return(undefined);
    expect(step.value).toEqual({
      data: { inboxEvents: { type: 'TASK_STARTED', task: { name: 'visit', status: 'IN_PROGRESS' } } },
    });
  });
});

it('an inbox shows the execution, entity and phase of each task', async () => {
  const viewer = await somebody();
  const entityId = await entity(api, { title: 'Roof 7' });
  const definitionId = await publish(api, {
    name: 'Solar',
    ...phased('survey:'),
    tasks: [task('visit', assignedTo(viewer, { phaseKey: 'survey' }))],
  });
  await start(api, {}, { definitionId, entityId });
  const answer = await api.data(viewer, WHERE);
  expect(answer).toEqual({
    inbox: {
      nodes: [
        {
          name: 'visit',
          execution: { name: 'Solar', status: 'STARTED' },
          entity: { title: 'Roof 7' },
          phase: { name: 'survey' },
        },
      ],
    },
  });
});
