import { setTimeout as pause } from 'node:timers/promises';
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
const patience = 2000;

/** Whether the database answers and has every migration of the folder. Never throws; the reasons are logged. */
export async function checkStore(pool: Pool, migrations: string, log: Logger): Promise<StoreReadiness> {
  const abort = new AbortController();
  const late = pause(patience, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`no answer within ${patience} ms`);
  });
  try {
    await Promise.race([pool.query('select 1'), late]);
    const pending = await Promise.race([pendingMigrations(pool, migrations), late]);
    return { database: 'ok', migrations: pending.length === 0 ? 'ok' : `pending: ${pending.join(', ')}` };
  } catch (error) {
    return explain(error, log);
  } finally {
    late.catch(() => undefined);
    abort.abort();
  }
}

function explain(error: unknown, log: Logger): StoreReadiness {
  log.warn({ err: error }, 'not ready');
  // The texts of these errors are written for operators; those of the driver may name hosts and users.
  if (error instanceof MigrationError) return { database: 'ok', migrations: error.message };
  return { database: 'not reachable', migrations: 'unknown' };
}
