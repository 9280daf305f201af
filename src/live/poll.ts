/**
 * Looks whether logs have grown, so that commits of other servers on the same database arrive: when a signal says so, and regularly as the
 * safety net below signals, which may be lost.
 */
import type { Queryable } from '../store/statement.ts';
import type { Logger } from 'pino';
import { readPositions } from '../store/event-log.ts';
import { coalesce } from './coalesce.ts';
import { createOutage } from './outage.ts';

export interface PollOptions {
  readonly database: Queryable;
  readonly log: Logger;
  /** The longest pause between two looks, in milliseconds. */
  readonly pollMs: number;
  /** The organizations to look at; none: the database is not asked. */
  readonly watched: () => readonly string[];
  /** Called with each organization's last event number. */
  readonly onPosition: (organizationId: string, seq: number) => void;
}

/** Disposing ends the looking. */
export interface Poll extends Disposable {
  /** Looks at once, or once more after the look that is going on: never two at once. */
  lookNow(): void;
}

// With many servers that signal, looks would follow each other without a pause.
const LEAST_PAUSE_MS = 10;

/** One statement per look, for any number of organizations. */
export function startPoll({ database, log, pollMs, watched, onPosition }: PollOptions): Poll {
  const outage = createOutage(log, 'the positions of the event logs could not be read');
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const looks = coalesce(look, LEAST_PAUSE_MS);

  function schedule(): void {
    timer = setTimeout(looks.request.bind(looks), pollMs).unref();
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    const organizationIds = watched();
    try {
      if (organizationIds.length > 0) {
        const positions = await readPositions(database, organizationIds);
        if (!isStopped) for (const [organizationId, seq] of positions) onPosition(organizationId, seq);
      }
      outage.end();
    } catch (error) {
      if (!isStopped) outage.report(error);
    }
    if (!isStopped) schedule();
  }

  schedule();
  return {
    lookNow() {
      if (!isStopped) looks.request();
    },
    [Symbol.dispose]() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
