/** Time passes: what was scheduled goes on. */
import type { CommandContext } from './command.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { SYSTEM } from './system.ts';
import { isExecutionOpen } from './transition.ts';
import { pending } from './unbegun.ts';

/** What goes on this much later than it was scheduled for, in milliseconds, is late: less is what any timer takes. */
const LATE = 60_000;

/** The state in which every task whose time has come is no longer scheduled. Before that time, and in an execution that is over, nothing changes. */
export function wake(state: ExecutionState, { now }: CommandContext): ExecutionState {
  if (!isExecutionOpen(state.execution.status)) return state;
  const isDue = ({ status, scheduledFor }: TaskData): boolean =>
    status === 'SCHEDULED' && scheduledFor !== null && scheduledFor <= now;
  if (!state.tasks.some(isDue)) return state;
  return {
    ...state,
    tasks: state.tasks.map((task) =>
      isDue(task)
        ? {
            ...task,
            ...pending({ now, actor: SYSTEM }),
            scheduleRanAt: now,
            isLate: Date.parse(now) - Date.parse(task.scheduledFor ?? now) > LATE,
          }
        : task,
    ),
  };
}
