/** Automations that run, in few words: their contents, publishing them, and letting run what is due. */
import { createAutomation } from '../../src/automation/automations.ts';
import { publishAutomation } from '../../src/automation/automations-life.ts';
import type { ActionDefinition, AutomationContent } from '../../src/automation/content.ts';
import { runAutomation, type RunningContext } from '../../src/automation/run.ts';
import type { Caller, CommandResult } from '../../src/commands/execute.ts';
import type { TaskDefinition } from '../../src/engine/definition.ts';
import type { Database } from '../../src/store/database.ts';
import { RUN_AUTOMATION, type RunAutomationPayload } from '../../src/store/run-jobs.ts';
import type { TestClock } from './clock.ts';
import { silentLog } from './live-fixture.ts';
import { task } from './workflow.ts';

/** A step; the run ends with it if it fails, unless told. */
export function action(
  key: string,
  type: string,
  config: ActionDefinition['config'] = {},
  parts: Partial<ActionDefinition> = {},
): ActionDefinition {
  return { key, name: key, type, allowsFailure: false, config, ...parts };
}

/** Sets attributes of the run's entity, by their paths. */
export function setting(
  key: string,
  values: Readonly<Record<string, string>>,
  parts: Partial<ActionDefinition> = {},
): ActionDefinition {
  const attributes = Object.entries(values).map(([target, value]) => ({ target, mode: 'SET', value }));
  return action(key, 'UPDATE_ENTITY', { attributes }, parts);
}

/** Fails (LIST_ON_THE_WAY) as long as the entity's attribute `blocked` is a list. */
export function unlessBlocked(key: string, parts: Partial<ActionDefinition> = {}): ActionDefinition {
  return setting(key, { 'blocked.by': key }, parts);
}

/** Waits until somebody calls back. */
export function waiting(key: string, expiresInHours = 1): ActionDefinition {
  return action(key, 'WAIT_FOR_CALLBACK', { expiresInHours });
}

/** An automation that anybody runs by hand on any entity, and that sets the attribute `done` unless told otherwise. */
export function automation(parts: Partial<AutomationContent> = {}): AutomationContent {
  return {
    name: 'Automation',
    description: null,
    triggers: [{ type: 'MANUAL', entitySchema: null }],
    actions: [setting('mark', { done: 'yes' })],
    limit: null,
    ...parts,
  };
}

/** A task that runs the automation with this key: when it is reached, or (MANUAL) when somebody says so. */
export function automated(
  key: string,
  automationId: string,
  mode: 'AUTOMATIC' | 'MANUAL' = 'AUTOMATIC',
  parts: Partial<TaskDefinition> = {},
): TaskDefinition {
  return task(key, { type: 'AUTOMATION', automation: { automationId, mode, inputTaskKey: null }, ...parts });
}

/** What a command answered that must be done. */
export function valueOf<T>(result: CommandResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
  return result.value;
}

/** A published automation; answers its key. The caller needs the permission `design`. */
export async function publishedAutomation(
  caller: Caller,
  parts: Partial<AutomationContent> = {},
): Promise<string> {
  const automationId = valueOf(await createAutomation(caller, { content: automation(parts) }));
  valueOf(await publishAutomation(caller, { automationId }));
  return automationId;
}

/** What a workshop and a test API have in common. */
export interface RunFixture {
  readonly database: Database;
  readonly clock: TestClock;
}

export function runningContext({ database, clock }: RunFixture): RunningContext {
  return {
    database,
    clock: () => clock.now(),
    log: silentLog,
    publicUrl: () => 'https://handrail.example',
    random: () => 0.5,
  };
}

/** What jobs of each name do. */
export type Jobs = Readonly<Record<string, (payload: never) => Promise<void>>>;

/** More than a test can mean. */
const MANY_JOBS = 1_000;

// As the queue does it, but without its workers: what a job throws is the test's to see, and nothing is waited for.
const TAKE = `delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t
  where t.id = j.task_id and j.id = (
    select d.id from graphile_worker._private_jobs d join graphile_worker._private_tasks k on k.id = d.task_id
    where k.identifier = any($1) and d.run_at <= clock_timestamp() + $2 * interval '1 millisecond'
    order by d.run_at, d.id limit 1)
  returning t.identifier, j.payload`;

/**
 * Does the jobs of these names that are due, and those that follow from them, one after the other; answers how many. With `aheadMs` also those that
 * are planned for the time until then: move the clock as far before, for what asks the clock.
 */
export async function doJobs({ database }: RunFixture, jobs: Jobs, aheadMs = 0): Promise<number> {
  for (let count = 0; count < MANY_JOBS; count += 1) {
    const { rows } = await database.pool.query<{ identifier: string; payload: never }>(TAKE, [
      Object.keys(jobs),
      aheadMs,
    ]);
    const [job] = rows;
    if (!job) return count;
    await jobs[job.identifier]?.(job.payload);
  }
  throw new Error(`more than ${MANY_JOBS} jobs follow from each other`);
}

/** Lets all runs go on that can, until they wait or are over; answers how many jobs that took. See `doJobs`. */
export async function letRun(fixture: RunFixture, aheadMs = 0): Promise<number> {
  const context = runningContext(fixture);
  const jobs = { [RUN_AUTOMATION]: (payload: RunAutomationPayload) => runAutomation(context, payload) };
  return doJobs(fixture, jobs, aheadMs);
}
