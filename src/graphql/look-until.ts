/** Waiting, within bounds, for the event log to come to a place. */
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/** How long somebody waits, and by which time; tests have their own. */
export interface Patience {
  readonly timeoutMs: number;
  /** In milliseconds, from any beginning. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** As long as an answer may wait for the position that it has to contain: 5 s. */
export const AT_LEAST_PATIENCE: Patience = {
  timeoutMs: 5_000,
  now: () => performance.now(),
  pause: (milliseconds) => delay(milliseconds),
};

/**
 * Looks, again after pauses that grow from 10 to 250 ms, until the log has come to number `wanted` or the time is up.
 *
 * @returns the number that the last look found.
 */
export async function lookUntil(
  look: () => Promise<number>,
  wanted: number,
  { timeoutMs, now, pause }: Patience,
): Promise<number> {
  const end = now() + timeoutMs;
  for (let length = FIRST_PAUSE_MS; ; length = Math.min(2 * length, LONGEST_PAUSE_MS)) {
    const found = await look();
    const left = end - now();
    if (found >= wanted || left <= 0) return found;
    await pause(Math.min(length, left));
  }
}
