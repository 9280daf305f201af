/** What follows for a task when its status changes. */
import type { Moment } from './command.ts';
import type { TaskData, TaskStatus } from './state.ts';
import { isFinished } from './transition.ts';
import { pending } from './unbegun.ts';

/** The task with another status since now. A schedule that has let it go on once is over, also for what is stopped. */
export function withStatus(task: TaskData, status: TaskStatus, moment: Moment): TaskData {
  const { now, actor } = moment;
  if (status === 'PENDING' && task.status === 'SCHEDULED')
    return { ...task, ...pending(moment), scheduleRanAt: now };
  if (status === 'PENDING' && task.status !== 'ON_HOLD') return { ...task, ...pending(moment) };
  const moved: TaskData = {
    ...task,
    status,
    statusAt: now,
    statusBy: actor,
    statusBeforeHold: status === 'ON_HOLD' ? task.status : null,
    failure: null,
  };
  if (isFinished(status)) return { ...moved, finishedAt: now, finishedBy: actor };
  // Resuming what was in progress before the hold does not start it a second time.
  if (status === 'IN_PROGRESS' && task.startedAt === null)
    return { ...moved, startedAt: now, startedBy: actor };
  return moved;
}
