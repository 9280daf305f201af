/** Starting, cancelling and retrying runs of automations. (How they go on: src/automation/.) */
import { v7 as uuidv7 } from 'uuid';
import type { Instant, Json } from '../engine/definition.ts';
import { insertRuns, type LockedRun } from '../store/automation-run-writes.ts';
import { isRunOver, type ActionRun, type RunTrigger } from '../store/automation-runs.ts';
import type { DeliveryOwner } from '../store/deliveries.ts';
import { readEntities } from '../store/entities.ts';
import { cancelDeliveriesOfRuns } from '../store/run-deliveries.ts';
import { letRunsGoOn } from '../store/run-jobs.ts';
import { readStartTriggers } from '../store/start-triggers.ts';
import { readRunOfTask } from '../store/automation-run-reads.ts';
import type { Transaction } from '../store/transaction.ts';
import { asViewer } from './acting.ts';
import { recordRun } from './automation-run-event.ts';
import { checkJsonObject } from './attributes.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { withExecutions } from './execution-session.ts';
import { actsFor } from './on-behalf.ts';
import { fromEngine, refuse, refuseInput, type NotRunnableReason } from './problem.ts';
import { isOfRun } from './run-commands.ts';
import { finishRun, saveRun, takeRun } from './run-session.ts';
import type { Viewer } from './viewer.ts';

/** Largest data of a call, in bytes of their JSON text. */
const MAX_DATA_BYTES = 64 * 1024;

export interface StartRunInput {
  readonly automationId: string;
  /** What to work on; null for nothing, which only a trigger of type API allows. */
  readonly entityId: string | null;
  /** Handed to its actions as `{{input.…}}`; a JSON object. Only with a trigger of type API. */
  readonly data?: unknown;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Starts a run of the newest published version: by its MANUAL trigger on an entity, or by its API trigger. Needs the permission `work`. Answers the run's id; with
 * an idempotency key, a repeated start answers the first one's.
 */
export async function startRun(caller: Caller, input: StartRunInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'work');
  return createOnce(caller, 'startAutomationRun', input, async (tx, id) => {
    const { automationId, entityId } = input;
    const found = await readStartTriggers(tx, tx.organizationId, automationId);
    const automation = found ?? refuse({ code: 'NOT_FOUND', what: 'Automation', id: automationId });
    const [entity] = entityId === null ? [] : await readEntities(tx, tx.organizationId, [entityId], null);
    if (entityId !== null && !entity) refuse({ code: 'NOT_FOUND', what: 'Entity', id: entityId });
    const notRunnable = (reason: NotRunnableReason) =>
      refuse({ code: 'AUTOMATION_NOT_RUNNABLE', automationId, reason });
    if (automation.isArchived) return notRunnable('ARCHIVED');
    if (automation.triggers === null) return notRunnable('NOT_PUBLISHED');
    if (!automation.isEnabled) return notRunnable('DISABLED');
    const isForApi = automation.triggers.some(({ type }) => type === 'API');
    const byHand = automation.triggers.filter(({ type }) => type === 'MANUAL');
    const fits = byHand.some(({ entitySchema }) => entitySchema === null || entitySchema === entity?.schema);
    if (input.data !== undefined && !isForApi)
      refuseInput('data', 'NOT_ALLOWED', 'The automation takes no data: it has no trigger of the type API.');
    const isByHand = input.data === undefined && entity !== undefined && fits;
    if (!isByHand && !isForApi)
      return notRunnable(byHand.length > 0 && entity ? 'ENTITY_SCHEMA_MISMATCH' : 'NO_TRIGGER');
    const trigger: RunTrigger = { type: isByHand ? 'MANUAL' : 'API', eventSeq: null };
    const data = input.data === undefined ? {} : checkJsonObject('data', input.data, MAX_DATA_BYTES);
    await insertRuns(tx, [
      {
        ...{ id, automationId, trigger, entityId },
        ...{ executionId: null, taskId: null, taskRun: null, inputTaskKey: null },
        // What came as JSON is JSON.
        input: data as { readonly [name: string]: Json },
        chainDepth: 1,
        startedById: caller.viewer.userId,
      },
    ]);
    const entityIds = entityId === null ? [] : [entityId];
    const subject = { id, version: 1, executionId: null, taskId: null, entityIds };
    recordRun(tx, 'AUTOMATION_RUN_STARTED', subject, { status: 'PENDING' });
  });
}

export interface RunInput {
  readonly runId: string;
  /** The version that the caller has seen; another one refuses the command (VERSION_CONFLICT). */
  readonly expectedVersion?: number | undefined;
}

function cancelled(action: ActionRun, finishedAt: Instant): ActionRun {
  const isOver = action.status === 'SUCCESS' || action.status === 'SKIPPED' || action.status === 'FAILED';
  return isOver ? action : { ...action, status: 'CANCELLED', nextAt: null, finishedAt };
}

/** The absent user for whom the viewer deals with the run, because its task is theirs; null if there is none. */
async function behalfOf(
  tx: Transaction,
  viewer: Viewer,
  { taskId, executionId }: LockedRun,
): Promise<string | null> {
  if (taskId === null || executionId === null) return null;
  return withExecutions(tx, asViewer(viewer), { executionIds: [executionId] }, (session) => {
    const task = session.execution(executionId)?.tasks.find(({ id }) => id === taskId);
    return task ? actsFor(viewer, task) : null;
  });
}

