/** The engine's commands as the mutations that give them. */
import type { Command, OutcomeCommand, TaskPlace, WorkerCommand } from '../../src/engine/command.ts';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import { encodeId } from '../../src/graphql/ids.ts';

/** For `command` in workflows.ts. */
export interface Mutation {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Those that people give; the server wakes executions and tells what automations and people outside came to by itself, and workers have tokens of leases. */
export type GivenCommand = Exclude<Command, { type: 'WAKE_EXECUTION' } | OutcomeCommand | WorkerCommand>;

const NAMES = {
  START_TASK: 'startTask',
  STOP_TASK: 'stopTask',
  COMPLETE_TASK: 'completeTask',
  SKIP_TASK: 'skipTask',
  HOLD_TASK: 'holdTask',
  RESUME_TASK: 'resumeTask',
  REOPEN_TASK: 'reopenTask',
  DECIDE_TASK: 'decideTask',
  FAIL_TASK: 'failTask',
  RETRY_TASK: 'retryTask',
  RUN_AUTOMATION: 'runAutomation',
  ASSIGN_TASK: 'assignTask',
  CLAIM_TASK: 'claimTask',
  RELEASE_TASK: 'releaseTask',
  SET_TASK_DUE_DATE: 'setTaskDueDate',
  UPDATE_TASK: 'updateTask',
  REMOVE_TASK: 'removeTask',
  REQUEST_CONFIRMATION: 'requestConfirmation',
  WITHDRAW_CONFIRMATION: 'withdrawConfirmation',
  ADD_TASK: 'addTask',
  CLOSE_EXECUTION: 'closeExecution',
  REOPEN_EXECUTION: 'reopenExecution',
  ASSIGN_EXECUTION: 'assignExecution',
  SET_EXECUTION_DUE_DATE: 'setExecutionDueDate',
  SET_CONTEXT_ENTITIES: 'setContextEntities',
  DELETE_EXECUTION: 'deleteExecution',
} as const satisfies Readonly<Record<GivenCommand['type'], string>>;

function idOf({ type, id }: AssigneeRef): string {
  return encodeId(type === 'USER' ? 'User' : 'Team', id);
}

function placeOf(place: TaskPlace): object {
  if ('afterTaskId' in place)
    return {
      between: {
        afterTaskId: encodeId('Task', place.afterTaskId),
        beforeTaskId: encodeId('Task', place.beforeTaskId),
      },
    };
  const { phaseId, index } = place;
  return { inPhase: { phaseId: phaseId && encodeId('Phase', phaseId), index } };
}

function inputOf(command: GivenCommand): Record<string, unknown> {
  switch (command.type) {
    case 'REOPEN_TASK':
      return { revert: command.revert };
    case 'DECIDE_TASK':
      return { branchKeys: command.branchKeys };
    case 'REQUEST_CONFIRMATION':
      return { expiresInHours: command.expiresInHours };
    case 'FAIL_TASK':
      return { reason: command.reason };
    case 'ASSIGN_TASK':
    case 'ASSIGN_EXECUTION':
      return { set: command.set?.map(idOf), add: command.add?.map(idOf), remove: command.remove?.map(idOf) };
    case 'SET_TASK_DUE_DATE':
    case 'SET_EXECUTION_DUE_DATE':
      return { dueAt: command.dueAt };
    case 'UPDATE_TASK':
      return { name: command.name, description: command.description };
    case 'ADD_TASK':
      return {
        name: command.name,
        description: command.description,
        assigneeIds: command.assignees.map(idOf),
        dueAt: command.dueAt,
        place: placeOf(command.place),
      };
    case 'CLOSE_EXECUTION':
      return {
        reasonIds: command.reasonIds.map((id) => encodeId('ClosingReason', id)),
        description: command.description,
      };
    case 'SET_CONTEXT_ENTITIES':
      return { contextEntityIds: command.contextEntityIds.map((id) => encodeId('Entity', id)) };
    case 'START_TASK':
    case 'STOP_TASK':
    case 'COMPLETE_TASK':
    case 'SKIP_TASK':
    case 'HOLD_TASK':
    case 'RESUME_TASK':
    case 'CLAIM_TASK':
    case 'RELEASE_TASK':
    case 'REMOVE_TASK':
    case 'RETRY_TASK':
    case 'RUN_AUTOMATION':
    case 'WITHDRAW_CONFIRMATION':
    case 'REOPEN_EXECUTION':
    case 'DELETE_EXECUTION':
      return {};
  }
}

/** The mutation that gives the command; who claims is the viewer, and a new task's id is not for the client to choose. */
export function toMutation(executionId: string, command: GivenCommand): Mutation {
  const subject =
    'taskId' in command
      ? { taskId: encodeId('Task', command.taskId) }
      : { executionId: encodeId('WorkflowExecution', executionId) };
  const expectedVersion = 'expectedVersion' in command ? { expectedVersion: command.expectedVersion } : {};
  return { name: NAMES[command.type], input: { ...subject, ...expectedVersion, ...inputOf(command) } };
}
