import type pg from 'pg';

/**
 * Runs `work` between BEGIN and COMMIT on one connection of the pool; a throw rolls back. If the connection breaks, PostgreSQL has rolled back,
 * or, when it broke while it committed, nobody knows: so whoever calls must not simply do it again.
 */
export async function allOrNothing<T>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const breaks = (error: Error): void => {
    broken = error;
  };
  // The pool itself listens to idle connections only, and an error that nobody listens to would end the process.
  client.on('error', breaks);
  try {
    await client.query('BEGIN');
    const value = await work(client);
    await client.query('COMMIT');
    return value;
  } catch (error) {
    // The first error is the one to tell. A connection that can't even roll back does not go back to the others.
    await client.query('ROLLBACK').catch(breaks);
    throw error;
  } finally {
    client.off('error', breaks);
    client.release(broken);
  }
}
