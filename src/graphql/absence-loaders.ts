/** The batched reads around absences; a part of the loaders of each step. */
import DataLoader from 'dataloader';
import { may, type Viewer } from '../commands/viewer.ts';
import { readAbsences, type AbsenceRecord } from '../store/absences.ts';
import { readAway, type AwayNow } from '../store/absent-now.ts';
import type { Database } from '../store/database.ts';
import { byId } from './found-loader.ts';

export interface AbsenceLoaders {
  /** By key; null also where the viewer may not see it: partners see their own. */
  readonly absences: DataLoader<string, AbsenceRecord | null>;
  /** Everybody who is absent on the day, `YYYY-MM-DD`. */
  readonly away: DataLoader<string, readonly AwayNow[]>;
}

/** Loaders for one step of an operation of this viewer. */
export function createAbsenceLoaders(database: Database, viewer: Viewer): AbsenceLoaders {
  const { organizationId } = viewer;
  return {
    absences: new DataLoader(async (ids) => {
      const found = byId(await readAbsences(database, organizationId, ids));
      return ids.map((id) => {
        const absence = found.get(id);
        return absence && (may(viewer, 'work') || absence.userId === viewer.userId) ? absence : null;
      });
    }),
    away: new DataLoader((days) => Promise.all(days.map((day) => readAway(database, organizationId, day)))),
  };
}
