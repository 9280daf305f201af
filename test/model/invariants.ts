/** What holds whatever is done, told without the model. */
import assert from 'node:assert/strict';
import { advance } from '../../src/engine/advance.ts';
import { blockersOf } from '../../src/engine/blockers.ts';
import type { Command, CommandContext, FinishAutomationCommand } from '../../src/engine/command.ts';
import { replay } from '../../src/engine/replay.ts';
import type { EngineEvent } from '../../src/engine/result.ts';
import type { ExecutionData, ExecutionState, TaskData } from '../../src/engine/state.ts';
import { allowedCommands } from '../../src/engine/transition.ts';

export function checkState(state: ExecutionState): void {
  const { execution, tasks } = state;
  const open = tasks.filter(isOpen);
  if (execution.status === 'DONE') assert.deepEqual(open, [], 'nothing is open when it is done');
  for (const task of tasks) {
    const max = task.decision?.loop?.maxIterations ?? 0;
    assert.ok(task.iterations <= max, `${task.id} has looped more often than it may`);
    const isBlocked = blockersOf(state, task.id).length > 0;
    assert.equal(
      task.isEnabled,
      isOpen(task) && !isBlocked,
      `${task.id} is enabled, or open and says why not`,
    );
    checkRun(task, execution);
    checkRequest(task, execution);
    checkLease(task, execution);
  }
  if (open.length === 0 || execution.status === 'CLOSED') return;
  const waitsForSomebody = ({ isEnabled, status }: TaskData): boolean =>
    isEnabled ||
    status === 'SCHEDULED' ||
    status === 'WAITING_FOR_CONFIRMATION' ||
    status === 'FAILED' ||
    status === 'ON_HOLD';
  assert.ok(open.some(waitsForSomebody), 'somebody or some time can bring it on');
}

function checkRun(task: TaskData, { status }: ExecutionData): void {
  const { id, automation, runCount, runState } = task;
  if (runState !== null)
    assert.ok(automation && runCount > 0, `${id} has a run if it says what became of it`);
  if (runState === 'RUNNING') {
    assert.ok(status === 'STARTED' || status === 'FAILED', `${id} does not run in an execution that is over`);
    assert.ok(task.status === 'IN_PROGRESS' || task.status === 'ON_HOLD', `${id} runs while it is worked on`);
  }
  const canBegin = task.status === 'PENDING' && task.isEnabled;
  if (canBegin && automation?.mode === 'AUTOMATIC')
    assert.equal(runState, 'ENDED', `${id} runs by itself unless somebody has stopped it`);
}

function checkRequest(task: TaskData, { status, wakeAt }: ExecutionData): void {
  const { id, confirmation, confirmationCount, confirmationRequest: request } = task;
  const isAwaited = request?.state === 'OPEN';
  assert.equal(
    isAwaited,
    task.status === 'WAITING_FOR_CONFIRMATION',
    `${id} waits exactly while its request is open`,
  );
  if (request) assert.equal(request.number, confirmationCount, `${id} tells its newest request`);
  if (request)
    assert.equal(
      request.answer !== null,
      request.state === 'CONFIRMED' || request.state === 'DECLINED',
      `${id} has an answer exactly if somebody answered`,
    );
  const isOpenStill = status === 'STARTED' || status === 'FAILED';
  if (isAwaited && isOpenStill)
    assert.ok(wakeAt !== null && wakeAt <= request.expiresAt, `${id} is looked at when its time is over`);
  if (isOpenStill && task.status === 'PENDING' && task.isEnabled && confirmation?.mode === 'AUTOMATIC')
    assert.equal(request?.state, 'WITHDRAWN', `${id} asks by itself unless somebody has withdrawn that`);
}

function checkLease(task: TaskData, { wakeAt }: ExecutionData): void {
  const { id, externalWork } = task;
  assert.equal(externalWork !== null, task.type === 'EXTERNAL', `${id} is for workers, or not`);
  if (externalWork?.lease?.end !== null) return;
  const { expiresAt } = externalWork.lease;
  assert.equal(task.status, 'IN_PROGRESS', `${id} is in progress while a worker has it`);
  assert.ok(task.isEnabled, `${id} is nobody's while something blocks it`);
  assert.ok(wakeAt !== null && wakeAt <= expiresAt, `somebody looks when the lease of ${id} is over`);
}

