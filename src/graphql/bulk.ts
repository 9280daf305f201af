/** One command for many tasks. */
import type { CommandResult } from '../commands/execute.ts';
import { Refusal, refuseInput, type ProblemCode } from '../commands/problem.ts';
import { commandTasks, MAX_BULK_TASKS, type BulkOutcome } from '../commands/tasks.ts';
import type { TaskCommand } from '../engine/command.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { inputKey, inputKeys, limitInputList } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { problemType } from './problems.ts';
import { TaskRef } from './refs.ts';
import { assigneeChange, assigneeInput } from './task-upkeep.ts';

/** Without fields of their own. */
const PLAIN = {
  start: 'START_TASK',
  complete: 'COMPLETE_TASK',
  skip: 'SKIP_TASK',
  hold: 'HOLD_TASK',
  resume: 'RESUME_TASK',
} as const;

const BulkCommandInput = builder.inputType('BulkCommandInput', {
  isOneOf: true,
  description: 'The command that all tasks are given: exactly one of these.',
  fields: (t) => ({
    start: t.boolean({ description: 'True: as by `startTask`.' }),
    complete: t.boolean({ description: 'True: as by `completeTask`.' }),
    skip: t.boolean({ description: 'True: as by `skipTask`.' }),
    hold: t.boolean({ description: 'True: as by `holdTask`.' }),
    resume: t.boolean({ description: 'True: as by `resumeTask`.' }),
    reopen: t.field({
      type: builder.inputType('BulkReopenInput', {
        description: 'As by `reopenTask`.',
        fields: (reopen) => ({
          revert: reopen.boolean({
            defaultValue: false,
            description: 'Whether all tasks after each go back to pending.',
          }),
        }),
      }),
      description: 'As by `reopenTask`.',
    }),
    assign: t.field({
      type: builder.inputType('BulkAssignInput', {
        description: 'As by `assignTask`; unassigning is `remove`.',
        fields: assigneeInput,
      }),
      description: 'As by `assignTask`.',
    }),
    setDueDate: t.field({
      type: builder.inputType('BulkDueDateInput', {
        description: 'As by `setTaskDueDate`.',
        fields: (due) => ({
          dueAt: due.field({
            type: 'DateTime',
            description: 'When they should be finished; null or left out clears it.',
          }),
        }),
      }),
      description: 'As by `setTaskDueDate`.',
    }),
  }),
});

/** What each task is given. Only in a mutation's `run`. */
function toCommand(input: typeof BulkCommandInput.$inferInput): (taskId: string) => TaskCommand {
  const { reopen, assign, setDueDate } = input;
  if (reopen) return (taskId) => ({ type: 'REOPEN_TASK', taskId, revert: reopen.revert ?? false });
  if (setDueDate) return (taskId) => ({ type: 'SET_TASK_DUE_DATE', taskId, dueAt: setDueDate.dueAt ?? null });
  if (assign) {
    const change = assigneeChange(assign);
    return (taskId) => ({ type: 'ASSIGN_TASK', taskId, ...change });
  }
  for (const [field, type] of Object.entries(PLAIN)) {
    if (input[field as keyof typeof PLAIN] === true) return (taskId) => ({ type, taskId });
  }
  return refuseInput(
    'command',
    'EMPTY',
    'command names nothing to do; set one of its fields, for example { complete: true }.',
  );
}

const BULK_PROBLEMS: readonly ProblemCode[] = [
  'NOT_FOUND',
  'INVALID_INPUT',
  'FORBIDDEN',
  'EXECUTION_NOT_OPEN',
  'COMMAND_NOT_ALLOWED',
  'TASK_BLOCKED',
];

const BulkRefusal = builder.unionType('BulkTaskProblem', {
  description: 'Why one task of a bulk command was refused.',
  types: BULK_PROBLEMS.map((code) => problemType(code)),
  resolveType: ((problem: NonNullable<BulkOutcome['problem']>) => problemType(problem.code)) as never,
});

/** What became of one id of a bulk command. */
interface BulkItem {
  /** As given. */
  readonly id: string;
  /** The task's key; null if the id is none of a task. */
  readonly taskId: string | null;
  readonly problem: BulkOutcome['problem'];
}

/** One id of the input; what is wrong with it is that item's problem, not the whole command's. */
function readItem(id: string, index: number): BulkItem {
  try {
    return { id, taskId: inputKey(`taskIds[${index}]`, 'Task', id), problem: null };
  } catch (error) {
    if (error instanceof Refusal) return { id, taskId: null, problem: error.problem };
    throw error;
  }
}

async function commandItems(
  context: Context,
  ids: readonly string[],
  commandFor: (taskId: string) => TaskCommand,
): Promise<CommandResult<readonly BulkItem[]>> {
  limitInputList('taskIds', ids);
  const items = ids.map(readItem);
  const taskIds = items.flatMap(({ taskId }) => taskId ?? []);
  // With no task at all there is nothing to do: a mistake of the whole.
  if (taskIds.length === 0) inputKeys('taskIds', 'Task', ids);
  const result = await commandTasks(context, taskIds, commandFor);
  if (!result.ok) return result;
  const outcomes = result.value[Symbol.iterator]();
  const value = items.map((item) => {
    if (item.taskId === null) return item;
    const { value: outcome } = outcomes.next();
    return { ...item, problem: outcome?.problem ?? null };
  });
  return { ...result, value };
}

const BulkTaskResultRef = builder.objectRef<BulkItem>('BulkTaskResult').implement({
  description: 'What became of one task of a bulk command.',
  fields: (t) => ({
    taskId: t.id({
      description: 'The task’s id, as given.',
      resolve: ({ id }) => id,
    }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description:
        'The task after the command, done or refused; null if there is none that the viewer may see.',
      resolve: ({ taskId }, _args, { loaders }) => (taskId === null ? null : loaders.tasks.load(taskId)),
    }),
    isDone: t.boolean({ description: 'Whether it was done.', resolve: ({ problem }) => problem === null }),
    problem: t.field({
      type: BulkRefusal,
      nullable: true,
      description: 'Why it was refused; null if it was done.',
      resolve: ({ problem }) => problem as never,
    }),
  }),
});

defineMutation('bulkUpdateTasks', {
  description: `Gives one command to up to ${MAX_BULK_TASKS} tasks of any executions, in their order. Each is done or refused on its own.`,
  input: (t) => ({
    taskIds: t.idList({ required: true, description: `The ids of the tasks, 1 to ${MAX_BULK_TASKS}.` }),
    command: t.field({ type: BulkCommandInput, required: true, description: 'What to do with them.' }),
  }),
  problems: [],
  run: (input, context) => commandItems(context, input.taskIds, toCommand(input.command)),
  payload: (t) => ({
    results: t.field({
      type: [BulkTaskResultRef],
      complexity: { multiplier: 100 },
      description: 'One for each id, in the same order.',
      resolve: ({ value }) => [...value],
    }),
    doneCount: t.int({
      description: 'How many were done.',
      resolve: ({ value }) => value.filter(({ problem }) => problem === null).length,
    }),
  }),
});
