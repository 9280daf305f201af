/** A PostgreSQL server of the proof's own that can be stopped as if its machine had failed. */
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { realpath } from 'node:fs/promises';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../../src/store/embedded/embedded-postgres.ts';
import { findPostmaster, isAlive } from '../../../src/store/embedded/postmaster.ts';
import { openGateway } from '../../support/gateway.ts';

export interface BreakableStore extends AsyncDisposable {
  /** Always the same, whichever port the server has. */
  readonly connectionString: string;
  /** Stops it in the middle of everything and starts it again, from which it recovers. */
  crash(): Promise<void>;
}

/** Starts it on an empty folder, with the durability of production: what was committed outlasts the crash. */
export async function startBreakableStore(dataDir: string): Promise<BreakableStore> {
  const log = pino({ level: 'silent' });
  let postgres = await startEmbeddedPostgres({ dataDir, log });
  const gateway = await openGateway(postgres.connectionString);
  return {
    connectionString: gateway.url,
    async crash() {
      const running = await findPostmaster(join(await realpath(join(dataDir, 'postgresql')), 'data'));
      if (!running) throw new Error('there is no PostgreSQL to stop');
      gateway.shut();
      // An immediate shutdown: no session ends in order, nothing is written out.
      process.kill(running.pid, 'SIGQUIT');
      while (isAlive(running.pid)) await delay(20);
      await postgres[Symbol.asyncDispose]();
      postgres = await startEmbeddedPostgres({ dataDir, log });
      gateway.lead(postgres.connectionString);
      gateway.open();
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    },
  };
}
