/** Whether what an outside form brings back is from it. */
import { isSignedBy } from '../outgoing/signing.ts';
import type { Database } from '../store/database.ts';
import { globalId } from '../store/global-id.ts';
import { readFullJourney } from '../store/journeys.ts';
import { journeyIdOf, type Found } from './found.ts';

/** What an outside form brings back, as Standard Webhooks signs it: with the session's id as that of the message. */
export interface SignedReturn {
  /** In seconds since 1970. */
  readonly timestamp: string;
  /** `v1,…`, several separated by spaces. */
  readonly signature: string;
  /** JSON, to the byte as it was signed. */
  readonly data: string;
}

/** Whether the journey's secret, or one before it that is still good, has signed it for this session within the last five minutes. */
export async function isSigned(
  { database, clock }: { readonly database: Database; readonly clock: () => Date },
  found: Found,
  id: string,
  { timestamp, signature, data }: SignedReturn,
): Promise<boolean> {
  const journey = await readFullJourney(database, found.organizationId, journeyIdOf(found));
  const now = clock();
  const good = (journey?.secrets ?? []).filter(
    ({ expiresAt }) => expiresAt === null || expiresAt > now.toISOString(),
  );
  const secrets = good.map(({ secret }) => secret);
  return isSignedBy(secrets, { id: globalId('JourneySession', id), timestamp, signature, body: data }, now);
}
