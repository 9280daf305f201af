/** Signals between the servers of one test database. */
import { vi } from 'vitest';
import { createLive, type Live } from '../../src/live/live.ts';
import type { Signal } from '../../src/live/signal/signal.ts';
import { silentLog, type LiveFixture } from './live-fixture.ts';

/** Longer than any test: only a signal tells of other servers' commits. */
export const NEVER_MS = 3_600_000;

/** A silent log whose warnings are counted. */
export function countingLog() {
  const warn = vi.fn();
  return { log: Object.assign(Object.create(silentLog) as typeof silentLog, { warn }), warn };
}

/** Resolves at the next call of the signal's listeners; the first one says that it hears from now on. */
export function nextSignal(signal: Signal): Promise<void> {
  return new Promise((resolve) => {
    const stop = signal.onSignal(() => {
      stop();
      resolve();
    });
  });
}

/** Another server with subscribers; disposing closes it and leaves the signal to whoever opened it. */
export function openServer(
  fixture: LiveFixture,
  options: { readonly signal: Signal; readonly pollMs?: number },
): { readonly live: Live } & AsyncDisposable {
  const database = fixture.openAnother();
  const live = createLive({ database, log: silentLog, pollMs: NEVER_MS, ...options });
  return {
    live,
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
