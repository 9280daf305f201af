/** The mutations on a task beside its life: who, when, what it says; and tasks that are added by hand. */
import { addTask, commandTask } from '../commands/tasks.ts';
import type { CommandResult } from '../commands/execute.ts';
import { refuseInput } from '../commands/problem.ts';
import type { AssigneeChange, TaskPlace } from '../engine/command.ts';
import { builder, type ApiTypes } from './builder.ts';
import { encodeId, inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { inputAssignees } from './people.ts';
import { WorkflowExecutionRef } from './refs.ts';
import { executionAfter, onTask, TASK_PROBLEMS, taskInput, taskPayload } from './task-life.ts';

/** `set`, or `add` and `remove`: how assignees change. */
export function assigneeInput(t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) {
  return {
    set: t.idList({
      description: 'Ids of users and teams: exactly these, in this order. Not with `add` or `remove`.',
    }),
    add: t.idList({ description: 'Ids of users and teams who become responsible, too.' }),
    remove: t.idList({ description: 'Ids of users and teams who no longer are.' }),
  };
}

interface AssigneeInput {
  readonly set?: readonly string[] | null | undefined;
  readonly add?: readonly string[] | null | undefined;
  readonly remove?: readonly string[] | null | undefined;
}

/** The change that the input asks for; refuses one that says nothing or two things. Only in a mutation's `run`. */
export function assigneeChange({ set, add, remove }: AssigneeInput): AssigneeChange {
  if (set && (add || remove))
    refuseInput('set', 'AMBIGUOUS', 'Give either set, or add and remove; not both.');
  if (!set && !add && !remove) refuseInput('set', 'EMPTY', 'Nothing to change: give set, add or remove.');
  return {
    ...(set ? { set: inputAssignees('set', set) } : {}),
    ...(add ? { add: inputAssignees('add', add) } : {}),
    ...(remove ? { remove: inputAssignees('remove', remove) } : {}),
  };
}

defineMutation('assignTask', {
  description: 'Changes who is responsible for a task: replaces everybody, or adds and removes some.',
  input: (t) => ({ ...taskInput(t), ...assigneeInput(t) }),
  payload: taskPayload,
  problems: TASK_PROBLEMS,
  run: (input, context) =>
    commandTask(context, { type: 'ASSIGN_TASK', ...onTask(input), ...assigneeChange(input) }),
});

defineMutation('claimTask', {
  description: 'Takes a task that is assigned to a team of the viewer. Who comes second is told who has it.',
  input: taskInput,
  payload: taskPayload,
  problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED', 'ALREADY_CLAIMED', 'NOT_CLAIMABLE'],
  run: (input, context) =>
    commandTask(context, {
      type: 'CLAIM_TASK',
      ...onTask(input),
      userId: context.viewer.userId,
      teamIds: context.viewer.teamIds,
    }),
});

defineMutation('releaseTask', {
  description: 'Gives a claimed task back to its team.',
  input: taskInput,
  payload: taskPayload,
  problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED'],
  run: (input, context) => commandTask(context, { type: 'RELEASE_TASK', ...onTask(input) }),
});

defineMutation('setTaskDueDate', {
  description: 'Sets or clears a task’s due date.',
  input: (t) => ({
    ...taskInput(t),
    dueAt: t.field({
      type: 'DateTime',
      description: 'When it should be finished; null or left out clears it.',
    }),
  }),
  payload: taskPayload,
  problems: TASK_PROBLEMS,
  run: (input, context) =>
    commandTask(context, { type: 'SET_TASK_DUE_DATE', ...onTask(input), dueAt: input.dueAt ?? null }),
});

defineMutation('updateTask', {
  description: 'Renames a task or rewrites its description, in this execution only.',
  input: (t) => ({
    ...taskInput(t),
    name: t.string({ description: 'The new name, 1 to 500 characters; unchanged if left out.' }),
    description: t.string({
      description:
        'The new description, Markdown, at most 20,000 characters; null clears it; unchanged if left out.',
    }),
  }),
  payload: taskPayload,
  problems: TASK_PROBLEMS,
  run: (input, context) => {
    if (input.name === null) refuseInput('name', 'EMPTY', 'A task needs a name; leave name out to keep it.');
    return commandTask(context, {
      type: 'UPDATE_TASK',
      ...onTask(input),
      ...(typeof input.name === 'string' ? { name: input.name } : {}),
      ...(input.description === undefined ? {} : { description: input.description }),
    });
  },
});

const TaskPlaceInput = builder.inputType('TaskPlaceInput', {
  isOneOf: true,
  description: 'Where a new task goes.',
  fields: (t) => ({
    inPhase: t.field({
      type: builder.inputType('PhasePlaceInput', {
        description: 'A place in a phase. In a sequential execution the chain goes through the new task.',
        fields: (place) => ({
          phaseId: place.id({
            description: 'The id of the Phase; null or left out for the tasks outside all phases.',
          }),
          index: place.int({
            description: 'Its place among the phase’s tasks, from 0; at the end if left out.',
          }),
        }),
      }),
      description: 'Into a phase.',
    }),
    between: t.field({
      type: builder.inputType('BetweenPlaceInput', {
        description: 'A place between two tasks of the flow; the edge between them is split.',
        fields: (place) => ({
          afterTaskId: place.id({ required: true, description: 'The id of the Task before it.' }),
          beforeTaskId: place.id({ required: true, description: 'The id of the Task after it.' }),
        }),
      }),
      description: 'Between two tasks.',
    }),
  }),
});

type PlaceInput = typeof TaskPlaceInput.$inferInput;

function toPlace({ inPhase, between }: PlaceInput): TaskPlace {
  if (between) {
    return {
      afterTaskId: inputKey('place.between.afterTaskId', 'Task', between.afterTaskId),
      beforeTaskId: inputKey('place.between.beforeTaskId', 'Task', between.beforeTaskId),
    };
  }
  const { phaseId, index } = inPhase;
  return {
    phaseId:
      phaseId === null || phaseId === undefined ? null : inputKey('place.inPhase.phaseId', 'Phase', phaseId),
    index: index ?? null,
  };
}

/** The engine knows one kind of place at a time; issues name the field of the input in which it was given. */
function withInputPaths<T>(result: CommandResult<T>, { between }: PlaceInput): CommandResult<T> {
  if (result.ok || result.problem.code !== 'INVALID_INPUT') return result;
  const field = between ? 'place.between' : 'place.inPhase';
  const issues = result.problem.issues.map((issue) => ({
    ...issue,
    path: issue.path.replace(/^place(?=\.|$)/, field),
  }));
  return { ok: false, problem: { code: 'INVALID_INPUT', issues } };
}

defineMutation('addTask', {
  description: 'Adds a manual task to an open execution: into a phase, or between two tasks.',
  input: (t) => ({
    executionId: t.id({ required: true, description: 'The id of the WorkflowExecution.' }),
    name: t.string({ required: true, description: 'Its name, 1 to 500 characters.' }),
    description: t.string({ description: 'What to do, Markdown, at most 20,000 characters.' }),
    assigneeIds: t.idList({ description: 'Ids of the users and teams who are responsible.' }),
    dueAt: t.field({ type: 'DateTime', description: 'When it should be finished.' }),
    place: t.field({ type: TaskPlaceInput, required: true, description: 'Where it goes.' }),
    expectedVersion: t.int({
      description: 'Refuse with VersionConflictProblem if the execution has another version by now.',
    }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key answers the first one’s task.',
    }),
  }),
  problems: [...TASK_PROBLEMS, 'IDEMPOTENCY_CONFLICT'],
  run: async (input, context) => {
    const result = await addTask(context, {
      executionId: inputKey('executionId', 'WorkflowExecution', input.executionId),
      name: input.name,
      description: input.description ?? null,
      assignees: inputAssignees('assigneeIds', input.assigneeIds ?? []),
      dueAt: input.dueAt ?? null,
      place: toPlace(input.place),
      expectedVersion: input.expectedVersion ?? undefined,
      idempotencyKey: input.idempotencyKey ?? undefined,
    });
    return withInputPaths(result, input.place);
  },
  payload: taskPayload,
});

defineMutation('removeTask', {
  description:
    'Removes a task that was added by hand and is not finished. What came after it follows what came before.',
  input: taskInput,
  problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED'],
  run: (input, context) => commandTask(context, { type: 'REMOVE_TASK', ...onTask(input) }),
  payload: (t) => ({
    taskId: t.id({
      description: 'The id that the task had.',
      resolve: ({ value }) => encodeId('Task', value.taskId),
    }),
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'Its execution after the command.',
      resolve: ({ value }, _args, context) => executionAfter(value.executionId, context),
    }),
  }),
});
