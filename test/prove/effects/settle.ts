/** Waiting until everything is quiet. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Remainder } from './read-findings.ts';

/** So long nothing may change while something is left to do. In ms. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 300;

function nameOf({ runs, messages, events }: Remainder): string {
  return `${runs} runs, ${messages} messages, ${events} events`;
}

/**
 * Waits until nothing is left to do.
 *
 * @param onWaiting - told what is left.
 * @param steps - what has happened so far; as long as it grows, patience does not end.
 * @returns what is left when nothing has changed for a minute; null if nothing is.
 */
export async function settle(
  read: () => Promise<Remainder>,
  steps: () => number,
  onWaiting: (left: string) => void,
): Promise<string | null> {
  let seen = '';
  for (let since = performance.now(); performance.now() - since < PATIENCE_MS;) {
    const left = await read();
    if (left.runs + left.messages + left.events === 0) return null;
    onWaiting(nameOf(left));
    const now = `${nameOf(left)}, ${steps()} steps`;
    if (now !== seen) since = performance.now();
    seen = now;
    await delay(LOOK_MS);
  }
  return seen;
}
