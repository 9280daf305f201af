import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLive } from '../../src/live/live.ts';
import { startRedisSignal } from '../../src/live/signal/redis-signal.ts';
import type { Signal } from '../../src/live/signal/signal.ts';
import {
  nextSeqs,
  openLiveFixture,
  silentLog,
  taskEvent,
  type LiveFixture,
} from '../support/live-fixture.ts';
import { freePort, hasRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { countingLog, nextSignal, openServer } from '../support/signals.ts';

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function startSignal(url: string, log = silentLog, { database } = fixture): Promise<Signal> {
  return startRedisSignal({ url, database, log });
}

async function startHearing(...args: Parameters<typeof startSignal>): Promise<Signal> {
  const signal = await startSignal(...args);
  await nextSignal(signal);
  return signal;
}

test('without Redis the server works by its poll, and says so once', async () => {
  const { log, warn } = countingLog();
  const url = `redis://127.0.0.1:${await freePort()}`;
  await using sending = await startSignal(url, log);
  await using _writer = createLive({ database: fixture.database, log: silentLog, signal: sending });
  await using hearing = await startSignal(url);
  await using server = openServer(fixture, { signal: hearing, pollMs: 20 });
  const { organizationId } = fixture;
  const watched = { kind: 'EXECUTION', ids: [randomUUID()] } as const;
  await using events = await server.live.follow({ organizationId, watched, after: null });
  const seq = await fixture.commit(taskEvent({ executionId: watched.ids[0] }));
  expect(await nextSeqs(events, 1)).toEqual([seq]);
  expect(warn).toHaveBeenCalledTimes(1);
});

describe.skipIf(!hasRedis)('with Redis,', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });

  test('what another server commits arrives, also after Redis was away, with what was committed meanwhile', async () => {
    const { log, warn } = countingLog();
    await using sending = await startHearing(redis.url);
    await using _writer = createLive({ database: fixture.database, log: silentLog, signal: sending });
    await using hearing = await startHearing(redis.url, log);
    await using server = openServer(fixture, { signal: hearing });
    const { organizationId } = fixture;
    const watched = { kind: 'EXECUTION', ids: [randomUUID()] } as const;
    await using events = await server.live.follow({ organizationId, watched, after: null });
    const commit = () => fixture.commit(taskEvent({ executionId: watched.ids[0] }));

    const first = await commit();
    expect(await nextSeqs(events, 1)).toEqual([first]);

    await redis.stop();
    const missed = await commit();
    const areBack = Promise.all([nextSignal(sending), nextSignal(hearing)]);
    await redis.start();
    expect(await nextSeqs(events, 1)).toEqual([missed]);
    await areBack;

    const last = await commit();
    expect(await nextSeqs(events, 1)).toEqual([last]);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  test('servers hear those of the same database, neither themselves nor another installation', async () => {
    await using stranger = await openLiveFixture();
    await using one = await startHearing(redis.url);
    await using other = await startHearing(redis.url);
    await using foreign = await startHearing(redis.url, silentLog, stranger);
    let heard = 0;
    for (const signal of [one, foreign]) signal.onSignal(() => (heard += 1));
    const arrived = nextSignal(other);
    one.send();
    await arrived;
    const answered = nextSignal(one);
    other.send();
    await answered;
    expect(heard).toBe(1);
  });
});
