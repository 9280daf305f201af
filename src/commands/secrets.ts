/** Secrets that take each other's place, the old ones good for a while longer. */
import { newSecret } from '../outgoing/signing.ts';
import type { EndpointSecret } from '../store/webhook-endpoints.ts';

/** How many can be good at the same time: each makes signatures longer, or is tried. */
const MAX_SECRETS = 5;

/** The earlier one of the two times. */
function earlier(a: string | null, b: string): string {
  return a !== null && a < b ? a : b;
}

/** Those of something new: one. */
export function firstSecrets(): [EndpointSecret] {
  return [{ secret: newSecret(), expiresAt: null, number: 1 }];
}

/** The secret that it was made with, if it has no newer one. */
export function stillFirst(secrets: readonly EndpointSecret[]): string | null {
  return secrets.find(({ number, expiresAt }) => number === 1 && expiresAt === null)?.secret ?? null;
}

/** A new secret, and those before it that are still good; `until`: they end then at the latest. */
export function rotated(
  secrets: readonly EndpointSecret[],
  now: string,
  until: string,
): [EndpointSecret, ...EndpointSecret[]] {
  const old = secrets.map((one) => ({ ...one, expiresAt: earlier(one.expiresAt, until) }));
  const good = old.filter(({ expiresAt }) => expiresAt > now).slice(0, MAX_SECRETS - 1);
  return [{ secret: newSecret(), expiresAt: null, number: (secrets[0]?.number ?? 0) + 1 }, ...good];
}
