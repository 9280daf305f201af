/** What workers do with EXTERNAL tasks: take one for a time, keep it, complete it, fail, or hand it to people. */
import { gateBlockers } from './blockers.ts';
import type { CommandContext, WorkerCommand } from './command.ts';
import { writeResult } from './external-output.ts';
import { handBackReasonIssues, workerFailureIssues } from './input.ts';
import { secondsAfter } from './instant.ts';
import { holdsLease, isLeased, isPeoples, LEASE_SECONDS } from './lease.ts';
import {
  accept,
  notAllowed,
  refuse,
  refuseIssues,
  refuseUnlessOpen,
  withTask,
  type Outcome,
} from './outcome.ts';
import type { InputIssue, LeaseLostReason } from './result.ts';
import type { ExecutionState, ExternalWork, LeaseEnd, TaskData, TaskLease } from './state.ts';
import { withStatus } from './task-status.ts';
import { isGateShut } from './transition.ts';

type LeaseCommand = Extract<WorkerCommand, { type: 'LEASE_TASK' }>;
type HolderCommand = Exclude<WorkerCommand, LeaseCommand>;
type Of<Type extends HolderCommand['type']> = Extract<HolderCommand, { type: Type }>;

function leaseIssues(seconds: number): InputIssue[] {
  const { min, max } = LEASE_SECONDS;
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) return [];
  const message = `leaseSeconds is ${seconds}; it is a whole number from ${min} to ${max}.`;
  return [{ path: 'leaseSeconds', code: 'OUT_OF_RANGE', message }];
}

/** A worker gets the task, under the next fencing number. Also one whose worker was not heard of in time. */
export function leaseTask(
  state: ExecutionState,
  task: TaskData,
  { workerId, workerName, leaseSeconds }: LeaseCommand,
  context: CommandContext,
): Outcome {
  const { now } = context;
  const { external, externalWork: work } = task;
  const closed = refuseUnlessOpen(state);
  if (closed) return closed;
  const isFree = isLeased(task) ? !holdsLease(task, now) : task.status === 'PENDING';
  const isResting = work?.availableAt != null && work.availableAt > now;
  if (!external || !work || !isFree || isResting || isPeoples(task)) return notAllowed(state, task);
  if (isGateShut(task, 'START_TASK'))
    return refuse({ code: 'TASK_BLOCKED', taskId: task.id, blockers: gateBlockers(state, task) });
  const seconds = leaseSeconds ?? external.leaseSeconds;
  const lease: TaskLease = {
    number: (work.lease?.number ?? 0) + 1,
    workerId,
    workerName,
    leasedAt: now,
    expiresAt: secondsAfter(now, seconds),
    end: null,
  };
  return (
    refuseIssues(leaseIssues(seconds)) ??
    accept(
      withTask(state, {
        ...withStatus({ ...task, startedAt: null, startedBy: null }, 'IN_PROGRESS', context),
        externalWork: { ...work, lease, availableAt: null },
      }),
    )
  );
}

/** How each command ends the lease, if it does. */
const ENDS = {
  EXTEND_LEASE: null,
  COMPLETE_EXTERNAL: 'COMPLETED',
  FAIL_EXTERNAL: 'FAILED',
  HAND_BACK_TASK: 'HANDED_BACK',
} as const satisfies Record<HolderCommand['type'], LeaseEnd | null>;

function lostReason({ lease }: ExternalWork, number: number): LeaseLostReason {
  if (!lease || number > lease.number) return 'ENDED';
  if (number < lease.number || lease.end === 'TAKEN_OVER') return 'TAKEN_OVER';
  return lease.end === null || lease.end === 'EXPIRED' ? 'EXPIRED' : 'ENDED';
}

/**
 * Only the worker that has the task now may do anything with it. Doing again what has ended the lease changes nothing and is right: the worker did not
 * get to know.
 */
