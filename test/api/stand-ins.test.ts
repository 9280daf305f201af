/** Standing in: whose tasks come to whom, what they may do with them, and how it is recorded. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import { comeBack, follow, goAway } from '../support/absences.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changedAutomation, mutateAutomation, someAutomation } from '../support/automation-answers.ts';
import { assignedTo, readInbox } from '../support/inbox.ts';
import { INBOX_EVENTS, typesOf, watch } from '../support/watch.ts';
import { LIVE_INBOX, LIVE_SIDEBAR, watchList } from '../support/watch-list.ts';
import { branch, decision, edge, task } from '../support/workflow.ts';
import { command, done, keyOf, readTask, start, team, userId } from '../support/workflows.ts';

const AS_PARTNER = { roles: ['partner'], kind: 'PARTNER' } as const;
const TODAY = '2026-03-02';

let api: TestApi;
let count = 0;

beforeAll(async () => {
  api = await createTestApi();
});
beforeEach(() => {
  api.clock.set('2026-03-02T09:00:00.000Z');
});
afterAll(() => api[Symbol.asyncDispose]());

function somebody(options = {}): Promise<Viewer> {
  return api.viewer(`person-${(count += 1)}`, options);
}

/** As they would be found now. */
function now({ name, roles }: Viewer): Promise<Viewer> {
  return api.viewer(name, roles.includes('partner') ? AS_PARTNER : { roles });
}

async function partnerOf(company: string): Promise<Viewer> {
  const viewer = await somebody(AS_PARTNER);
  await done(api, api.admin, 'updateUser', { userId: userId(viewer), company });
  return viewer;
}

/** Two people, the first of whom is absent today and has named the second. */
async function pair(): Promise<{ readonly anna: Viewer; readonly ben: Viewer; readonly absenceId: string }> {
  const [anna, ben] = [await somebody(), await somebody()];
  const absenceId = await goAway(api, anna, TODAY, TODAY, [ben]);
  return { anna, ben: await now(ben), absenceId };
}

async function namesIn(viewer: Viewer, assignee?: Viewer): Promise<string[]> {
  const { nodes, totalCount } = await readInbox(api, viewer, assignee ? { assignee: userId(assignee) } : {});
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ name }) => name).sort();
}

/** The events of the task and its execution since the position, without those of the start. */
async function eventsOf(taskId: string, from = 0): Promise<StoredEvent[]> {
  const events = await api.events(api.admin);
  return events.filter((event) => event.taskId === keyOf(taskId) && event.seq > from);
}

async function lastSeq(): Promise<number> {
  return (await api.events(api.admin)).at(-1)?.seq ?? 0;
}

/** Who acted in the last event about the task, and for whom. */
async function lastActs(taskId: string): Promise<readonly (string | null)[]> {
  const last = (await eventsOf(taskId)).at(-1);
  return [last?.type ?? '', last?.actorId ?? null, last?.onBehalfOfId ?? null];
}

