import { expect, test } from 'vitest';
import { proveResume } from '../prove/resume-proof.ts';
import { createTestDatabase } from '../support/database.ts';

/** `npm run prove:resume` does the same with 10,000 changes. */
test('a client that is cut off again and again gets every event of its subscription, in order', async () => {
  await using database = await createTestDatabase();
  const proof = await proveResume({
    databaseUrl: database.connectionString,
    seed: 7,
    changes: 300,
    cuts: 20,
    writers: 4,
  });
  expect(proof.faults).toEqual([]);
  expect(proof.changes).toBeGreaterThan(250);
  expect(proof.subscriptions.map(({ name }) => name)).toEqual(['execution', 'entity', 'inbox']);
}, 60_000);
