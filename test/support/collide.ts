/** Commands that meet in the database. */
import { expect } from 'vitest';
import type { TestApi } from './api.ts';
import { keyOf } from './workflows.ts';
import { eventually } from './eventually.ts';

/** So many of what `make` makes. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** How many of the database's connections wait for a lock. */
async function waiting({ database }: TestApi): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.count ?? 0;
}

/**
 * Gives the commands while somebody holds the execution, each once the one before it waits in the queue, and then lets go of it: so they do
 * meet, and in this order.
 */
export async function colliding<T>(
  api: TestApi,
  executionId: string,
  commands: readonly (() => Promise<T>)[],
): Promise<T[]> {
  const holder = await api.database.pool.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from execution where id = $1 for update', [keyOf(executionId)]);
    const answers: Promise<T>[] = [];
    for (const next of commands) {
      answers.push(next());
      await eventually(async () => {
        expect(await waiting(api)).toBe(answers.length);
      });
    }
    await holder.query('commit');
    return await Promise.all(answers);
  } finally {
    holder.release();
  }
}

/** Attempts that the database broke off, by a deadlock for instance, and that were made again; counted from `resetStatements` on. */
export function repeats(api: TestApi, commands: number): number {
  return api.statements().filter((text) => text === 'BEGIN').length - commands;
}