/** Ends a run that is not over: no further action is begun, its messages are given up, its task is skipped. Needs the permission `work`. Answers its id. */
export async function cancelRun(caller: Caller, input: RunInput): Promise<CommandResult<string>> {
  const { viewer } = caller;
  requirePermission(viewer, 'work');
  return execute(caller, async (tx) => {
    const { runId, expectedVersion } = input;
    const run = expectObject(await takeRun(tx, runId), 'AutomationRun', runId, expectedVersion);
    if (isRunOver(run.status)) refuse({ code: 'RUN_COMMAND_NOT_ALLOWED', runId, status: run.status });
    await cancelDeliveriesOfRuns(tx, [runId]);
    const actions = run.actions.map((action) => cancelled(action, tx.now));
    const acting = { ...asViewer(viewer), onBehalfOfId: await behalfOf(tx, viewer, run) };
    await finishRun(tx, acting, run, 'CANCELLED', null, { actions });
    return runId;
  });
}

export interface RetryRunInput extends RunInput {
  /** FAILED_ACTION: goes on with the action that failed or was cancelled. START: all actions, as a new run. */
  readonly from: 'FAILED_ACTION' | 'START';
}

/** An action that is to be tried again: it sends the same message under the same id. */
function tryAgain(action: ActionRun): ActionRun {
  const isToTry = action.status === 'CANCELLED' || (action.status === 'FAILED' && !action.allowsFailure);
  const anew = { error: null, finishedAt: null, nextAt: null, setbacks: 0 };
  return isToTry ? { ...action, ...anew, status: 'PENDING' } : action;
}

async function goOn(tx: Transaction, run: LockedRun): Promise<string> {
  await saveRun(tx, run, 'AUTOMATION_RUN_RETRIED', {
    status: run.startedAt === null ? 'PENDING' : 'IN_PROGRESS',
    actions: run.actions.map(tryAgain),
    error: null,
    finishedAt: null,
    retriedAt: tx.now,
  });
  await letRunsGoOn(tx, [run.id]);
  return run.id;
}

async function startAnew(tx: Transaction, run: LockedRun): Promise<string> {
  const { automationId, entityId, entityIds } = run;
  if (automationId === null)
    return refuse({ code: 'RUN_COMMAND_NOT_ALLOWED', runId: run.id, status: run.status });
  const id = uuidv7();
  await insertRuns(tx, [{ ...run, id, automationId, entityId, startedById: tx.actorId }]);
  recordRun(tx, 'AUTOMATION_RUN_STARTED', { ...run, id, version: 1, entityIds }, { status: 'PENDING' });
  return id;
}

/** The run of a task follows its task: going on is RETRY, starting anew is RUN_AUTOMATION. */
async function byTask(
  tx: Transaction,
  viewer: Viewer,
  run: LockedRun,
  { taskId, executionId }: { readonly taskId: string; readonly executionId: string },
  from: RetryRunInput['from'],
): Promise<string> {
  const taskRun = await withExecutions(tx, asViewer(viewer), { executionIds: [executionId] }, (session) => {
    const task = session.executionOf(taskId)?.tasks.find(({ id }) => id === taskId);
    // What is over is over: the task has gone on, or another run has taken its place.
    if (task?.runCount !== run.taskRun || (from === 'FAILED_ACTION' && !isOfRun(task)))
      return refuse({ code: 'RUN_COMMAND_NOT_ALLOWED', runId: run.id, status: run.status });
    const type = from === 'START' ? 'RUN_AUTOMATION' : 'RETRY_TASK';
    const result = session.advance(executionId, { type, taskId }, actsFor(viewer, task));
    if (!result.ok) return refuse(fromEngine(result.problem));
    return session.state(executionId).tasks.find(({ id }) => id === taskId)?.runCount ?? 0;
  });
  return (await readRunOfTask(tx, tx.organizationId, taskId, taskRun)) ?? run.id;
}

/**
 * Lets a run that is over without success go on, or starts all of it anew. That of a task does so by the task, if the task has not gone on without it. Needs the
 * permission `work`. Answers the id of the run that goes on.
 */
export async function retryRun(caller: Caller, input: RetryRunInput): Promise<CommandResult<string>> {
  const { viewer } = caller;
  requirePermission(viewer, 'work');
  const { runId, expectedVersion, from } = input;
  return execute(caller, async (tx) => {
    const run = expectObject(await takeRun(tx, runId), 'AutomationRun', runId, expectedVersion);
    const { status, taskId, executionId } = run;
    const isDone = status === 'SUCCESS' || status === 'SKIPPED';
    if (!isRunOver(status) || (isDone && from === 'FAILED_ACTION'))
      refuse({ code: 'RUN_COMMAND_NOT_ALLOWED', runId, status });
    if (taskId !== null && executionId !== null)
      return byTask(tx, viewer, run, { taskId, executionId }, from);
    return from === 'START' ? startAnew(tx, run) : goOn(tx, run);
  });
}

/** Lets a run go on that failed because of this message, which it sends again. Answers false if that is not where the run is. */
export async function retryRunOfDelivery(
  tx: Transaction,
  viewer: Viewer,
  { runId, actionKey, deliveryId }: DeliveryOwner & { readonly deliveryId: string },
): Promise<boolean> {
  const run = await takeRun(tx, runId);
  const action = run?.actions.find(({ key }) => key === actionKey);
  if (run?.status !== 'FAILED' || action?.status !== 'FAILED') return false;
  if (action.deliveryId !== deliveryId || action.allowsFailure) return false;
  const { taskId, executionId } = run;
  if (taskId !== null && executionId !== null)
    await byTask(tx, viewer, run, { taskId, executionId }, 'FAILED_ACTION');
  else await goOn(tx, run);
  return true;
}
