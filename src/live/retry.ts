/** Reads of the log that outlast the database's absence. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ReplayWindowError } from '../store/event-log.ts';

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5_000;

/**
 * Repeats `read` until it succeeds, with growing pauses; each failure is logged.
 *
 * @throws the signal's reason once it is aborted, also in the middle of a pause.
 * @throws ReplayWindowError, which no patience helps against.
 */
export async function untilRead<T>(
  read: () => Promise<T>,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<T> {
  for (let pause = FIRST_DELAY_MS; ; pause = Math.min(2 * pause, LONGEST_DELAY_MS)) {
    signal.throwIfAborted();
    try {
      return await read();
    } catch (error) {
      if (error instanceof ReplayWindowError) throw error;
      log.warn({ err: error, retryInMs: pause }, 'the event log could not be read');
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
