/** The mutations on an execution as a whole. */
import type { Done } from '../commands/execute.ts';
import { commandExecution, startExecution } from '../commands/executions.ts';
import type { ProblemCode } from '../commands/problem.ts';
import type { ApiTypes } from './builder.ts';
import { encodeId, inputKey, inputKeys } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { inputAssignees } from './people.ts';
import { WorkflowExecutionRef } from './refs.ts';
import { executionAfter } from './task-life.ts';
import { assigneeChange, assigneeInput } from './task-upkeep.ts';

const EXECUTION_PROBLEMS: readonly ProblemCode[] = ['NOT_FOUND', 'VERSION_CONFLICT'];

function executionInput(t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) {
  return {
    executionId: t.id({ required: true, description: 'The id of the WorkflowExecution.' }),
    expectedVersion: t.int({
      description: 'Refuse with VersionConflictProblem if the execution has another version by now.',
    }),
  };
}

function executionPayload(t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<string>>) {
  return {
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'The execution after the command.',
      resolve: ({ value }, _args, context) => executionAfter(value, context),
    }),
  };
}

function expected(input: { readonly expectedVersion?: number | null | undefined }) {
  return typeof input.expectedVersion === 'number' ? { expectedVersion: input.expectedVersion } : {};
}

defineMutation('startExecution', {
  description: 'Starts the newest published version of an enabled definition on an entity.',
  input: (t) => ({
    definitionId: t.id({ required: true, description: 'The id of the WorkflowDefinition.' }),
    entityId: t.id({ required: true, description: 'The id of the Entity to start on.' }),
    contextEntityIds: t.idList({ description: 'Ids of related entities, at most 19.' }),
    name: t.string({ description: 'Its name; the definition’s if left out.' }),
    assigneeIds: t.idList({
      description:
        'Ids of the users and teams who are responsible for the whole; the definition’s if left out.',
    }),
    dueAt: t.field({
      type: 'DateTime',
      description: 'When it should be finished; the definition’s if left out, none if null.',
    }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key answers the first one’s execution.',
    }),
  }),
  payload: executionPayload,
  problems: ['NOT_FOUND', 'DEFINITION_NOT_STARTABLE', 'IDEMPOTENCY_CONFLICT'],
  run: (input, context) =>
    startExecution(context, {
      definitionId: inputKey('definitionId', 'WorkflowDefinition', input.definitionId),
      entityId: inputKey('entityId', 'Entity', input.entityId),
      contextEntityIds: inputKeys('contextEntityIds', 'Entity', input.contextEntityIds ?? []),
      name: input.name ?? undefined,
      assignees: input.assigneeIds ? inputAssignees('assigneeIds', input.assigneeIds) : undefined,
      dueAt: input.dueAt,
      idempotencyKey: input.idempotencyKey ?? undefined,
    }),
});

defineMutation('closeExecution', {
  description: 'Ends an execution early. Open tasks keep their status but can no longer be worked on.',
  input: (t) => ({
    ...executionInput(t),
    reasonIds: t.idList({
      description: 'Ids of closing reasons, from `configuredClosingReasons`: at least one if there are any.',
    }),
    description: t.string({ description: 'The reason in free words.' }),
  }),
  payload: executionPayload,
  problems: [...EXECUTION_PROBLEMS, 'EXECUTION_NOT_OPEN'],
  run: (input, context) =>
    commandExecution(context, inputKey('executionId', 'WorkflowExecution', input.executionId), {
      type: 'CLOSE_EXECUTION',
      ...expected(input),
      reasonIds: inputKeys('reasonIds', 'ClosingReason', input.reasonIds ?? []),
      description: input.description ?? null,
    }),
});

defineMutation('reopenExecution', {
  description:
    'Opens a DONE or CLOSED execution again. With nothing left to do it stays open until the next task is finished.',
  input: executionInput,
  payload: executionPayload,
  problems: [...EXECUTION_PROBLEMS, 'EXECUTION_NOT_FINISHED'],
  run: (input, context) =>
    commandExecution(context, inputKey('executionId', 'WorkflowExecution', input.executionId), {
      type: 'REOPEN_EXECUTION',
      ...expected(input),
    }),
});

defineMutation('assignExecution', {
  description:
    'Changes who is responsible for an execution as a whole: replaces everybody, or adds and removes some.',
  input: (t) => ({ ...executionInput(t), ...assigneeInput(t) }),
  payload: executionPayload,
  problems: [...EXECUTION_PROBLEMS, 'EXECUTION_NOT_OPEN'],
  run: (input, context) =>
    commandExecution(context, inputKey('executionId', 'WorkflowExecution', input.executionId), {
      type: 'ASSIGN_EXECUTION',
      ...expected(input),
      ...assigneeChange(input),
    }),
});

defineMutation('setContextEntities', {
  description:
    'Says which other entities an execution is about. The entity that it was started on stays, whatever is given.',
  input: (t) => ({
    ...executionInput(t),
    contextEntityIds: t.idList({
      required: true,
      description: 'Ids of all entities of its context, at most 19; none for an empty list.',
    }),
  }),
  payload: executionPayload,
  problems: [...EXECUTION_PROBLEMS, 'EXECUTION_NOT_OPEN'],
  run: (input, context) =>
    commandExecution(context, inputKey('executionId', 'WorkflowExecution', input.executionId), {
      type: 'SET_CONTEXT_ENTITIES',
      ...expected(input),
      contextEntityIds: inputKeys('contextEntityIds', 'Entity', input.contextEntityIds),
    }),
});

defineMutation('deleteExecution', {
  description:
    'Deletes an execution with its tasks and notes, whatever its status. Its events stay in the log, and in the history of its entities. Needs the role admin.',
  input: executionInput,
  run: (input, context) =>
    commandExecution(context, inputKey('executionId', 'WorkflowExecution', input.executionId), {
      type: 'DELETE_EXECUTION',
      ...expected(input),
    }),
  payload: (t) => ({
    executionId: t.id({
      description: 'The id that it had.',
      resolve: ({ value }) => encodeId('WorkflowExecution', value),
    }),
  }),
  problems: EXECUTION_PROBLEMS,
});

defineMutation('setExecutionDueDate', {
  description: 'Sets or clears an execution’s due date. It replaces a rule that gave the date.',
  input: (t) => ({
    ...executionInput(t),
    dueAt: t.field({
      type: 'DateTime',
      description: 'When it should be finished; null or left out clears it.',
    }),
  }),
  payload: executionPayload,
  problems: [...EXECUTION_PROBLEMS, 'EXECUTION_NOT_OPEN'],
  run: (input, context) =>
    commandExecution(context, inputKey('executionId', 'WorkflowExecution', input.executionId), {
      type: 'SET_EXECUTION_DUE_DATE',
      ...expected(input),
      dueAt: input.dueAt ?? null,
    }),
});