export function workAsWorker(
  state: ExecutionState,
  task: TaskData,
  command: HolderCommand,
  context: CommandContext,
): Outcome {
  const { externalWork: work, id: taskId, status } = task;
  if (!work) return notAllowed(state, task);
  const { lease } = work;
  if (lease?.number !== command.number || !holdsLease(task, context.now)) {
    const isRepeated =
      lease?.number === command.number && lease.end !== null && lease.end === ENDS[command.type];
    if (isRepeated) return accept(state);
    return refuse({ code: 'LEASE_LOST', taskId, reason: lostReason(work, command.number), status });
  }
  switch (command.type) {
    case 'EXTEND_LEASE':
      return extend(state, task, lease, work, command, context);
    case 'COMPLETE_EXTERNAL':
      return complete(state, task, withEnd(work, lease, 'COMPLETED'), command, context);
    case 'FAIL_EXTERNAL':
      return fail(state, task, withEnd(work, lease, 'FAILED'), command, context);
    case 'HAND_BACK_TASK':
      return handBack(state, task, withEnd(work, lease, 'HANDED_BACK'), command, context);
  }
}

function withEnd(work: ExternalWork, lease: TaskLease, end: LeaseEnd): ExternalWork {
  return { ...work, lease: { ...lease, end } };
}

/** From now on; a lease is never made shorter, so that a late heartbeat takes nothing from an earlier one. */
function extend(
  state: ExecutionState,
  task: TaskData,
  lease: TaskLease,
  work: ExternalWork,
  { leaseSeconds }: Of<'EXTEND_LEASE'>,
  { now }: CommandContext,
): Outcome {
  const until = refuseIssues(leaseIssues(leaseSeconds)) ?? secondsAfter(now, leaseSeconds);
  if (typeof until !== 'string') return until;
  if (until <= lease.expiresAt) return accept(state);
  return accept(
    withTask(state, { ...task, externalWork: { ...work, lease: { ...lease, expiresAt: until } } }),
  );
}

function complete(
  state: ExecutionState,
  task: TaskData,
  externalWork: ExternalWork,
  { result }: Of<'COMPLETE_EXTERNAL'>,
  context: CommandContext,
): Outcome {
  const written = writeResult(context.facts, task.external?.output ?? [], result);
  if ('issues' in written) return refuse({ code: 'INVALID_INPUT', issues: written.issues });
  return accept(withTask(state, { ...withStatus(task, 'COMPLETED', context), externalWork }), written.facts);
}

/** One attempt less: the task rests and waits for the next worker, or FAILS. */
function fail(
  state: ExecutionState,
  task: TaskData,
  work: ExternalWork,
  command: Of<'FAIL_EXTERNAL'>,
  context: CommandContext,
): Outcome {
  const { now } = context;
  const { message } = command;
  const refusal = refuseIssues(workerFailureIssues(command));
  if (refusal) return refusal;
  const retriesLeft = command.retriesLeft ?? Math.max(0, work.retriesLeft - 1);
  const attempted = { ...work, retriesLeft, lastFailure: { at: now, message } };
  if (retriesLeft === 0)
    return accept(
      withTask(state, {
        ...withStatus(task, 'FAILED', context),
        failure: { code: 'EXTERNAL_FAILED', message },
        externalWork: attempted,
      }),
    );
  const rest = command.retryAfterSeconds ?? restOf(task, work.retriesLeft);
  const availableAt = rest > 0 ? secondsAfter(now, rest) : null;
  return accept(
    withTask(state, {
      ...withStatus(task, 'PENDING', context),
      externalWork: { ...attempted, availableAt },
    }),
  );
}

/** In seconds, after the attempt that was made when so many were left. */
function restOf({ external }: TaskData, retriesLeft: number): number {
  const { retryAfterSeconds = [], retries = 0 } = external ?? {};
  const failed = Math.max(0, retries - retriesLeft);
  return retryAfterSeconds[Math.min(failed, retryAfterSeconds.length - 1)] ?? 0;
}

function handBack(
  state: ExecutionState,
  task: TaskData,
  work: ExternalWork,
  { reason }: Of<'HAND_BACK_TASK'>,
  context: CommandContext,
): Outcome {
  const workerName = work.lease?.workerName ?? '';
  const handedBack = { at: context.now, reason, workerName };
  return (
    refuseIssues(handBackReasonIssues(reason)) ??
    accept(
      withTask(state, {
        ...withStatus(task, 'PENDING', context),
        externalWork: { ...work, handedBack },
      }),
    )
  );
}
