import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { colliding, repeats, times } from '../support/collide.ts';
import { toMutation, type GivenCommand, type Mutation } from '../support/commands.ts';
import { expectSound, readLog, readStates } from '../support/log.ts';
import { edge, phased, task } from '../support/workflow.ts';
import {
  command,
  done,
  keyOf,
  start,
  team,
  userId,
  type Answered,
  type Running,
} from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
// The log has the last word after every test, whatever the test itself looked at.
afterEach(async () => {
  for (const { organizationId } of [api.admin, api.otherAdmin])
    await expectSound(api.database, organizationId);
});

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const TWO_PHASES = phased('first: a b c', 'second: d e');

function give(
  viewer: Viewer,
  mutation: string,
  input: Readonly<Record<string, unknown>>,
): () => Promise<Answered> {
  return () => command(api, viewer, mutation, input);
}

function typesOf(answers: readonly Answered[]): string[] {
  return answers.map(({ __typename }) => __typename);
}

async function stateOf({ id }: Running) {
  const states = await readStates(api.database, api.admin.organizationId, [keyOf(id)]);
  const state = states.get(keyOf(id));
  if (!state) throw new Error('the execution is gone');
  return state;
}

function log() {
  return readLog(api.database, api.admin.organizationId);
}

async function completionsOf(taskId: string): Promise<number> {
  const events = await log();
  return events.filter(({ type, subjectId }) => type === 'TASK_COMPLETED' && subjectId === keyOf(taskId))
    .length;
}

describe('two clients on one task', () => {
  test('complete it: one does, the other is told that it is done', async () => {
    const running = await start(api, TWO_PHASES);
    const input = { taskId: running.task('a') };
    const [first, second] = await colliding(api, running.id, [
      give(api.member, 'completeTask', input),
      give(api.designer, 'completeTask', input),
    ]);
    expect(first?.__typename).toBe('CompleteTaskPayload');
    expect(second).toMatchObject({ __typename: 'CommandNotAllowedProblem', code: 'COMMAND_NOT_ALLOWED' });
    expect(await completionsOf(input.taskId)).toBe(1);
    const [completed] = (await stateOf(running)).tasks;
    expect(completed?.finishedBy).toEqual({ type: 'USER', id: api.member.userId });
  });

  test('change it from the same version: one does, the other is told so', async () => {
    const running = await start(api, TWO_PHASES);
    const input = { taskId: running.task('a'), expectedVersion: 1 };
    const answers = await colliding(api, running.id, [
      give(api.member, 'updateTask', { ...input, name: 'Call' }),
      give(api.designer, 'updateTask', { ...input, name: 'Write' }),
    ]);
    expect(typesOf(answers)).toEqual(['UpdateTaskPayload', 'VersionConflictProblem']);
    expect((await stateOf(running)).tasks[0]).toMatchObject({ name: 'Call', version: 2 });
  });

  test('add an assignee each: both are responsible', async () => {
    const running = await start(api, TWO_PHASES);
    const taskId = running.task('a');
    await colliding(
      api,
      running.id,
      [api.member, api.designer].map((viewer) =>
        give(viewer, 'assignTask', { taskId, add: [userId(viewer)] }),
      ),
    );
    const [assigned] = (await stateOf(running)).tasks;
    expect(assigned?.assignees.map(({ id }) => id)).toEqual([api.member.userId, api.designer.userId]);
  });

  test('one reopens what comes before, then the other completes: it is refused as blocked', async () => {
    const running = await start(api, { isSequential: true, ...TWO_PHASES });
    await done(api, api.member, 'completeTask', { taskId: running.task('a') });
    const answers = await colliding(api, running.id, [
      give(api.member, 'reopenTask', { taskId: running.task('a') }),
      give(api.designer, 'completeTask', { taskId: running.task('b') }),
    ]);
    expect(typesOf(answers)).toEqual(['ReopenTaskPayload', 'TaskBlockedProblem']);
  });

  test('one completes, then the other reopens what comes before: both happen, and the log says in which order', async () => {
    const running = await start(api, { isSequential: true, ...TWO_PHASES });
    await done(api, api.member, 'completeTask', { taskId: running.task('a') });
    const answers = await colliding(api, running.id, [
      give(api.member, 'completeTask', { taskId: running.task('b') }),
      give(api.designer, 'reopenTask', { taskId: running.task('a') }),
    ]);
    expect(typesOf(answers)).toEqual(['CompleteTaskPayload', 'ReopenTaskPayload']);
    const ofExecution = (await log()).filter(({ executionId }) => executionId === keyOf(running.id));
    const last = ofExecution.filter(({ type }) => /^TASK_(COMPLETED|REOPENED)$/.test(type)).slice(-2);
    expect(last.map(({ type }) => type)).toEqual(['TASK_COMPLETED', 'TASK_REOPENED']);
  });

  test('one reopens it while the other completes it: the second one meets an open task', async () => {
    const running = await start(api, TWO_PHASES);
    const input = { taskId: running.task('a') };
    await done(api, api.member, 'completeTask', input);
    const reopenFirst = await colliding(api, running.id, [
      give(api.member, 'reopenTask', input),
      give(api.designer, 'completeTask', input),
    ]);
    expect(typesOf(reopenFirst)).toEqual(['ReopenTaskPayload', 'CompleteTaskPayload']);
    const completeFirst = await colliding(api, running.id, [
      give(api.designer, 'completeTask', input),
      give(api.member, 'reopenTask', input),
    ]);
    expect(typesOf(completeFirst)).toEqual(['CommandNotAllowedProblem', 'ReopenTaskPayload']);
  });

  test('one removes it while the other edits a note on it: neither stands in the other’s way', async () => {
    const running = await start(api, TWO_PHASES);
    const place = { inPhase: {} };
    const { task: added } = await done(api, api.member, 'addTask', {
      executionId: running.id,
      name: 'Ask',
      place,
    });
    const taskId = added?.id ?? '';
    const { note } = await done(api, api.member, 'addNote', { taskId, body: 'Who?' });
    api.resetStatements();
    const answers = await colliding(api, running.id, [
      give(api.designer, 'removeTask', { taskId }),
      give(api.member, 'updateNote', { noteId: note?.id, body: 'Whom?' }),
    ]);
    expect(typesOf(answers)).toEqual(['RemoveTaskPayload', 'NotFoundProblem']);
    expect(repeats(api, 2)).toBe(0);
  });

  test('edit one note: both changes happen, one after the other', async () => {
    const running = await start(api, TWO_PHASES);
    const { note } = await done(api, api.member, 'addNote', { taskId: running.task('a'), body: 'One' });
    const input = { noteId: note?.id, expectedVersion: 1 };
    const answers = await colliding(api, running.id, [
      give(api.member, 'updateNote', { ...input, body: 'Two' }),
      give(api.member, 'updateNote', { ...input, body: 'Three' }),
      give(api.member, 'updateNote', { noteId: note?.id, body: 'Four' }),
    ]);
    expect(typesOf(answers)).toEqual(['UpdateNotePayload', 'VersionConflictProblem', 'UpdateNotePayload']);
    expect(answers[2]?.note).toMatchObject({ body: 'Four', version: 3 });
  });
});

