/** Time passes: what was scheduled goes on, what nobody confirmed in time fails, and leases end. When it has to be looked at next. */
import type { CommandContext } from './command.ts';
import { confirmationEnds, expire } from './confirmations.ts';
import type { Instant } from './definition.ts';
import { nextEscalationAt } from './escalation.ts';
import { holdsLease, isLeased, putDown } from './lease.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { SYSTEM } from './system.ts';
import { isExecutionOpen } from './transition.ts';
import { pending } from './unbegun.ts';

/** What goes on this much later than it was scheduled for, in milliseconds, is late: less is what any timer takes. */
const LATE = 60_000;

/**
 * The state in which every task whose time has come is no longer scheduled or waits no longer for a confirmation, and every worker whose time is over has lost its
 * task. Before that time, and in an execution that is over, nothing changes.
 */
export function wake(state: ExecutionState, { now }: CommandContext): ExecutionState {
  if (!isExecutionOpen(state.execution.status)) return state;
  const isDue = ({ status, scheduledFor }: TaskData): boolean =>
    status === 'SCHEDULED' && scheduledFor !== null && scheduledFor <= now;
  const hasLostWorker = (task: TaskData): boolean => isLeased(task) && !holdsLease(task, now);
  const changes = (task: TaskData): boolean =>
    isDue(task) || hasLostWorker(task) || expire(task, now) !== task;
  if (!state.tasks.some(changes)) return state;
  return {
    ...state,
    tasks: state.tasks.map((task) => {
      if (hasLostWorker(task)) return putDown(task, 'EXPIRED', { now, actor: SYSTEM });
      return isDue(task)
        ? {
            ...task,
            ...pending({ now, actor: SYSTEM }),
            scheduleRanAt: now,
            isLate: Date.parse(now) - Date.parse(task.scheduledFor ?? now) > LATE,
          }
        : expire(task, now);
    }),
  };
}

/** When the execution wants to be woken: for the first of its schedules, confirmations, leases and escalations; null if nothing waits for its time. */
export function wakeTime(state: ExecutionState, context: CommandContext): Instant | null {
  if (!isExecutionOpen(state.execution.status)) return null;
  const times = [...state.tasks.map(timeOf), nextEscalationAt(state, context)].filter(
    (time) => time !== null,
  );
  return times.sort()[0] ?? null;
}

/** When what the task waits for is over by itself; null if that has no time. */
function timeOf(task: TaskData): Instant | null {
  if (task.status === 'SCHEDULED') return task.scheduledFor;
  if (isLeased(task)) return task.externalWork?.lease?.expiresAt ?? null;
  return confirmationEnds(task);
}
