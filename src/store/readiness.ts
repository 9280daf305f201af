import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { MigrationError, pendingMigrations } from './migrations.ts';

/** The result of each check: `ok`, or in a few words what is wrong. */
export interface StoreReadiness {
  readonly [check: string]: string;
  readonly database: string;
  readonly migrations: string;
}

/** Longer than this, and an operator's probe would have given up. In ms. */
const PATIENCE_MS = 2_000;

/** The result, or an error once patience is at its end. */
function inTime<T>(result: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    void result.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

/**
 * Makes the check whether the database answers and has every migration of the folder. It answers within two seconds and never throws; the
 * reasons are logged. While one look at the database has no answer, later probes wait for that one: in an outage they don't pile up.
 */
export function createStoreCheck(pool: Pool, migrations: string, log: Logger): () => Promise<StoreReadiness> {
  let looking: Promise<readonly string[]> | undefined;

  function look(): Promise<readonly string[]> {
    looking ??= pendingMigrations(pool, migrations).finally(() => {
      looking = undefined;
    });
    return looking;
  }

  return async () => {
    try {
      const pending = await inTime(look());
      return { database: 'ok', migrations: pending.length === 0 ? 'ok' : `pending: ${pending.join(', ')}` };
    } catch (error) {
      return explain(error, log);
    }
  };
}

function explain(error: unknown, log: Logger): StoreReadiness {
  log.warn({ err: error }, 'not ready');
  // The texts of these errors are written for operators; those of the driver may name hosts and users.
  if (error instanceof MigrationError) return { database: 'ok', migrations: error.message };
  return { database: 'not reachable', migrations: 'unknown' };
}
