import { Client, DatabaseError } from 'pg';
import { StartError } from '../start-error.ts';

/**
 * Makes sure that the database answers, before anything is built on it.
 *
 * @param connectionString - `postgresql://…`
 * @throws {StartError} which says why not, without user and password.
 */
export async function requireDatabase(connectionString: string): Promise<void> {
  const client = new Client({
    connectionString,
    // Instead of waiting for the operating system, which takes minutes to give up on a silent server. In ms.
    connectionTimeoutMillis: 10_000,
  });
  try {
    await client.connect();
  } catch (error) {
    const { host, pathname } = new URL(connectionString);
    throw new StartError(
      `The database ${host}${pathname} cannot be used: ${reasonOf(error)}. Start it, or correct DATABASE_URL.`,
    );
  }
  await client.end();
}

/** Why a start ends whose database answered first and then went away. */
export function wentAway(error: unknown): StartError {
  return new StartError(
    `The database went away while the server started: ${reasonOf(error)}. Start the server again.`,
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof DatabaseError) return error.message;
  // Node tries every address of a name and reports the failures together, with an empty message.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
