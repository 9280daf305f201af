/** Runs of a workshop, in few words: starting them, reading them, reading what was told of them. */
import { startRun } from '../../src/commands/automation-runs.ts';
import type { ActionDefinition } from '../../src/automation/content.ts';
import type { RunRecord } from '../../src/store/automation-runs.ts';
import { readRunOfTask, readRuns } from '../../src/store/automation-run-reads.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import { automated, publishedAutomation, valueOf } from './automation-runs.ts';
import type { Workshop } from './workshop.ts';

/** Starts the automation by hand; answers the run's id. */
export async function startOn(shop: Workshop, automationId: string, entityId: string): Promise<string> {
  return valueOf(await startRun(shop.caller, { automationId, entityId }));
}

export async function readRun(shop: Workshop, id: string): Promise<RunRecord> {
  const [found] = await readRuns(shop.database, shop.viewer.organizationId, [id], null);
  if (!found) throw new Error(`no run ${id}`);
  return found;
}

/** The newest run of the execution's task `a`. */
export async function runOfTask(shop: Workshop, executionId: string): Promise<RunRecord> {
  const { id, runCount } = await shop.task(executionId, 'a');
  return readRun(shop, (await readRunOfTask(shop.database, shop.viewer.organizationId, id, runCount)) ?? '');
}

/** Starts an execution whose only task `a` runs these actions. */
export async function startTask(
  shop: Workshop,
  actions: readonly ActionDefinition[],
  mode: 'AUTOMATIC' | 'MANUAL' = 'AUTOMATIC',
): Promise<string> {
  const automationId = await publishedAutomation(shop.caller, { actions });
  return shop.start({ tasks: [automated('a', automationId, mode)] });
}

/** The last event of the run. */
export async function lastOf(shop: Workshop, runId: string): Promise<StoredEvent | undefined> {
  return (await shop.events()).findLast(({ subjectId }) => subjectId === runId);
}
