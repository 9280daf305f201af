import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLive } from '../../src/live/live.ts';
import { startPostgresSignal } from '../../src/live/signal/postgres-signal.ts';
import type { Signal } from '../../src/live/signal/signal.ts';
import type { Queryable } from '../../src/store/statement.ts';
import {
  nextSeqs,
  openLiveFixture,
  silentLog,
  taskEvent,
  type LiveFixture,
} from '../support/live-fixture.ts';
import { freePort } from '../support/redis.ts';
import { countingLog, nextSignal, openServer } from '../support/signals.ts';
import { eventually } from '../support/eventually.ts';

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function startSignal(database: Queryable = fixture.database, log = silentLog): Signal {
  return startPostgresSignal({ connectionString: fixture.connectionString, database, log });
}

async function startHearing(...args: Parameters<typeof startSignal>): Promise<Signal> {
  const signal = startSignal(...args);
  await nextSignal(signal);
  return signal;
}

function breakListeners(): Promise<unknown> {
  return fixture.database.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'handrail-listener' and datname = current_database()`);
}

test('what another server commits arrives by the signal, though nobody watches there', async () => {
  await using sending = startSignal();
  await using _writer = createLive({ database: fixture.database, log: silentLog, signal: sending });
  await using hearing = await startHearing();
  await using server = openServer(fixture, { signal: hearing });
  const { organizationId } = fixture;
  const watched = { kind: 'EXECUTION', ids: [randomUUID()] } as const;
  await using events = await server.live.follow({ organizationId, watched, after: null });
  const seq = await fixture.commit(taskEvent({ executionId: watched.ids[0] }));
  expect(await nextSeqs(events, 1)).toEqual([seq]);
});

test('a server does not hear its own signals', async () => {
  await using one = await startHearing();
  await using other = await startHearing();
  const heard = vi.fn();
  one.onSignal(heard);
  const arrived = nextSignal(other);
  one.send();
  await arrived;
  // PostgreSQL keeps the order: what one has sent itself has reached it before this.
  const answered = nextSignal(one);
  other.send();
  await answered;
  expect(heard).toHaveBeenCalledTimes(1);
});

test('a thousand signals at once are two, and the last one is never lost', async () => {
  const notifications: string[] = [];
  await using database = fixture.openAnother((text) => {
    if (text.includes('pg_notify')) notifications.push(text);
  });
  const signal = startSignal(database);
  for (let n = 0; n < 1_000; n += 1) signal.send();
  await signal[Symbol.asyncDispose]();
  expect(notifications).toHaveLength(2);
});

test('a connection that is cut comes back, with what was committed meanwhile, and is logged once', async () => {
  const { log, warn } = countingLog();
  await using sending = startSignal();
  await using _writer = createLive({ database: fixture.database, log: silentLog, signal: sending });
  await using hearing = await startHearing(fixture.database, log);
  await using server = openServer(fixture, { signal: hearing });
  const { organizationId } = fixture;
  const watched = { kind: 'EXECUTION', ids: [randomUUID()] } as const;
  await using events = await server.live.follow({ organizationId, watched, after: null });
  const isHearingAgain = nextSignal(hearing);
  await breakListeners();
  const missed = await fixture.commit(taskEvent({ executionId: watched.ids[0] }));
  expect(await nextSeqs(events, 1)).toEqual([missed]);
  await isHearingAgain;
  const next = await fixture.commit(taskEvent({ executionId: watched.ids[0] }));
  expect(await nextSeqs(events, 1)).toEqual([next]);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('without a database nobody who sends is disturbed, and each of the two outages is logged once', async () => {
  const { log, warn } = countingLog();
  const query = vi.fn(() => Promise.reject(new Error('down')));
  const connectionString = `postgresql://127.0.0.1:${await freePort()}/gone`;
  await using signal = startPostgresSignal({ connectionString, database: { query }, log });
  signal.send();
  signal.send();
  await eventually(() => {
    expect(query).toHaveBeenCalledTimes(2);
    expect(warn).toHaveBeenCalledTimes(2);
  });
});
