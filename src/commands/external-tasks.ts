/** The commands of workers: programs that fetch tasks of their topics and work them. */
import type { Command, WorkerCommand } from '../engine/command.ts';
import type { Instant } from '../engine/definition.ts';
import { readInput } from '../engine/external-output.ts';
import type { Attributes, Facts } from '../engine/facts.ts';
import { LEASE_SECONDS } from '../engine/lease.ts';
import type { InputIssue } from '../engine/result.ts';
import type { ExecutionData, TaskData, TaskLease, TaskStatus } from '../engine/state.ts';
import { insertLeases, lockReadyTasks, readLeaseNumber } from '../store/external-tasks.ts';
import { globalId } from '../store/global-id.ts';
import type { Transaction } from '../store/transaction.ts';
import { asViewer, type Acting } from './acting.ts';
import { checkAttributes, checkJsonObject } from './attributes.ts';
import { entityVariables } from './entity-variables.ts';
import { execute, ForbiddenError, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { withExecutions, type ExecutionSession } from './execution-session.ts';
import { checkName } from './input.ts';
import { fromEngine, refuse, refuseIssues } from './problem.ts';
import type { Viewer } from './viewer.ts';

/** The most tasks that are fetched at once. */
export const MAX_FETCHED_TASKS = 100;
/** The most topics that are asked for at once. */
export const MAX_TOPICS = 50;
const MAX_NAME_LENGTH = 200;
const MAX_RESULT_BYTES = 256 * 1024;

/** A worker sees no execution as people do: what it may do it may by its topics and its leases. */
function asWorker(viewer: Viewer): Acting {
  return { ...asViewer(viewer), scope: null };
}

/** Ends the request with FORBIDDEN if the viewer's token is not for one of the topics. */
export function requireTopics(viewer: Viewer, topics: readonly string[]): void {
  requirePermission(viewer, 'serve');
  const { topics: allowed } = viewer;
  const other = allowed && topics.find((topic) => !allowed.includes(topic));
  if (other !== undefined && other !== null)
    throw new ForbiddenError(`The token is not for the topic ${JSON.stringify(other)}.`);
}

/** Refuses none, too many, and what no topic is called. */
export function checkTopics(topics: readonly string[]): void {
  const issues: InputIssue[] = [];
  if (topics.length === 0)
    issues.push({ path: 'topics', code: 'EMPTY', message: 'topics is empty; name at least one.' });
  if (topics.length > MAX_TOPICS) {
    const message = `topics has ${topics.length} names; at most ${MAX_TOPICS} are allowed.`;
    issues.push({ path: 'topics', code: 'TOO_MANY', message });
  }
  refuseIssues(issues);
  for (const [index, topic] of topics.entries()) checkName(`topics[${index}]`, topic, MAX_NAME_LENGTH);
}

export interface FetchInput {
  /** What the worker calls itself, for people. */
  readonly workerName: string;
  readonly topics: readonly string[];
  readonly maxTasks: number;
  /** As long as each task says if not given. */
  readonly leaseSeconds?: number | undefined;
}

/** A task that a worker has for a time. */
export interface FetchedTask {
  readonly task: TaskData;
  readonly execution: Pick<ExecutionData, 'id' | 'name'>;
  readonly entityId: string;
  readonly lease: TaskLease;
  /** Shows, once, that the lease is the worker's. */
  readonly leaseToken: string;
  readonly input: Attributes;
}

function rangeIssue(path: string, value: number | undefined, min: number, max: number): InputIssue[] {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return [];
  return [
    {
      path,
      code: 'OUT_OF_RANGE',
      message: `${path} is ${value}; it is a whole number from ${min} to ${max}.`,
    },
  ];
}

/** Refuses what nobody can ask for, before anything is looked for. */
export function checkFetch({ workerName, topics, maxTasks, leaseSeconds }: FetchInput): void {
  checkName('workerName', workerName, MAX_NAME_LENGTH);
  checkTopics(topics);
  refuseIssues([
    ...rangeIssue('maxTasks', maxTasks, 1, MAX_FETCHED_TASKS),
    ...rangeIssue('leaseSeconds', leaseSeconds, LEASE_SECONDS.min, LEASE_SECONDS.max),
  ]);
}

function inputOf(task: TaskData, execution: ExecutionData, facts: Facts): Attributes {
  const [entity] = facts.entities;
  return readInput(task.external?.input ?? [], {
    ...entityVariables(entity ?? null),
    execution: { id: globalId('WorkflowExecution', execution.id), name: execution.name },
    task: { id: globalId('Task', task.id), key: task.key, name: task.name },
  });
}

type Taken = Omit<FetchedTask, 'leaseToken'>;

/** The task as the worker has it; null if it can't be had any more. */
function take(
  session: ExecutionSession,
  executionId: string,
  command: Extract<Command, { type: 'LEASE_TASK' }>,
): Taken | null {
  const result = session.advance(executionId, command);
  if (!result.ok) return null;
  const { execution, tasks } = result.state;
  const task = tasks.find(({ id }) => id === command.taskId);
  const lease = task?.externalWork?.lease;
  if (!task || !lease) return null;
  const entityId = execution.entityIds[0] ?? '';
  return { task, execution, entityId, lease, input: inputOf(task, execution, result.facts) };
}

/**
 * Gives a worker up to so many tasks of its topics, those that have waited the longest first; maybe none. What others work on at the moment is passed over.
 * Needs the permission `serve`, and a token for these topics.
 */
export async function fetchTasks(
  caller: Caller,
  input: FetchInput,
): Promise<CommandResult<readonly FetchedTask[]>> {
  const { viewer } = caller;
  const { workerName, topics, maxTasks, leaseSeconds } = input;
  return execute(caller, async (tx) => {
    const places = await lockReadyTasks(tx, topics, maxTasks);
    if (places.length === 0) return [];
    const executionIds = [...new Set(places.map(({ executionId }) => executionId))];
    const taken = await withExecutions(tx, asWorker(viewer), { executionIds }, (session) =>
      places.flatMap(({ taskId, executionId }) => {
        const who = { workerId: viewer.userId, workerName: workerName.trim() };
        return take(session, executionId, { type: 'LEASE_TASK', taskId, leaseSeconds, ...who }) ?? [];
      }),
    );
    if (taken.length === 0) return [];
    const leases = taken.map(({ task, lease }) => ({ taskId: task.id, number: lease.number }));
    const tokens = await insertLeases(tx, viewer.userId, leases);
    return taken.map((one, index) => ({ ...one, leaseToken: tokens[index] ?? '' }));
  });
}

/** By what a worker shows that it has a task. */
export interface LeaseInput {
  readonly taskId: string;
  readonly leaseToken: string;
}

/** The task after a worker's command. */
export interface WorkedTask {
  readonly taskId: string;
  readonly status: TaskStatus;
  /** Until when the worker has it; null if it has it no more. */
  readonly expiresAt: Instant | null;
}

/** The lease's fencing number; a token that was not given to this worker for this task finds no task. */
async function numberOf(
  tx: Transaction,
  viewer: Viewer,
  { taskId, leaseToken }: LeaseInput,
): Promise<number> {
  const by = { taskId, workerId: viewer.userId, token: leaseToken };
  const number = await readLeaseNumber(tx, tx.organizationId, by);
  return number ?? refuse({ code: 'NOT_FOUND', what: 'Task', id: taskId });
}

type HolderCommand = Exclude<WorkerCommand, { type: 'LEASE_TASK' }>;

/** Gives the command that the lease's holder asks for. What it writes into entities is no larger than what people may. */
async function commandAsHolder(
  caller: Caller,
  input: LeaseInput,
  commandOf: (lease: { readonly taskId: string; readonly number: number }) => HolderCommand,
): Promise<CommandResult<WorkedTask>> {
  const { viewer } = caller;
  requirePermission(viewer, 'serve');
  const { taskId } = input;
  return execute(caller, async (tx) => {
    const command = commandOf({ taskId, number: await numberOf(tx, viewer, input) });
    const areEntitiesWritten = command.type === 'COMPLETE_EXTERNAL';
    const subjects = { taskIds: [taskId], areEntitiesWritten };
    return withExecutions(tx, asWorker(viewer), subjects, (session) => {
      const executionId = session.executionOf(taskId)?.execution.id;
      if (executionId === undefined) return refuse({ code: 'NOT_FOUND', what: 'Task', id: taskId });
      const result = session.advance(executionId, command);
      if (!result.ok) return refuse(fromEngine(result.problem));
      for (const { attributes } of result.entityUpdates) checkAttributes(attributes);
      return workedTask(result.state.tasks, taskId);
    });
  });
}

function workedTask(tasks: readonly TaskData[], taskId: string): WorkedTask {
  const task = tasks.find(({ id }) => id === taskId);
  const lease = task?.externalWork?.lease;
  return {
    taskId,
    status: task?.status ?? 'PENDING',
    expiresAt: lease?.end === null ? lease.expiresAt : null,
  };
}

/** The worker keeps the task for so long from now on. */
export function extendLease(
  caller: Caller,
  input: LeaseInput & { readonly leaseSeconds: number },
): Promise<CommandResult<WorkedTask>> {
  const { leaseSeconds } = input;
  return commandAsHolder(caller, input, (lease) => ({ type: 'EXTEND_LEASE', ...lease, leaseSeconds }));
}

/** The task is COMPLETED, and its output mapping is written with what the worker found. The same again answers the same. */
export async function completeExternalTask(
  caller: Caller,
  input: LeaseInput & { readonly output: unknown },
): Promise<CommandResult<WorkedTask>> {
  // What is a JSON object is made of JSON.
  const result = checkJsonObject('output', input.output, MAX_RESULT_BYTES) as Attributes;
  return commandAsHolder(caller, input, (lease) => ({ type: 'COMPLETE_EXTERNAL', ...lease, result }));
}

/** The attempt has failed: the task waits for the next one, or is FAILED. The same again answers the same. */
export function failExternalTask(
  caller: Caller,
  input: LeaseInput & {
    readonly message: string;
    readonly retriesLeft?: number | undefined;
    readonly retryAfterSeconds?: number | undefined;
  },
): Promise<CommandResult<WorkedTask>> {
  const { message, retriesLeft, retryAfterSeconds } = input;
  return commandAsHolder(caller, input, (lease) => ({
    type: 'FAIL_EXTERNAL',
    ...lease,
    message,
    retriesLeft,
    retryAfterSeconds,
  }));
}

/** People are to work the task. The same again answers the same. */
export function handBackExternalTask(
  caller: Caller,
  input: LeaseInput & { readonly reason: string },
): Promise<CommandResult<WorkedTask>> {
  const { reason } = input;
  return commandAsHolder(caller, input, (lease) => ({ type: 'HAND_BACK_TASK', ...lease, reason }));
}
