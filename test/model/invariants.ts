/** What holds whatever is done, told without the model. */
import assert from 'node:assert/strict';
import { blockersOf } from '../../src/engine/blockers.ts';
import type { Command } from '../../src/engine/command.ts';
import { replay } from '../../src/engine/replay.ts';
import type { EngineEvent } from '../../src/engine/result.ts';
import type { ExecutionState, TaskData } from '../../src/engine/state.ts';

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
  }
  if (open.length === 0 || execution.status === 'CLOSED') return;
  const waitsForSomebody = ({ isEnabled, status }: TaskData): boolean =>
    isEnabled || status === 'SCHEDULED' || status === 'FAILED' || status === 'ON_HOLD';
  assert.ok(open.some(waitsForSomebody), 'somebody or some time can bring it on');
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
  const revived = revivedTasks(before, after);
  if (revived.length === 0 || hasLoop(before, after)) return;
  const reviving: readonly Command['type'][] = ['REOPEN_TASK', 'ADD_TASK', 'REMOVE_TASK'];
  assert.ok(reviving.includes(command.type), `${command.type} revives ${revived.join(', ')}`);
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

/** `events` are all that were told since the start. */
export function checkReplay(events: readonly EngineEvent[], state: ExecutionState): void {
  const stored = JSON.parse(JSON.stringify(events)) as typeof events;
  assert.deepEqual(replay(stored), state, 'the events replayed give the state');
}

export function isDead({ skipReason }: TaskData): boolean {
  return skipReason !== null;
}

function isOpen({ status }: TaskData): boolean {
  return status !== 'COMPLETED' && status !== 'SKIPPED';
}
