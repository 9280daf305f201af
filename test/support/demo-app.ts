/** The whole server in demo mode on a free port, over a database of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readDemoPeople } from '../../prisma/seed.ts';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { demoToken } from '../../src/demo.ts';
import { readDemoKey } from '../../src/http/demo-key.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { createTestDatabase } from './database.ts';

export interface DemoApp extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/graphql` */
  readonly url: string;
  readonly database: Database;
  /** A bearer token of somebody in the demo organization. */
  token(externalId: string): Promise<string>;
}

/** Starts it. Dispose it. */
export async function startDemoApp(): Promise<DemoApp> {
  const testDatabase = await createTestDatabase();
  const { connectionString } = testDatabase;
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-demo-'));
  const config = readConfig({ PORT: '0', DATABASE_URL: connectionString, DATA_DIR: dataDir });
  const log = pino({ level: 'silent' });
  const database = openDatabase({ connectionString, poolSize: 2, log });
  const app = await createApp(config, log);
  const { url } = await app.listen();
  return {
    url: new URL('/graphql', url).href,
    database,
    async token(externalId) {
      const person = (await readDemoPeople()).find((one) => one.externalId === externalId);
      const key = await readDemoKey(dataDir);
      if (!person || !key) throw new Error(`there is no token for ${externalId}`);
      return demoToken(key, person);
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await testDatabase[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true });
    },
  };
}