describe('the tasks of somebody who is absent', () => {
  test('are in the inbox of whoever stands in, marked, and stay in their own', async () => {
    const { anna, ben, absenceId } = await pair();
    await start(api, { tasks: [task('hers', assignedTo(anna)), task('his', assignedTo(ben))] });
    expect(await namesIn(ben)).toEqual(['hers', 'his']);
    expect(await namesIn(anna)).toEqual(['hers']);
    expect(await namesIn(api.member, ben)).toEqual(['hers', 'his']);
    const marked = await api.data<{ inbox: { nodes: unknown } }>(
      ben,
      '{ inbox(orderBy: { field: NAME }) { nodes { name viewerActsFor { id } } } }',
    );
    expect(marked.inbox.nodes).toEqual([
      { name: 'hers', viewerActsFor: { id: userId(anna) } },
      { name: 'his', viewerActsFor: null },
    ]);
    await comeBack(api, anna, absenceId);
    expect(await namesIn(await now(ben))).toEqual(['his']);
    expect(await namesIn(api.member, ben)).toEqual(['his']);
  });

  test('are counted with the others', async () => {
    const { anna, ben } = await pair();
    const dueAt = '2026-03-01T10:00:00.000Z';
    await start(api, { tasks: [task('late', { ...assignedTo(anna), dueAt }), task('b', assignedTo(ben))] });
    expect((await readInbox(api, ben)).counts).toMatchObject({ overdue: 1, withoutDate: 1 });
  });

  test('don’t bring the tasks of their teams: these have other members', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const fitters = await team(api, [anna]);
    await goAway(api, anna, TODAY, TODAY, [ben]);
    const assignees = [{ type: 'TEAM', id: fitters.key }] as const;
    const running = await start(api, { tasks: [task('the team’s', { assignees })] });
    expect(await namesIn(await now(ben))).toEqual([]);
    expect(
      await command(api, await now(ben), 'claimTask', { taskId: running.task('the team’s') }),
    ).toMatchObject({
      code: 'NOT_CLAIMABLE',
    });
  });

  test('go on to the next if the substitute is absent, too, and all come back', async () => {
    const [anna, ben, cleo] = [await somebody(), await somebody(), await somebody()];
    await start(api, { tasks: [task('a', assignedTo(anna)), task('b', assignedTo(ben))] });
    await goAway(api, anna, TODAY, TODAY, [ben]);
    const ofBen = await goAway(api, ben, TODAY, TODAY, [cleo, anna]);
    expect(await namesIn(await now(cleo))).toEqual(['a', 'b']);
    expect(await namesIn(await now(ben))).toEqual(['b']);
    await comeBack(api, ben, ofBen);
    expect(await namesIn(await now(cleo))).toEqual([]);
    expect(await namesIn(await now(ben))).toEqual(['a', 'b']);
  });

  test('stay with them if all have named each other', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    await start(api, { tasks: [task('a', assignedTo(anna)), task('b', assignedTo(ben))] });
    await goAway(api, anna, TODAY, TODAY, [ben]);
    await goAway(api, ben, TODAY, TODAY, [anna]);
    expect(await namesIn(await now(anna))).toEqual(['a']);
    expect(await namesIn(await now(ben))).toEqual(['b']);
  });

  test('are nobody’s of another organization', async () => {
    const { anna } = await pair();
    const other = await api.viewer(anna.name, { organization: 'nordhafen' });
    await start(api, { tasks: [task('a', assignedTo(anna))] });
    expect(await namesIn(other)).toEqual([]);
    expect(other.standsInFor).toEqual([]);
  });
});

