/** What a token is of. */
import type { Database } from '../store/database.ts';
import { findSession, readSessions, type SessionRecord } from '../store/journey-sessions.ts';
import { findPublicJourney, type JourneyRecord } from '../store/journeys.ts';
import { frozen, storedContent, storedSessionContent, type SessionContent } from './content.ts';
import { isToken, publicKeyOf, publicSessionId } from './token.ts';

/** A session, or the public link of which there is none yet. */
export type Found =
  | { readonly type: 'SESSION'; readonly organizationId: string; readonly session: SessionRecord }
  | {
      readonly type: 'LINK';
      readonly organizationId: string;
      readonly journey: JourneyRecord;
    };

/** What has this token; null for nothing. */
export async function find(database: Database, token: string): Promise<Found | null> {
  if (!isToken(token)) return null;
  const place = await findSession(database, token);
  if (place) {
    const [session] = await readSessions(database, place.organizationId, [place.id], null);
    if (session) return { type: 'SESSION', organizationId: place.organizationId, session };
  }
  const publicKey = publicKeyOf(token);
  const journey = publicKey === null ? null : await findPublicJourney(database, publicKey);
  return journey && { type: 'LINK', organizationId: journey.organizationId, journey };
}

/** What its session says, or will say. */
export function foundContent(found: Found): SessionContent {
  return found.type === 'SESSION'
    ? storedSessionContent(found.session.content)
    : frozen(storedContent(found.journey.content), false);
}

/** The journey that it is of. */
export function journeyIdOf(found: Found): string {
  return found.type === 'SESSION' ? found.session.journeyId : found.journey.id;
}

/** The id that its session has, or will have. */
export function sessionIdOf(found: Found, token: string): string {
  return found.type === 'SESSION' ? found.session.id : publicSessionId(token);
}
