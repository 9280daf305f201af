/** Dead path elimination: what no way leads to any more is skipped, and put back once a way is open again. */
import type { Moment } from './command.ts';
import { livenessOf } from './liveness.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { SYSTEM } from './system.ts';
import { isFinished } from './transition.ts';
import { withoutAttempts } from './lease.ts';
import { unbegun } from './unbegun.ts';

/** The state with every dead open task skipped by the system, and every task that was skipped like that but is not dead any more pending. */
export function eliminateDeadPaths(state: ExecutionState, { now }: Moment): ExecutionState {
  const { isDead } = livenessOf(state);
  const tasks = state.tasks.map((task) => withLiveness(task, isDead(task), now));
  const isSame = tasks.every((task, index) => task === state.tasks[index]);
  return isSame ? state : { ...state, tasks };
}

function withLiveness(task: TaskData, isDead: boolean, now: string): TaskData {
  if (isDead && !isFinished(task.status))
    return {
      ...task,
      ...unbegun({ now, actor: SYSTEM }),
      externalWork: withoutAttempts(task),
      status: 'SKIPPED',
      skipReason: 'BRANCH_NOT_TAKEN',
      finishedAt: now,
      finishedBy: SYSTEM,
      startedAt: task.startedAt,
      startedBy: task.startedBy,
    };
  if (!isDead && task.skipReason !== null) return { ...task, ...unbegun({ now, actor: SYSTEM }) };
  return task;
}