describe('what is done for somebody absent', () => {
  test.each<[string, string, string, object]>([
    ['startTask', 'TASK_STARTED', 'plain', {}],
    ['completeTask', 'TASK_COMPLETED', 'plain', {}],
    ['skipTask', 'TASK_SKIPPED', 'plain', {}],
    ['holdTask', 'TASK_HELD', 'plain', {}],
    ['failTask', 'TASK_FAILED', 'plain', { reason: 'It rains.' }],
    ['assignTask', 'TASK_ASSIGNED', 'plain', { add: [] as string[] }],
    ['setTaskDueDate', 'TASK_DUE_DATE_CHANGED', 'plain', { dueAt: '2026-04-01T10:00:00.000Z' }],
    ['updateTask', 'TASK_UPDATED', 'plain', { name: 'Renamed' }],
    ['addNote', 'NOTE_ADDED', 'plain', { body: 'Done by me.' }],
    ['decideTask', 'TASK_DECIDED', 'decide', { branchKeys: ['yes'] }],
  ])('by %s is recorded so', async (mutation, type, name, more) => {
    const { anna, ben } = await pair();
    const running = await start(api, {
      tasks: [
        task('plain', assignedTo(anna)),
        decision('decide', [branch('yes'), branch('no')], {}, assignedTo(anna)),
        task('yes'),
        task('no'),
      ],
      edges: [edge('decide =yes> yes'), edge('decide =no> no')],
    });
    const taskId = running.task(name);
    const input = mutation === 'assignTask' ? { add: [userId(api.member)] } : more;
    await done(api, ben, mutation, { taskId, ...input });
    expect(await lastActs(taskId)).toEqual([type, ben.userId, anna.userId]);
  });

  test.each([
    ['stopTask', 'startTask', 'TASK_STOPPED'],
    ['resumeTask', 'holdTask', 'TASK_RESUMED'],
    ['reopenTask', 'completeTask', 'TASK_REOPENED'],
    ['retryTask', 'failTask', 'TASK_RETRIED'],
  ])(
    'by %s is recorded so, and what the absent user did before is theirs',
    async (mutation, before, type) => {
      const { anna, ben } = await pair();
      const running = await start(api, { tasks: [task('a', assignedTo(anna)), task('b')] });
      const taskId = running.task('a');
      await done(api, anna, before, { taskId, ...(before === 'failTask' && { reason: 'No.' }) });
      expect((await lastActs(taskId)).slice(1)).toEqual([anna.userId, null]);
      await done(api, ben, mutation, { taskId });
      expect(await lastActs(taskId)).toEqual([type, ben.userId, anna.userId]);
    },
  );

  test('is recorded with all that follows from it, in the execution, its phases and entities', async () => {
    const { anna, ben } = await pair();
    const from = await lastSeq();
    const running = await start(api, {
      tasks: [task('a', assignedTo(anna)), task('b')],
      edges: [edge('a > b')],
      entitySync: [
        {
          event: 'TASK_COMPLETED',
          taskKey: 'a',
          phaseKey: null,
          entitySchema: 'opportunity',
          path: 'done',
          source: 'CUSTOM_VALUE',
          customValue: 'yes',
        },
      ],
    });
    const started = (await api.events(api.admin)).filter(({ seq }) => seq > from);
    expect(new Set(started.map(({ onBehalfOfId }) => onBehalfOfId))).toEqual(new Set([null]));
    const then = await lastSeq();
    await done(api, ben, 'completeTask', { taskId: running.task('a') });
    const events = (await api.events(api.admin)).filter(({ seq }) => seq > then);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['TASK_ENABLED', 'ENTITY_UPDATED']),
    );
    expect(new Set(events.map(({ actorId, onBehalfOfId }) => `${actorId} ${onBehalfOfId}`))).toEqual(
      new Set([`${ben.userId} ${anna.userId}`]),
    );
  });

  test('is recorded also of who cancels the run of a task’s automation', async () => {
    const { anna, ben } = await pair();
    const { id } = await changedAutomation(api, api.designer, 'createAutomation', {
      content: someAutomation(),
    });
    await mutateAutomation(api, api.designer, 'publishAutomation', { automationId: id });
    const automation = { automationId: keyOf(id), mode: 'AUTOMATIC', inputTaskKey: null } as const;
    const running = await start(api, {
      tasks: [task('mail', { type: 'AUTOMATION', automation, ...assignedTo(anna) })],
    });
    const found = await api.data<{ task: { automationRun: { id: string } } }>(
      ben,
      'query ($id: ID!) { task(id: $id) { automationRun { id } } }',
      { id: running.task('mail') },
    );
    const then = await lastSeq();
    await done(api, ben, 'cancelAutomationRun', { runId: found.task.automationRun.id });
    const events = await eventsOf(running.task('mail'), then);
    expect(events.map(({ type, onBehalfOfId }) => [type, onBehalfOfId])).toEqual([
      ['AUTOMATION_RUN_CANCELLED', anna.userId],
      ['TASK_SKIPPED', anna.userId],
    ]);
  });

  test('in bulk is recorded for each task: for one absent user, for another, for nobody', async () => {
    const [anna, cleo, ben] = [await somebody(), await somebody(), await somebody()];
    await goAway(api, anna, TODAY, TODAY, [ben]);
    await goAway(api, cleo, TODAY, TODAY, [ben]);
    const running = await start(api, {
      tasks: [
        task('a', assignedTo(anna)),
        task('c', assignedTo(cleo)),
        task('b', assignedTo(ben)),
        task('x'),
      ],
    });
    const names = ['a', 'c', 'b', 'x'];
    const command = { start: true };
    await done(api, await now(ben), 'bulkUpdateTasks', {
      taskIds: names.map((name) => running.task(name)),
      command,
    });
    const told = await Promise.all(names.map(async (name) => (await lastActs(running.task(name)))[2]));
    expect(told).toEqual([anna.userId, cleo.userId, null, null]);
  });

  test('is the substitute’s own act if the task is also theirs or their team’s, and that of others is theirs', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const fitters = await team(api, [ben]);
    await goAway(api, anna, TODAY, TODAY, [ben]);
    const hers = { type: 'USER', id: anna.userId } as const;
    const running = await start(api, {
      tasks: [
        task('both', { assignees: [hers, { type: 'USER', id: ben.userId }] }),
        task('team', { assignees: [hers, { type: 'TEAM', id: fitters.key }] }),
        task('hers', { assignees: [hers] }),
      ],
    });
    const substitute = await now(ben);
    for (const [name, viewer] of [
      ['both', substitute],
      ['team', substitute],
      ['hers', api.admin],
    ] as const) {
      await done(api, viewer, 'startTask', { taskId: running.task(name) });
      expect(await lastActs(running.task(name))).toEqual(['TASK_STARTED', viewer.userId, null]);
    }
  });

  test('is told in history and to subscribers with both names', async () => {
    const { anna, ben } = await pair();
    const running = await start(api, { tasks: [task('a', assignedTo(anna)), task('b')] });
    const document = `subscription ($id: ID!) { event: executionEvents(executionId: $id) {
      type actor { ... on User { id } } onBehalfOf { id } } }`;
    const answers = await api.subscribe<{ event: unknown }>(api.member, document, {
      id: running.id,
    });
    await done(api, ben, 'completeTask', { taskId: running.task('a') });
    const expected = {
      type: 'TASK_COMPLETED',
      actor: { id: userId(ben) },
      onBehalfOf: { id: userId(anna) },
    };
    const step = await answers.next();
    expect((step.value as { data?: { event: unknown } }).data?.event).toEqual(expected);
    await answers.return(undefined);
    const history = `query ($id: ID!) { task(id: $id) { history(first: 1) { nodes {
      type actor { ... on User { id } } onBehalfOf { id } } } } }`;
    const { task: found } = await api.data<{ task: { history: { nodes: unknown } } }>(api.member, history, {
      id: running.task('a'),
    });
    expect(found.history.nodes).toEqual([expected]);
  });
});

