/** The batched reads around runs of automations; a part of the loaders of each step. */
import DataLoader from 'dataloader';
import { may, visibilityScope, type Viewer } from '../commands/viewer.ts';
import { readNewestRuns } from '../store/automation-run-lists.ts';
import { readRuns } from '../store/automation-run-reads.ts';
import type { RunRecord } from '../store/automation-runs.ts';
import { readRunnableBySchema } from '../store/automations-list.ts';
import type { AutomationRecord } from '../store/automations.ts';
import type { Database } from '../store/database.ts';
import type { Automation } from '../store/generated/prisma/client.ts';
import { automationShape } from './automation-loaders.ts';

/** Null, or empty, where nothing is found that the viewer may see. */
export interface AutomationRunLoaders {
  readonly automationRuns: DataLoader<string, RunRecord | null>;
  /** By the task's id. */
  readonly newestRuns: DataLoader<string, RunRecord | null>;
  /** What can be run by hand on entities of a schema; nothing for partners. */
  readonly runnableAutomations: DataLoader<string, Automation[]>;
}

/** Loaders for one step of an operation of this viewer. */
export function createAutomationRunLoaders(database: Database, viewer: Viewer): AutomationRunLoaders {
  const { organizationId } = viewer;
  const scope = visibilityScope(viewer);
  const automationRuns = new DataLoader<string, RunRecord | null>(async (ids) => {
    const runs = new Map((await readRuns(database, organizationId, ids, scope)).map((run) => [run.id, run]));
    return ids.map((id) => runs.get(id) ?? null);
  });
  return {
    automationRuns,
    newestRuns: new DataLoader(async (taskIds) => {
      const runs = await readNewestRuns(database, organizationId, taskIds, scope);
      for (const run of runs.values()) automationRuns.prime(run.id, run);
      return taskIds.map((id) => runs.get(id) ?? null);
    }),
    runnableAutomations: new DataLoader(async (schemas) => {
      const found = may(viewer, 'work')
        ? await readRunnableBySchema(database, organizationId, schemas)
        : new Map<string, AutomationRecord[]>();
      return schemas.map((schema) =>
        (found.get(schema) ?? []).map((record) => automationShape(record, organizationId)),
      );
    }),
  };
}
