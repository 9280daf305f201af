/** The batched reads of requests to confirm tasks; a part of the loaders of each step. */
import DataLoader from 'dataloader';
import type { Viewer } from '../commands/viewer.ts';
import {
  readConfirmations,
  readNewestConfirmations,
  type ConfirmationRecord,
} from '../store/confirmations.ts';
import type { Database } from '../store/database.ts';

/** By the id of a task that the viewer may see. */
export interface ConfirmationLoaders {
  /** Null if there is none. */
  readonly newestConfirmations: DataLoader<string, ConfirmationRecord | null>;
  /** The newest first. */
  readonly confirmations: DataLoader<string, readonly ConfirmationRecord[]>;
}

/** Loaders for one step of an operation of this viewer. */
export function createConfirmationLoaders(
  database: Database,
  { organizationId }: Viewer,
): ConfirmationLoaders {
  return {
    newestConfirmations: new DataLoader(async (taskIds) => {
      const found = await readNewestConfirmations(database, organizationId, taskIds);
      return taskIds.map((id) => found.get(id) ?? null);
    }),
    confirmations: new DataLoader(async (taskIds) => {
      const found = await readConfirmations(database, organizationId, taskIds);
      return taskIds.map((id) => found.get(id) ?? []);
    }),
  };
}
