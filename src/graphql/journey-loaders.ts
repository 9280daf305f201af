/** The batched reads around journeys; a part of the loaders of each step. */
import type DataLoader from 'dataloader';
import { may, visibilityScope, type Viewer } from '../commands/viewer.ts';
import type { Database } from '../store/database.ts';
import { readSessions, type SessionRecord } from '../store/journey-sessions.ts';
import {
  readSubmissions,
  readSubmissionsOfSessions,
  type SubmissionRecord,
} from '../store/journey-submissions.ts';
import { readJourneys, type JourneyRecord } from '../store/journeys.ts';
import { byId, foundLoaders } from './found-loader.ts';

/** Null where nothing is found. Partners can't read journeys, and only what belongs to tasks of their own. */
export interface JourneyLoaders {
  readonly journeys: DataLoader<string, JourneyRecord | null>;
  readonly journeySessions: DataLoader<string, SessionRecord | null>;
  readonly journeySubmissions: DataLoader<string, SubmissionRecord | null>;
  /** By the session's id. */
  readonly submissionsOfSessions: DataLoader<string, SubmissionRecord | null>;
}

/** Loaders for one step of an operation of this viewer. */
export function createJourneyLoaders(database: Database, viewer: Viewer): JourneyLoaders {
  const { organizationId } = viewer;
  const scope = visibilityScope(viewer);
  const loader = foundLoaders(true);
  return {
    journeys: foundLoaders(may(viewer, 'work'))(
      async (ids) => byId(await readJourneys(database, organizationId, ids)),
      (journey) => journey,
    ),
    journeySessions: loader(
      async (ids) => byId(await readSessions(database, organizationId, ids, scope)),
      (session) => session,
    ),
    journeySubmissions: loader(
      async (ids) => byId(await readSubmissions(database, organizationId, ids, scope)),
      (submission) => submission,
    ),
    submissionsOfSessions: loader(
      (ids) => readSubmissionsOfSessions(database, organizationId, ids, scope),
      (submission) => submission,
    ),
  };
}
