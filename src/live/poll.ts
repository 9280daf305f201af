/**
 * The safety net below the in-process wake-ups: looks regularly whether logs have grown, so that commits of other servers on the same
 * database arrive too. (NOTIFY would take a lock on the whole database at commit, and halve the write throughput.)
 */
import type { Queryable } from '../store/statement.ts';
import type { Logger } from 'pino';
import { readPositions } from '../store/event-log.ts';

export interface PollOptions {
  readonly database: Queryable;
  readonly log: Logger;
  /** The pause between two looks, in milliseconds. */
  readonly pollMs: number;
  /** The organizations to look at; none: the database is not asked. */
  readonly watched: () => readonly string[];
  /** Called with each organization's last event number. */
  readonly onPosition: (organizationId: string, seq: number) => void;
}

/** Looks until the answered function is called. One statement per look, for any number of organizations; never two at once. */
export function startPoll({ database, log, pollMs, watched, onPosition }: PollOptions): () => void {
  let isStopped = false;
  let isFailing = false;
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    return setTimeout(() => void look(), pollMs).unref();
  }

  async function look(): Promise<void> {
    const organizationIds = watched();
    try {
      if (organizationIds.length > 0) {
        const positions = await readPositions(database, organizationIds);
        if (!isStopped) for (const [organizationId, seq] of positions) onPosition(organizationId, seq);
      }
      isFailing = false;
    } catch (error) {
      // Once per outage: at two looks a second the log would hold nothing else.
      if (!isFailing && !isStopped)
        log.warn({ err: error }, 'the positions of the event logs could not be read');
      isFailing = true;
    }
    if (!isStopped) timer = schedule();
  }

  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
