/** Commands on one task or on many. */
import type { AssigneeRef, Instant } from '../engine/definition.ts';
import type { AddTaskCommand, AssigneeChange, TaskCommand, TaskPlace } from '../engine/command.ts';
import type { TaskData } from '../engine/state.ts';
import { knownPeople } from '../store/people.ts';
import type { Transaction } from '../store/transaction.ts';
import { asViewer } from './acting.ts';
import type { ConfirmationAsk } from './confirmations-of-tasks.ts';
import { execute, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { withExecutions, type ExecutionSession } from './execution-session.ts';
import { createOnce } from './idempotency.ts';
import { actsFor } from './on-behalf.ts';
import { fromEngine, refuse, refuseInput, type Problem } from './problem.ts';
import { COMMAND_NAMES, permittedCommands, whyForbidden } from './task-permission.ts';
import type { Viewer } from './viewer.ts';

/** The most tasks that one bulk command takes. */
export const MAX_BULK_TASKS = 100;

/** Refuses the input if one of the assignees is no active user or no team of the organization. `path` names each list. */
export async function checkAssignees(
  tx: Transaction,
  lists: Readonly<Record<string, readonly AssigneeRef[] | undefined>>,
): Promise<void> {
  const all = Object.values(lists).flatMap((list) => list ?? []);
  if (all.length === 0) return;
  const idsOf = (type: AssigneeRef['type']) => all.filter((ref) => ref.type === type).map(({ id }) => id);
  const known = await knownPeople(tx, tx.organizationId, idsOf('USER'), idsOf('TEAM'));
  for (const [path, list] of Object.entries(lists)) {
    for (const [index, { type, id }] of (list ?? []).entries()) {
      if (!(type === 'USER' ? known.userIds : known.teamIds).has(id)) {
        refuseInput(
          `${path}[${index}]`,
          'UNKNOWN_ASSIGNEE',
          `${path}[${index}] is no ${type === 'USER' ? 'active user' : 'team'} of this organization.`,
        );
      }
    }
  }
}

/** Whom an assignment makes responsible. Removing somebody who is gone must stay possible, so `remove` is not checked. */
export function newAssignees({
  set,
  add,
}: AssigneeChange): Record<string, readonly AssigneeRef[] | undefined> {
  return { set, add };
}

/** The task of a command with its execution's id, or why the viewer may not give it the command. */
function target(
  session: ExecutionSession,
  viewer: Viewer,
  { type, taskId }: TaskCommand,
): { readonly task: TaskData; readonly executionId: string } | Problem {
  const executionId = session.executionOf(taskId)?.execution.id;
  const task =
    executionId === undefined ? null : session.state(executionId).tasks.find(({ id }) => id === taskId);
  if (executionId === undefined || !task) return { code: 'NOT_FOUND', what: 'Task', id: taskId };
  const reason = whyForbidden(viewer, task, COMMAND_NAMES[type]);
  return reason === null ? { task, executionId } : { code: 'FORBIDDEN', message: reason };
}

/**
 * Refuses unknown assignees of an assignment, unless the viewer may not give it to any of the tasks: who may not assign is
 * not told which users and teams there are. All commands assign the same people.
 */
async function checkAssignment(
  tx: Transaction,
  session: ExecutionSession,
  viewer: Viewer,
  commands: readonly TaskCommand[],
): Promise<void> {
  const assignments = commands.filter((command) => command.type === 'ASSIGN_TASK');
  const allowed = assignments.find((command) => 'task' in target(session, viewer, command));
  if (allowed) await checkAssignees(tx, newAssignees(allowed));
}

/** Gives one command to the session; answers why it was refused, or null. */
function give(session: ExecutionSession, viewer: Viewer, command: TaskCommand): Problem | null {
  const found = target(session, viewer, command);
  if ('code' in found) return found;
  const { task, executionId } = found;
  const result = session.advance(executionId, command, actsFor(viewer, task));
  if (result.ok) return null;
  const problem = fromEngine(result.problem);
  // What is offered instead must be open to this viewer.
  return problem.code === 'COMMAND_NOT_ALLOWED'
    ? { ...problem, allowedCommands: permittedCommands(viewer, task, problem.allowedCommands) }
    : problem;
}

/** A task and the execution that it belongs to. */
export interface TaskKeys {
  readonly taskId: string;
  readonly executionId: string;
}

/**
 * Gives a command to one task. The answer names its execution, also when the command removed the task.
 *
 * @param asks - see `withExecutions`.
 */
export async function commandTask(
  caller: Caller,
  command: TaskCommand,
  asks?: ReadonlyMap<string, ConfirmationAsk>,
): Promise<CommandResult<TaskKeys>> {
  const { viewer } = caller;
  return execute(caller, async (tx) => {
    return withExecutions(
      tx,
      asViewer(viewer),
      { taskIds: [command.taskId] },
      async (session) => {
        await checkAssignment(tx, session, viewer, [command]);
        const problem = give(session, viewer, command);
        if (problem) return refuse(problem);
        const executionId = session.executionOf(command.taskId)?.execution.id ?? '';
        return { taskId: command.taskId, executionId };
      },
      asks,
    );
  });
}

/** What became of one task of a bulk command. */
export interface BulkOutcome {
  readonly taskId: string;
  /** Null if it was done. */
  readonly problem: Problem | null;
}

/**
 * Gives a command to each of up to 100 tasks, in their order and in one transaction; one refusal does not undo the others. Answers one outcome
 * per task, in the same order.
 */
export async function commandTasks(
  caller: Caller,
  taskIds: readonly string[],
  commandFor: (taskId: string) => TaskCommand,
): Promise<CommandResult<readonly BulkOutcome[]>> {
  const { viewer } = caller;
  return execute(caller, async (tx) => {
    if (taskIds.length === 0) refuseInput('taskIds', 'EMPTY', 'taskIds is empty; name at least one task.');
    if (taskIds.length > MAX_BULK_TASKS) {
      refuseInput(
        'taskIds',
        'TOO_MANY',
        `taskIds has ${taskIds.length} ids; at most ${MAX_BULK_TASKS} are allowed.`,
      );
    }
    const commands = taskIds.map(commandFor);
    return withExecutions(tx, asViewer(viewer), { taskIds }, async (session) => {
      await checkAssignment(tx, session, viewer, commands);
      return commands.map((command) => ({ taskId: command.taskId, problem: give(session, viewer, command) }));
    });
  });
}

export interface AddTaskInput {
  readonly executionId: string;
  readonly name: string;
  readonly description: string | null;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
  readonly place: TaskPlace;
  /** The version of the execution that the caller has seen. */
  readonly expectedVersion?: number | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** Adds a task by hand to a running execution. Needs the permission `work`. */
export async function addTask(caller: Caller, input: AddTaskInput): Promise<CommandResult<TaskKeys>> {
  const { viewer } = caller;
  requirePermission(viewer, 'work');
  const { executionId, name, description, assignees, dueAt, place, expectedVersion } = input;
  const added = await createOnce(caller, 'addTask', input, async (tx, id) => {
    await withExecutions(tx, asViewer(viewer), { executionIds: [executionId] }, async (session) => {
      if (!session.execution(executionId)) {
        return refuse({ code: 'NOT_FOUND', what: 'WorkflowExecution', id: executionId });
      }
      await checkAssignees(tx, { assigneeIds: assignees });
      const command: AddTaskCommand = {
        type: 'ADD_TASK',
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
        ...{ id, name, description, assignees, dueAt, place },
      };
      const result = session.advance(executionId, command);
      return result.ok ? undefined : refuse(fromEngine(result.problem));
    });
  });
  return added.ok ? { ...added, value: { taskId: added.value, executionId } } : added;
}