describe('a partner who stands in', () => {
  test('sees the execution, works the task as its assignee would, and sees nothing any more when it is over', async () => {
    const [petra, paul] = [await partnerOf('Dach'), await partnerOf('Dach')];
    const running = await start(api, { tasks: [task('a', assignedTo(petra)), task('b')] });
    const taskId = running.task('a');
    const absenceId = await goAway(api, petra, TODAY, TODAY, [paul]);
    expect(await readTask(api, paul, taskId)).toBeNull();
    const substitute = await now(paul);
    expect(await namesIn(substitute)).toEqual(['a']);
    expect((await readTask(api, substitute, taskId))?.viewerCommands).toContain('COMPLETE');
    expect((await readTask(api, substitute, running.task('b')))?.viewerCommands).toEqual([]);
    await done(api, substitute, 'addNote', { taskId, body: 'On my way.' });
    await done(api, substitute, 'startTask', { taskId });
    expect(await lastActs(taskId)).toEqual(['TASK_STARTED', paul.userId, petra.userId]);
    await comeBack(api, petra, absenceId);
    const after = await now(paul);
    expect(await readTask(api, after, taskId)).toBeNull();
    expect(await command(api, after, 'stopTask', { taskId })).toMatchObject({ code: 'NOT_FOUND' });
    const execution = `query ($id: ID!) { workflowExecution(id: $id) { id } }`;
    expect(await api.data(after, execution, { id: running.id })).toEqual({ workflowExecution: null });
  });

  test('does not read the absent partner’s notifications', async () => {
    const [petra, paul] = [await partnerOf('Dach'), await partnerOf('Dach')];
    await goAway(api, petra, TODAY, TODAY, [paul]);
    const document = `query ($id: ID!) { node(id: $id) { ... on User { unreadNotificationCount notificationSettings { emailEvery } email } } }`;
    expect(await api.data(await now(paul), document, { id: userId(petra) })).toEqual({
      node: { unreadNotificationCount: null, notificationSettings: null, email: null },
    });
  });
});