describe('the end of an execution', () => {
  const ONE_TASK = phased('first: a');

  test('by its last task, then by closing: the second is told that it is over', async () => {
    const running = await start(api, ONE_TASK);
    const answers = await colliding(api, running.id, [
      give(api.member, 'completeTask', { taskId: running.task('a') }),
      give(api.designer, 'closeExecution', { executionId: running.id }),
    ]);
    expect(typesOf(answers)).toEqual(['CompleteTaskPayload', 'ExecutionNotOpenProblem']);
  });

  test('by closing, then by its last task: the second is told that it is over', async () => {
    const running = await start(api, ONE_TASK);
    const answers = await colliding(api, running.id, [
      give(api.designer, 'closeExecution', { executionId: running.id }),
      give(api.member, 'completeTask', { taskId: running.task('a') }),
    ]);
    expect(typesOf(answers)).toEqual(['CloseExecutionPayload', 'ExecutionNotOpenProblem']);
  });

  test('is taken back by one of many who reopen it', async () => {
    const running = await start(api, ONE_TASK);
    await done(api, api.member, 'completeTask', { taskId: running.task('a') });
    const answers = await Promise.all(
      times(8, () => command(api, api.member, 'reopenExecution', { executionId: running.id })),
    );
    expect(typesOf(answers).sort()).toEqual([
      ...times(7, () => 'ExecutionNotFinishedProblem'),
      'ReopenExecutionPayload',
    ]);
  });
});

