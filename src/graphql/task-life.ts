/** The mutations that lead a task through its life. */
import type { TaskKeys } from '../commands/tasks.ts';
import { commandTask } from '../commands/tasks.ts';
import type { TaskCommand } from '../engine/command.ts';
import type { Done } from '../commands/execute.ts';
import type { ProblemCode } from '../commands/problem.ts';
import type { ApiTypes } from './builder.ts';
import type { Context } from './context.ts';
import { inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { TaskRef, WorkflowExecutionRef } from './refs.ts';

/** The problems that every command on a task can meet. */
export const TASK_PROBLEMS: readonly ProblemCode[] = ['NOT_FOUND', 'VERSION_CONFLICT', 'EXECUTION_NOT_OPEN'];

/** `taskId` and `expectedVersion`: the input of every command on a task. */
export function taskInput(t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) {
  return {
    taskId: t.id({ required: true, description: 'The id of the Task.' }),
    expectedVersion: t.int({
      description: 'Refuse with VersionConflictProblem if the task has another version by now.',
    }),
  };
}

/** Reads an execution whole, in one statement: whatever a payload's selection asks of it is there then. */
async function readWhole(executionId: string, { loaders }: Context): Promise<void> {
  await loaders.snapshots.load(executionId);
}

/** `execution`, in payloads: as it is after the command. */
export async function executionAfter(executionId: string, context: Context) {
  await readWhole(executionId, context);
  return context.loaders.executions.load(executionId);
}

/** `task` and `execution`: the payload of every command on a task. */
export function taskPayload(t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<TaskKeys>>) {
  return {
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task after the command; null if the viewer may no longer see it.',
      resolve: async ({ value }, _args, context) => {
        await readWhole(value.executionId, context);
        return context.loaders.tasks.load(value.taskId);
      },
    }),
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'Its execution after the command.',
      resolve: ({ value }, _args, context) => executionAfter(value.executionId, context),
    }),
  };
}

interface TaskInput {
  readonly taskId: string;
  readonly expectedVersion?: number | null | undefined;
}

/** The part of a task command that its input gives. Only in a mutation's `run`. */
export function onTask({ taskId, expectedVersion }: TaskInput) {
  return {
    taskId: inputKey('taskId', 'Task', taskId),
    ...(expectedVersion === null || expectedVersion === undefined ? {} : { expectedVersion }),
  };
}

/** Without fields of their own. */
type PlainCommand = Extract<
  TaskCommand['type'],
  | 'START_TASK'
  | 'STOP_TASK'
  | 'COMPLETE_TASK'
  | 'SKIP_TASK'
  | 'HOLD_TASK'
  | 'RESUME_TASK'
  | 'RETRY_TASK'
  | 'RUN_AUTOMATION'
>;

function defineLifeCommand(
  name: string,
  type: PlainCommand,
  description: string,
  problems: readonly ProblemCode[],
): void {
  defineMutation(name, {
    description,
    input: taskInput,
    payload: taskPayload,
    problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED', ...problems],
    run: (input, context) => commandTask(context, { type, ...onTask(input) }),
  });
}

defineLifeCommand(
  'startTask',
  'START_TASK',
  'Marks a pending task as in progress; lets a scheduled one go on now; takes a task over from the worker that has it. Refused while something blocks it.',
  ['TASK_BLOCKED'],
);
defineLifeCommand(
  'stopTask',
  'STOP_TASK',
  'Puts a task that is in progress back to pending. Its automation is cancelled, and runs again only by `runAutomation`.',
  [],
);
defineLifeCommand(
  'completeTask',
  'COMPLETE_TASK',
  'Completes a task; its automation is cancelled. Refused while something blocks it. The last one makes the execution DONE.',
  ['TASK_BLOCKED'],
);
defineLifeCommand(
  'skipTask',
  'SKIP_TASK',
  'Finishes a task as not needed; its automation is cancelled. Of a decision, takes the default branch. Refused while something other than a hold, a schedule or a failure blocks it.',
  ['TASK_BLOCKED'],
);
defineLifeCommand(
  'holdTask',
  'HOLD_TASK',
  'Puts a task aside until `resumeTask`; its automation pauses.',
  [],
);
defineLifeCommand(
  'resumeTask',
  'RESUME_TASK',
  'Gives a task on hold the status back that it had before.',
  [],
);

defineLifeCommand(
  'retryTask',
  'RETRY_TASK',
  'Lets a failed task run again: an automation goes on from the action that failed (refused while something blocks the task), a schedule is set anew, an automatic decision looks at its conditions again, workers may try as often as at first, any other task is pending. Also gives workers back what one of them handed to people.',
  ['TASK_BLOCKED'],
);
defineLifeCommand(
  'runAutomation',
  'RUN_AUTOMATION',
  'Runs the automation of a task from its first action; the task is in progress until the run is over. Refused while something blocks the task, and while its automation is running.',
  ['TASK_BLOCKED'],
);

defineMutation('decideTask', {
  description:
    'Takes a decision: chooses its branches. What only other branches lead to is skipped; a loop branch puts the tasks of its loop back to pending.',
  input: (t) => ({
    ...taskInput(t),
    branchKeys: t.stringList({
      required: true,
      description: 'The keys of the branches: exactly one, or one or more if the decision takes EVERY_MET.',
    }),
  }),
  payload: taskPayload,
  problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED', 'TASK_BLOCKED'],
  run: (input, context) =>
    commandTask(context, { type: 'DECIDE_TASK', branchKeys: input.branchKeys, ...onTask(input) }),
});

defineMutation('failTask', {
  description: 'Says that a task went wrong; its execution is FAILED until somebody has dealt with it.',
  input: (t) => ({
    ...taskInput(t),
    reason: t.string({ description: 'What went wrong, for people, at most 500 characters.' }),
  }),
  payload: taskPayload,
  problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED'],
  run: (input, context) =>
    commandTask(context, { type: 'FAIL_TASK', reason: input.reason ?? null, ...onTask(input) }),
});

defineMutation('reopenTask', {
  description:
    'Puts a finished task back to pending; a DONE execution is STARTED again. With `revert`, every task after it is reset, too. Refused for what a decision left out: reopen the decision.',
  input: (t) => ({
    ...taskInput(t),
    revert: t.boolean({
      defaultValue: false,
      description:
        'Whether all tasks that come after it, by the flow or by requirement, go back to pending as well.',
    }),
  }),
  payload: taskPayload,
  problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED', 'TASK_BLOCKED'],
  run: (input, context) =>
    commandTask(context, { type: 'REOPEN_TASK', revert: input.revert ?? false, ...onTask(input) }),
});
