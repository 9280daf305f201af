/** One transaction: state and events together, or neither. */
import type pg from 'pg';
import { allOrNothing } from './all-or-nothing.ts';
import { appendEvents, readPosition, type NewEvent } from './event-log.ts';
import type { TransactionScope } from './scope.ts';
import { bind, type Queryable, type Statement } from './statement.ts';

export interface Transaction extends TransactionScope, Queryable {
  /** Adds events to the organization's log when the transaction commits, in the order of the calls. */
  record(...events: readonly NewEvent[]): void;
}

interface Outcome<T> {
  readonly value: T;
  /** The organization's log position: of the last own event, or the current one if there was none. */
  readonly seq: number;
  readonly appended: boolean;
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization_failure, deadlock_detected, foreign_key_violation: what was
// found was deleted meanwhile, and is not found the next time. Never a lost connection: it may have committed.
const RETRYABLE = new Set(['40001', '40P01', '23503']);
const MAX_ATTEMPTS = 5;

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && RETRYABLE.has(String(error.code));
}

async function attempt<T>(
  client: pg.ClientBase,
  scope: TransactionScope,
  work: (tx: Transaction) => Promise<T>,
): Promise<Outcome<T>> {
  const events: NewEvent[] = [];
  const query = async <Row>(prepared: Statement<Row>, values: readonly unknown[]): Promise<Row[]> => {
    const answer = await client.query(bind(prepared, values));
    return answer.rows as Row[];
  };
  const tx: Transaction = {
    ...scope,
    query,
    record(...added) {
      events.push(...added);
    },
  };
  const value = await work(tx);
  // Last, so that the counter row, which every writer of the organization waits for, is locked as briefly as possible.
  const seq =
    events.length > 0 ? await appendEvents(tx, scope, events) : await readPosition(tx, scope.organizationId);
  return { value, seq, appended: events.length > 0 };
}

/** Runs `work` between BEGIN and COMMIT on one connection of the pool; see `Database.transaction`. */
export async function inTransaction<T>(
  pool: pg.Pool,
  scope: TransactionScope,
  work: (tx: Transaction) => Promise<T>,
): Promise<Outcome<T>> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await allOrNothing(pool, (client) => attempt(client, scope, work));
    } catch (error) {
      if (!isRetryable(error) || attempts === MAX_ATTEMPTS) throw error;
    }
  }
}
