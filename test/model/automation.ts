/** The runs of automations, as far as their tasks are concerned. */
import type { FinishAutomationCommand } from '../../src/engine/command.ts';
import type { Instant } from '../../src/engine/definition.ts';
import { fail, finish } from './decide.ts';
import type { ModelTask } from './state.ts';

export function isRunning({ run }: ModelTask): boolean {
  return run === 'RUNNING';
}

/** From the first action. */
export function begin(task: ModelTask): void {
  task.runCount += 1;
  goOn(task);
}

/** From where it failed. */
export function goOn(task: ModelTask): void {
  task.run = 'RUNNING';
  task.status = 'IN_PROGRESS';
  task.failure = null;
}

/** A run lasts as long as its task is in progress or on hold. */
export function endRunUnlessWorked(task: ModelTask): void {
  const isWorked = task.status === 'IN_PROGRESS' || task.status === 'ON_HOLD';
  if (isRunning(task) && !isWorked) task.run = 'ENDED';
}

/** Only the run that goes on can come to something. */
export function finishRun(
  task: ModelTask,
  { run, outcome }: Pick<FinishAutomationCommand, 'run' | 'outcome'>,
  now: Instant,
): void {
  if (!isRunning(task) || run !== task.runCount) return;
  if (outcome === 'FAILED' || outcome === 'HOT') {
    task.statusBeforeHold = null;
    fail(task, `AUTOMATION_${outcome}`);
  } else finish(task, outcome === 'SUCCESS' ? 'COMPLETED' : 'SKIPPED', now);
  endRunUnlessWorked(task);
}
