/** Tasks with automations, and what is done with their runs, in few words. */
import type { Command, CommandContext, RunOutcome } from '../../src/engine/command.ts';
import type { TaskDefinition } from '../../src/engine/definition.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import { SYSTEM } from '../../src/engine/system.ts';
import { accepted, LATER, task } from './workflow.ts';

export const BY_SYSTEM: CommandContext = { ...LATER, actor: SYSTEM };

/** A task with an automation that begins by itself. */
export function automatic(key: string, parts: Partial<TaskDefinition> = {}): TaskDefinition {
  const automation = { automationId: 'mail', mode: 'AUTOMATIC', inputTaskKey: null } as const;
  return task(key, { type: 'AUTOMATION', automation, ...parts });
}

/** A task with an automation that somebody starts. */
export function byButton(key: string, parts: Partial<TaskDefinition> = {}): TaskDefinition {
  const automation = { automationId: 'mail', mode: 'MANUAL', inputTaskKey: null } as const;
  return task(key, { type: 'AUTOMATION', automation, ...parts });
}

export function run(taskId: string): Command {
  return { type: 'RUN_AUTOMATION', taskId };
}

export function finish(taskId: string, outcome: RunOutcome = 'SUCCESS', number = 1): Command {
  return { type: 'FINISH_AUTOMATION', taskId, run: number, outcome, message: null };
}

/** The state after the outcome of its first run, as the system tells it. */
export function ended(state: ExecutionState, taskId: string, outcome: RunOutcome): ExecutionState {
  return accepted(state, finish(taskId, outcome), BY_SYSTEM).state;
}

/** A command for the task `a`. */
export function give(type: 'HOLD_TASK' | 'RESUME_TASK' | 'STOP_TASK' | 'START_TASK' | 'RETRY_TASK') {
  return { type, taskId: 'a' } as const;
}

export const CLOSE = { type: 'CLOSE_EXECUTION', reasonIds: [], description: null } as const;