/** What is said to be allowed for an automation is what is accepted. */
export function checkOffers(state: ExecutionState, context: CommandContext): void {
  for (const task of state.tasks.filter(({ automation, external }) => automation ?? external)) {
    const offered = allowedCommands(task, state.execution.status);
    const isAccepted = (type: 'RUN_AUTOMATION' | 'RETRY_TASK'): boolean =>
      advance(state, { type, taskId: task.id }, context).ok;
    assert.equal(isAccepted('RUN_AUTOMATION'), offered.includes('RUN_AUTOMATION'), `to run ${task.id}`);
    assert.equal(isAccepted('RETRY_TASK'), offered.includes('RETRY'), `to try ${task.id} again`);
  }
}

/** `command` led from the one state to the other. */
export function checkStep(before: ExecutionState, command: Command, after: ExecutionState): void {
  const added = command.type === 'ADD_TASK' ? [command.id] : [];
  const removed = command.type === 'REMOVE_TASK' ? [command.taskId] : [];
  assert.deepEqual(
    after.tasks.map(({ id }) => id).sort(),
    [...before.tasks.map(({ id }) => id).filter((id) => !removed.includes(id)), ...added].sort(),
    'no task is lost',
  );
  const runs = new Map(before.tasks.map(({ id, runCount }) => [id, runCount]));
  for (const { id, runCount } of after.tasks)
    assert.ok(runCount >= (runs.get(id) ?? 0), `no run of ${id} is forgotten`);
  if (command.type === 'FINISH_AUTOMATION' && !isGoingOn(before, command))
    assert.deepEqual(after, before, 'only the run that goes on can come to something');
  const leases = new Map(before.tasks.map(({ id, externalWork }) => [id, externalWork?.lease?.number ?? 0]));
  for (const { id, externalWork } of after.tasks)
    assert.ok(
      (externalWork?.lease?.number ?? 0) >= (leases.get(id) ?? 0),
      `no lease of ${id} is given twice`,
    );
  const revived = revivedTasks(before, after);
  if (revived.length === 0 || hasLoop(before, after)) return;
  const reviving: readonly Command['type'][] = ['REOPEN_TASK', 'ADD_TASK', 'REMOVE_TASK'];
  assert.ok(reviving.includes(command.type), `${command.type} revives ${revived.join(', ')}`);
}

function isGoingOn({ tasks }: ExecutionState, { taskId, run }: FinishAutomationCommand): boolean {
  return tasks.some(
    ({ id, runCount, runState }) => id === taskId && runState === 'RUNNING' && runCount === run,
  );
}

/** The tasks that were dead and are not any more. */
export function revivedTasks(before: ExecutionState, after: ExecutionState): string[] {
  const dead = new Set(before.tasks.filter(isDead).map(({ id }) => id));
  return after.tasks.filter((task) => dead.has(task.id) && !isDead(task)).map(({ id }) => id);
}

/** A decision was made that can lead back. */
function hasLoop(before: ExecutionState, after: ExecutionState): boolean {
  const known = new Map(before.tasks.map(({ id, decided }) => [id, decided]));
  return after.tasks.some(({ id, decision, decided }) => decision?.loop && decided !== known.get(id));
}

/** The state as events tell it: they don't know the time of its timer. */
export function asTold({ execution, ...rest }: ExecutionState): ExecutionState {
  return { ...rest, execution: { ...execution, wakeAt: null } };
}

/** `events` are all that were told since the start. */
export function checkReplay(events: readonly EngineEvent[], state: ExecutionState): void {
  const stored = JSON.parse(JSON.stringify(events)) as typeof events;
  assert.deepEqual(replay(stored), asTold(state), 'the events replayed give the state');
}

export function isDead({ skipReason }: TaskData): boolean {
  return skipReason !== null;
}

function isOpen({ status }: TaskData): boolean {
  return status !== 'COMPLETED' && status !== 'SKIPPED';
}
