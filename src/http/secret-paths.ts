/** Addresses whose last part is a secret: whoever has one may use it, so it is never logged. */

import { isJourneyPath, loggedJourneyPath } from './journeys.ts';

/** Each with the slash before the secret. */
const PREFIXES = ['/callbacks/', '/confirmations/'] as const;

/** The secret of a path that begins like this; null if it is another path. */
export function secretOf(path: string, prefix: (typeof PREFIXES)[number]): string | null {
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/** The path as it may be logged: without a secret. */
export function loggedPath(path: string): string {
  if (isJourneyPath(path)) return loggedJourneyPath(path);
  const prefix = PREFIXES.find((known) => path.startsWith(known));
  return prefix === undefined ? path : `${prefix}…`;
}
