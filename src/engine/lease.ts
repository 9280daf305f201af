/** That a worker has a task: how one begins, and what becomes of the task when it ends. */
import type { Moment } from './command.ts';
import type { ExternalReference, Instant } from './definition.ts';
import type { ExternalWork, LeaseEnd, TaskData } from './state.ts';

/** The longest that a worker may have a task without being heard of, and the shortest: a day, five seconds. */
export const LEASE_SECONDS = { min: 5, max: 86_400 } as const;

type Worked = Pick<TaskData, 'status' | 'externalWork'>;

/** Before the first lease. */
export function newWork({ retries }: ExternalReference): ExternalWork {
  return { lease: null, retriesLeft: retries, availableAt: null, lastFailure: null, handedBack: null };
}

/** Whether a worker has the task, as far as anybody has noticed. */
export function isLeased({ status, externalWork }: Worked): boolean {
  return status === 'IN_PROGRESS' && externalWork?.lease?.end === null;
}

/** Whether a worker has the task at that moment: what has expired is lost, also if nobody has noticed. */
export function holdsLease(task: Worked, now: Instant): boolean {
  return isLeased(task) && (task.externalWork?.lease?.expiresAt ?? '') > now;
}

export function hasExpired({ externalWork }: Pick<TaskData, 'externalWork'>): boolean {
  return externalWork?.lease?.end === 'EXPIRED';
}

/** Whether a worker gave the task to people. */
export function isHandedBack({ externalWork }: Pick<TaskData, 'externalWork'>): boolean {
  return externalWork !== null && externalWork.handedBack !== null;
}

/** Whether it is for people: a worker gave it to them, or somebody has claimed it. */
export function isPeoples({
  externalWork,
  claimedById,
}: Pick<TaskData, 'externalWork' | 'claimedById'>): boolean {
  return isHandedBack({ externalWork }) || claimedById !== null;
}

/**
 * From when on a worker may take the task: while another has it, from the end of that lease on. Null if none may: it is not enabled, a person works
 * on it or has claimed it, or it was handed back.
 */
export function readyAt(
  task: Pick<TaskData, 'status' | 'externalWork' | 'claimedById' | 'isEnabled' | 'reachedAt'>,
): Instant | null {
  const { externalWork: work, isEnabled, status, reachedAt } = task;
  if (!work || !isEnabled || isPeoples(task)) return null;
  if (isLeased(task)) return work.lease?.expiresAt ?? null;
  return status === 'PENDING' ? (work.availableAt ?? reachedAt) : null;
}

function endedLease({ lease, ...work }: ExternalWork, end: LeaseEnd, now: Instant): ExternalWork {
  if (lease?.end !== null) return { ...work, lease };
  // Whatever ends it after its time: it was over before.
  return { ...work, lease: { ...lease, end: lease.expiresAt <= now ? 'EXPIRED' : end } };
}

/** The task without a worker: pending if one had it, so that nothing is in progress that nobody works on. Otherwise the same. */
export function withLeaseEnded(task: TaskData, end: LeaseEnd, now: Instant): TaskData {
  if (!isLeased(task) || !task.externalWork) return task;
  return { ...task, status: 'PENDING', externalWork: endedLease(task.externalWork, end, now) };
}

/** The task, if a worker has it, pending since now as if nobody had begun it. Otherwise the same. */
export function putDown(task: TaskData, end: LeaseEnd, { now, actor }: Moment): TaskData {
  if (!isLeased(task)) return task;
  return {
    ...withLeaseEnded(task, end, now),
    statusAt: now,
    statusBy: actor,
    startedAt: null,
    startedBy: null,
  };
}

/** The work as if there had been no attempts. Leases keep their numbers: one that was given is never given again. */
export function withoutAttempts({ external, externalWork }: TaskData): ExternalWork | null {
  if (!external || !externalWork) return null;
  const { lease } = externalWork;
  const ended = lease?.end === null ? ({ ...lease, end: 'ENDED' } as const) : lease;
  return { ...newWork(external), lease: ended };
}
