/** Tasks that nobody has begun yet: new ones, and those that are put back. */
import type { Moment } from './command.ts';
import { withoutAttempts } from './lease.ts';
import type { TaskData } from './state.ts';

type WorkField =
  | 'status'
  | 'statusBeforeHold'
  | 'statusAt'
  | 'statusBy'
  | 'startedAt'
  | 'startedBy'
  | 'finishedAt'
  | 'finishedBy'
  | 'skipReason'
  | 'failure';
type ArrivalField = 'isReached' | 'reachedAt' | 'scheduledFor' | 'scheduleRanAt' | 'isLate' | 'idleSince';

/** Pending since now, neither started nor finished. */
export function pending({ now, actor }: Moment): Pick<TaskData, WorkField> {
  return {
    status: 'PENDING',
    statusBeforeHold: null,
    statusAt: now,
    statusBy: actor,
    startedAt: null,
    startedBy: null,
    finishedAt: null,
    finishedBy: null,
    skipReason: null,
    failure: null,
  };
}

/** Pending as if it had never been reached: its schedule begins anew, what was decided is forgotten. */
export function unbegun(
  moment: Moment,
): Pick<TaskData, WorkField | ArrivalField | 'decided' | 'iterations' | 'runState' | 'confirmationRequest'> {
  return {
    ...pending(moment),
    isReached: false,
    reachedAt: null,
    scheduledFor: null,
    scheduleRanAt: null,
    isLate: false,
    idleSince: null,
    decided: null,
    iterations: 0,
    runState: null,
    confirmationRequest: null,
  };
}

/** The task as if it had never been reached. One that was pending all along stays so since then. */
export function putBack(task: TaskData, moment: Moment): TaskData {
  const { status, statusAt, statusBy } = task;
  const externalWork = withoutAttempts(task);
  return {
    ...task,
    ...unbegun(moment),
    externalWork,
    ...(status === 'PENDING' ? { statusAt, statusBy } : {}),
  };
}

type NewField =
  | keyof ReturnType<typeof unbegun>
  | 'runCount'
  | 'confirmationCount'
  | 'claimedById'
  | 'dueAnchorAt'
  | 'escalated'
  | 'hasOpenRequirements'
  | 'isEnabled'
  | 'version';

/** What all tasks have in common when they come into being; `derive` works out the derived fields. */
export function brandNew(moment: Moment): Pick<TaskData, NewField> {
  return {
    ...unbegun(moment),
    runCount: 0,
    confirmationCount: 0,
    claimedById: null,
    dueAnchorAt: null,
    escalated: [],
    hasOpenRequirements: false,
    isEnabled: false,
    version: 1,
  };
}
