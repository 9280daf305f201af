import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLive } from '../../src/live/live.ts';
import type { Watched } from '../../src/store/event-replay.ts';
import {
  nextSeqs,
  openLiveFixture,
  silentLog,
  taskEvent,
  type LiveFixture,
} from '../support/live-fixture.ts';
import { eventually } from '../support/eventually.ts';

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

const executionId = randomUUID();
const watched: Watched = { kind: 'EXECUTION', ids: [executionId] };

test('what another server commits arrives', async () => {
  await using database = fixture.openAnother();
  await using live = createLive({ database, log: silentLog, pollMs: 10 });
  await using events = await live.follow({ organizationId: fixture.organizationId, watched, after: null });
  const seq = await fixture.commit(taskEvent({ executionId }));
  expect(await nextSeqs(events, 1)).toEqual([seq]);
});

test('nothing is lost while the database does not answer', async () => {
  await using database = fixture.openAnother();
  let isDown = false;
  let refused = 0;
  const query = database.query.bind(database);
  database.query = (prepared, values) => {
    if (!isDown) return query(prepared, values);
    refused += 1;
    return Promise.reject(new Error('the database is down'));
  };
  await using live = createLive({ database, log: silentLog, pollMs: 5 });
  await using events = await live.follow({ organizationId: fixture.organizationId, watched, after: null });
  isDown = true;
  const first = await fixture.commit(taskEvent({ executionId }));
  const second = await fixture.commit(taskEvent({ executionId }));
  await eventually(() => {
    expect(refused).toBeGreaterThan(2);
  });
  isDown = false;
  expect(await nextSeqs(events, 2)).toEqual([first, second]);
});

test('a subscription that the database does not answer is refused and leaves nothing behind', async () => {
  await using database = fixture.openAnother();
  database.query = () => Promise.reject(new Error('the database is down'));
  await using live = createLive({ database, log: silentLog });
  await expect(live.follow({ organizationId: fixture.organizationId, watched, after: null })).rejects.toThrow(
    'the database is down',
  );
  expect(live.organizationCount).toBe(0);
});