describe('open windows follow', () => {
  test('the beginning and the end of an absence that was planned, without asking again', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    await start(api, { tasks: [task('hers', assignedTo(anna))] });
    await goAway(api, anna, '2026-03-03', '2026-03-03', [ben]);
    await using own = await watchList(api, ben, LIVE_INBOX, {});
    await using others = await watchList(api, api.member, LIVE_INBOX, { assignee: userId(ben) });
    const all = [own, others];
    for (const list of all) expect(await list.changes()).toEqual([]);
    api.clock.set('2026-03-02T23:00:00.000Z');
    await follow(api);
    for (const list of all) expect(await list.changes()).toEqual(['ENTERED hers 0']);
    api.clock.set('2026-03-03T23:00:00.000Z');
    await follow(api);
    for (const list of all) expect(await list.changes()).toEqual(['LEFT hers 0']);
  });

  test('the beginning that a server tells whose clock is ahead', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    await start(api, { tasks: [task('hers', assignedTo(anna))] });
    await goAway(api, anna, '2026-03-03', '2026-03-03', [ben]);
    await using own = await watchList(api, ben, LIVE_INBOX, {});
    await using others = await watchList(api, api.member, LIVE_INBOX, { assignee: userId(ben) });
    for (const list of [own, others]) expect(await list.changes()).toEqual([]);
    await follow({ database: api.database, clock: { now: () => new Date('2026-03-02T23:00:00.000Z') } });
    for (const list of [own, others]) expect(await list.changes()).toEqual(['ENTERED hers 0']);
  });

  test('the inbox’s events of the absent user, from the beginning to the end', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const running = await start(api, { tasks: [task('hers', assignedTo(anna)), task('x')] });
    await using events = await watch(api, ben, INBOX_EVENTS, {});
    const absenceId = await goAway(api, anna, TODAY, TODAY, [ben]);
    await done(api, api.admin, 'startTask', { taskId: running.task('hers') });
    expect(typesOf(await events.take(2))).toEqual(['ABSENCE_CREATED', 'TASK_STARTED']);
    await comeBack(api, anna, absenceId);
    await done(api, api.admin, 'stopTask', { taskId: running.task('hers') });
    await done(api, api.admin, 'assignTask', { taskId: running.task('x'), set: [userId(ben)] });
    expect(typesOf(await events.take(2))).toEqual(['ABSENCE_ENDED', 'TASK_ASSIGNED']);
  });

  test('who stands in after a substitute is deactivated, or is absent, too', async () => {
    const [anna, ben, cleo, dirk] = [await somebody(), await somebody(), await somebody(), await somebody()];
    await start(api, { tasks: [task('hers', assignedTo(anna))] });
    await goAway(api, anna, TODAY, TODAY, [ben, cleo, dirk]);
    await using second = await watchList(api, cleo, LIVE_INBOX, {});
    await using third = await watchList(api, dirk, LIVE_INBOX, {});
    for (const list of [second, third]) expect(await list.changes()).toEqual([]);
    await done(api, api.admin, 'updateUser', { userId: userId(ben), isActive: false });
    expect(await second.changes()).toEqual(['ENTERED hers 0']);
    await goAway(api, cleo, TODAY, TODAY, [api.member]);
    expect(await second.changes()).toEqual(['LEFT hers 0']);
    expect(await third.changes()).toEqual(['ENTERED hers 0']);
  });

  test('what a partner sees of an entity', async () => {
    const [petra, paul] = [await partnerOf('Dach'), await partnerOf('Dach')];
    const own = await start(api, { tasks: [task('his', assignedTo(paul))] });
    const { entityId } = own;
    await start(api, { name: 'Hers', tasks: [task('hers', assignedTo(petra))] }, { entityId });
    await using list = await watchList(api, paul, LIVE_SIDEBAR, { entityId });
    expect(await list.changes()).toHaveLength(1);
    const absenceId = await goAway(api, petra, TODAY, TODAY, [paul]);
    expect(await list.changes()).toEqual([expect.stringContaining('ENTERED Hers')]);
    await comeBack(api, petra, absenceId);
    expect(await list.changes()).toEqual([expect.stringContaining('LEFT Hers')]);
  });
});
