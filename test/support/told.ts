/** What an operation left behind: the tasks' statuses, and what the log tells. */
import type { TestApi } from './api.ts';
import { eventCount, readExecution, type Running } from './workflows.ts';

/** The statuses of the execution's tasks by their names. */
export async function statusesOf(api: TestApi, { id }: Running): Promise<Record<string, string>> {
  const execution = await readExecution(api, api.member, id);
  if (!execution) throw new Error(`no execution ${id}`);
  return Object.fromEntries(execution.tasks.map(({ name, status }) => [name, status]));
}

/** The events that `work` brings about, in their order. */
export async function eventsDuring(api: TestApi, work: () => Promise<unknown>) {
  const before = await eventCount(api, api.admin);
  await work();
  return (await api.events(api.admin)).slice(before);
}
