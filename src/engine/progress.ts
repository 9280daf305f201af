import type { Progress, TaskData } from './state.ts';

/** How much of the tasks is done. */
export function progressOf(tasks: readonly Pick<TaskData, 'status'>[]): Progress {
  const count = (status: TaskData['status']): number => tasks.filter((task) => task.status === status).length;
  return { total: tasks.length, completed: count('COMPLETED'), skipped: count('SKIPPED') };
}
