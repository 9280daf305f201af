import { expect, test } from 'vitest';
import { startLocalNode } from '../prove/live/nodes.ts';
import { proveLive } from '../prove/live/proof.ts';
import { createTestDatabase } from '../support/database.ts';

const secret = 'a secret that nobody else has to know';

/** `npm run prove:live` does the same with 10,000 changes, processes that are killed and a database that is stopped. */
test('whatever breaks, subscribers have what the log says and lists are what queries answer', async () => {
  await using database = await createTestDatabase();
  const environment = {
    DATABASE_URL: database.connectionString,
    AUTH_SECRET: secret,
    DATABASE_POOL_SIZE: '4',
    WORKER: 'off',
  };
  await using first = await startLocalNode(environment);
  await using second = await startLocalNode(environment);
  const figures = await proveLive({
    nodes: [first, second],
    secret,
    databaseUrl: database.connectionString,
    seed: 3,
    changes: 150,
    writers: 4,
    subscribers: 12,
    kills: 1,
    cuts: 20,
    drops: 1,
  });
  expect(figures.faults).toEqual([]);
  expect(figures).toMatchObject({ changes: 150, kills: 2, drops: 1 });
}, 60_000);
