import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClosingReason } from '../../src/commands/closing-reasons.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import { advance } from '../../src/engine/advance.ts';
import type { Command } from '../../src/engine/command.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import {
  arbitraryDefinition,
  arbitrarySteps,
  commandOf,
  type ArbitraryOptions,
  type Step,
} from '../support/arbitraries.ts';
import { toMutation } from '../support/commands.ts';
import { asTold } from '../model/invariants.ts';
import { expectGapless, foldLog, readLog, readStates } from '../support/log.ts';
import { isWorkerCommand, isWorkerKind } from '../support/worker-steps.ts';
import { edge, phase, START, task } from '../support/workflow.ts';
import { command, keyOf, start, team, type Answered } from '../support/workflows.ts';

let api: TestApi;
let people: ArbitraryOptions;
let viewers: readonly Viewer[];

beforeAll(async () => {
  api = await createTestApi();
  const teams = [
    await team(api, [api.member]),
    await team(api, [api.member, api.designer]),
    await team(api, []),
  ];
  // Asked again, for a viewer holds the teams of then.
  viewers = [api.admin, await api.viewer('designer', { roles: ['designer'] }), await api.viewer('member')];
  const reasons = await Promise.all(
    ['Lost', 'Moved'].map((title) => createClosingReason(api.context(api.designer), { title })),
  );
  people = {
    userIds: viewers.map(({ userId }) => userId),
    teamIds: teams.map(({ key }) => key),
    closingReasonIds: reasons.flatMap((reason) => (reason.ok ? [reason.value] : [])),
    maxTasks: 7,
  };
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function stored(executionId: string): Promise<ExecutionState> {
  const states = await readStates(api.database, api.admin.organizationId, [executionId]);
  const state = states.get(executionId);
  if (!state) throw new Error('the execution is gone');
  return state;
}

/** Who gives the step's command; who claims a task can only do so for themselves. */
function viewerOf({ other }: Step): Viewer {
  return viewers[other % viewers.length] ?? api.member;
}

/** The command as the server understands it when this viewer gives it: who claims, and what the new task's id is, it knows by itself. */
function asGiven(given: Command, viewer: Viewer, { task }: Answered): Command {
  if (given.type === 'CLAIM_TASK') return { ...given, userId: viewer.userId, teamIds: viewer.teamIds };
  return given.type === 'ADD_TASK' ? { ...given, id: keyOf(task?.id ?? '') } : given;
}

/** Gives the step's command over the API; answers the state that the rules make of it. */
async function perform(step: Step, state: ExecutionState): Promise<ExecutionState> {
  const viewer = viewerOf(step);
  const given = commandOf(step, state, '', people);
  // That is for the worker to do, and there is neither a schedule nor an automation nor anything for programs.
  if (given.type === 'ANSWER_CONFIRMATION') return state;
  if (given.type === 'WAKE_EXECUTION' || given.type === 'FINISH_AUTOMATION' || isWorkerCommand(given))
    return state;
  // No task is left to be the subject.
  if ('taskId' in given && given.taskId === 'nowhere') return state;
  api.clock.advance(60_000);
  const { name, input } = toMutation(state.execution.id, given);
  const answer = await command(api, viewer, name, input);
  const isDone = answer.code === undefined;
  if (!isDone && given.type === 'ADD_TASK') return state;
  const context = {
    ...START,
    now: api.clock.now().toISOString(),
    actor: { type: 'USER', id: viewer.userId } as const,
  };
  const expected = advance(state, asGiven(given, viewer, answer), context);
  expect({ command: given, code: answer.code }).toEqual({
    command: given,
    code: expected.ok ? undefined : expected.problem.code,
  });
  return expected.ok ? expected.state : state;
}

test('whatever is done over the API, the tables hold what the rules say and what the log says', async () => {
  // Made here: which people there are is known only now.
  const runs = fc.asyncProperty(
    arbitraryDefinition(people),
    arbitrarySteps((kind) => !isWorkerKind(kind), 20),
    async (content, steps) => {
      const running = await start(api, content);
      const executionId = keyOf(running.id);
      let state = await stored(executionId);
      for (const step of steps) state = await perform(step, state);
      expect(await stored(executionId)).toEqual(state);
      const log = await expectGapless(api.database, api.admin.organizationId);
      expect(foldLog(log, executionId)).toEqual(asTold(state));
    },
  );
  await fc.assert(runs, { numRuns: 12 });
}, 60_000);

test('texts, dates, labels and people are stored as they were given', async () => {
  const odd = 'Größe "≥ 5 m"\\\n\t{1,2} NULL \u2028 👷🏽‍♀️';
  const assignees = [
    { type: 'USER', id: people.userIds[1] ?? '' },
    { type: 'TEAM', id: people.teamIds[0] ?? '' },
    { type: 'USER', id: people.userIds[0] ?? '' },
  ] as const;
  const dueAt = '2026-03-29T02:30:00.007Z';
  const labels = [odd, 'b', 'NULL', 'a,b', '{}', ''];
  const running = await start(api, {
    name: odd,
    description: odd,
    assignees,
    dueAt,
    labels,
    phases: [phase('first', { name: odd, assignees, dueAt, labels })],
    tasks: [
      task('a', {
        phaseKey: 'first',
        name: odd,
        description: odd,
        assignees,
        dueAt,
        labels,
        audienceTexts: [{ audience: 'PARTNER', isEnabled: false, label: odd, description: odd }],
      }),
      task('b', { requirements: [{ phaseKey: 'first' }, { taskKey: 'a' }] }),
    ],
    edges: [edge('#first > b')],
  });
  const executionId = keyOf(running.id);
  const state = await stored(executionId);
  expect(state.execution).toMatchObject({ name: odd, assignees, dueAt });
  expect(state.phases[0]).toMatchObject({ name: odd, assignees, dueAt, labels });
  expect(state.tasks[0]).toMatchObject({ name: odd, description: odd, assignees, dueAt, labels });
  expect(state.tasks[0]?.audienceTexts).toEqual([
    { audience: 'PARTNER', isEnabled: false, label: odd, description: odd },
  ]);
  expect(foldLog(await readLog(api.database, api.admin.organizationId), executionId)).toEqual(asTold(state));
});