describe('many clients', () => {
  /** Fifty commands of every kind, each on one of the execution's tasks or on itself. */
  function mixedCommands(running: Running): Mutation[] {
    const [executionId, life] = [keyOf(running.id), ['START', 'COMPLETE', 'HOLD', 'SKIP', 'RESUME', 'STOP']];
    const at = (index: number): string => new Date(Date.UTC(2026, 5, index + 1)).toISOString();
    return times(50, (index) => {
      const taskId = keyOf(running.task(KEYS[index % 5] ?? ''));
      const place = { phaseId: null, index: 0 };
      const rare: Readonly<Record<number, GivenCommand>> = {
        5: { type: 'REOPEN_TASK', taskId, revert: index % 20 === 5 },
        6: { type: 'ASSIGN_TASK', taskId, add: [{ type: 'USER', id: api.member.userId }] },
        7: { type: 'SET_TASK_DUE_DATE', taskId, dueAt: at(index) },
        8: { type: 'SET_EXECUTION_DUE_DATE', dueAt: at(index) },
        9: { type: 'ADD_TASK', id: '', name: 'Ask', description: null, assignees: [], dueAt: null, place },
      };
      const usual = { type: `${life[index % life.length] ?? ''}_TASK`, taskId } as GivenCommand;
      return toMutation(executionId, rare[index % 10] ?? usual);
    });
  }

  test('give fifty different commands on one execution: each is done or meets a problem', async () => {
    const running = await start(api, { ...TWO_PHASES, edges: [edge('a > b')] });
    const viewers = [api.admin, api.designer, api.member];
    api.resetStatements();
    const answers = await Promise.all(
      mixedCommands(running).map(({ name, input }, index) =>
        command(api, viewers[index % 3] ?? api.member, name, input),
      ),
    );
    for (const type of typesOf(answers)) expect(type).toMatch(/(Payload|Problem)$/);
    expect(repeats(api, 50)).toBe(0);
    const added = (await stateOf(running)).tasks.filter(({ isManuallyCreated }) => isManuallyCreated);
    expect(added).toHaveLength(answers.filter(({ __typename }) => __typename === 'AddTaskPayload').length);
    // Two tasks that were put into one place at the same time have a definite order.
    expect(new Set(added.map(({ position }) => position)).size).toBe(added.length);
  });

  test('complete one task, fifty of them: one does', async () => {
    const running = await start(api, TWO_PHASES);
    const taskId = running.task('a');
    const answers = await Promise.all(times(50, () => command(api, api.member, 'completeTask', { taskId })));
    expect(typesOf(answers).sort()).toEqual([
      ...times(49, () => 'CommandNotAllowedProblem'),
      'CompleteTaskPayload',
    ]);
    expect(await completionsOf(taskId)).toBe(1);
  });

  test('change the same tasks of several executions in bulk and in opposite order: nothing is lost or tried again', async () => {
    const runnings = await Promise.all(times(4, () => start(api, TWO_PHASES)));
    const taskIds = runnings.flatMap((running) => KEYS.map((key) => running.task(key)));
    const people = [api.admin, api.designer, api.member];
    api.resetStatements();
    const answers = await Promise.all(
      times(9, (index) =>
        command<{ doneCount: number }>(
          api,
          people[index % 3] ?? api.member,
          'bulkUpdateTasks',
          {
            taskIds: index % 2 === 0 ? taskIds : taskIds.toReversed(),
            command: { assign: { add: [userId(people[index % 3] ?? api.member)] } },
          },
          '... on BulkUpdateTasksPayload { doneCount }',
        ),
      ),
    );
    expect(answers.map(({ doneCount }) => doneCount)).toEqual(times(9, () => 20));
    expect(repeats(api, 9)).toBe(0);
    const userIds = people.map((person) => person.userId).sort();
    for (const running of runnings)
      for (const { assignees } of (await stateOf(running)).tasks)
        expect(assignees.map(({ id }) => id).sort()).toEqual(userIds);
  });

  test('complete the same tasks in bulk and one by one: each is completed once', async () => {
    const runnings = await Promise.all(times(2, () => start(api, TWO_PHASES)));
    const taskIds = runnings.flatMap((running) => KEYS.map((key) => running.task(key)));
    const bulk = { command: { complete: true } };
    await Promise.all([
      command(api, api.designer, 'bulkUpdateTasks', { ...bulk, taskIds }),
      command(api, api.admin, 'bulkUpdateTasks', { ...bulk, taskIds: taskIds.toReversed() }),
      ...taskIds.map((taskId) => command(api, api.member, 'completeTask', { taskId })),
    ]);
    for (const taskId of taskIds) expect(await completionsOf(taskId)).toBe(1);
  });

  test('claim a team’s task: one has it, the others are told who', async () => {
    const names = ['claimer-1', 'claimer-2', 'claimer-3', 'claimer-4'];
    const viewers = (): Promise<Viewer[]> => Promise.all(names.map((name) => api.viewer(name)));
    const { key } = await team(api, await viewers());
    const running = await start(api, { tasks: [task('a', { assignees: [{ type: 'TEAM', id: key }] })] });
    const answers = await Promise.all(
      (await viewers()).map((viewer) =>
        command<{ claimedBy?: { name: string } }>(
          api,
          viewer,
          'claimTask',
          { taskId: running.task('a') },
          '... on AlreadyClaimedProblem { claimedBy { name } }',
        ),
      ),
    );
    const winner = names[answers.findIndex(({ __typename }) => __typename === 'ClaimTaskPayload')];
    const losers = answers.filter(({ __typename }) => __typename === 'AlreadyClaimedProblem');
    expect(losers.map(({ claimedBy }) => claimedBy?.name)).toEqual([winner, winner, winner]);
  });
});
