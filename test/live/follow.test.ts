import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LiveStoppedError, UnknownPositionError } from '../../src/live/errors.ts';
import { createLive, type Live } from '../../src/live/live.ts';
import type { NewEvent } from '../../src/store/event-log.ts';
import type { Watched } from '../../src/store/event-replay.ts';
import {
  nextSeqs,
  openLiveFixture,
  silentLog,
  someViewer,
  taskEvent,
  type LiveFixture,
} from '../support/live-fixture.ts';

let fixture: LiveFixture;
let live: Live;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});
beforeEach(() => {
  live = createLive({ database: fixture.database, log: silentLog });
});
afterEach(async () => {
  const left = live.organizationCount;
  await live[Symbol.asyncDispose]();
  expect(left, 'every test ends its subscriptions').toBe(0);
});

function watch(watched: Watched, after: number | null = null) {
  return live.follow({ organizationId: fixture.organizationId, watched, after });
}

describe('what is watched', () => {
  const [executionId, entityId, contextEntityId, userId, teamId] = Array.from({ length: 5 }, () =>
    randomUUID(),
  ) as [string, string, string, string, string];
  const event: NewEvent = taskEvent({
    executionId,
    entityIds: [entityId, contextEntityId],
    audience: [userId, teamId],
  });
  const everyKind: readonly Watched[] = [
    { kind: 'EXECUTION', ids: [executionId] },
    { kind: 'ENTITY', ids: [contextEntityId] },
    { kind: 'ASSIGNEE', ids: [userId, teamId] },
  ];

  test.each(everyKind)('an event reaches $kind live, once', async (watched) => {
    await using events = await watch(watched);
    const first = await fixture.commit(event);
    const second = await fixture.commit(event);
    expect(await nextSeqs(events, 2)).toEqual([first, second]);
  });

  test.each(everyKind)('an event reaches $kind from the log, once', async (watched) => {
    const first = await fixture.commit(event);
    const second = await fixture.commit(event);
    await using events = await watch(watched, first - 1);
    expect(await nextSeqs(events, 2)).toEqual([first, second]);
  });

  test('an event arrives as it was recorded', async () => {
    await using events = await watch({ kind: 'EXECUTION', ids: [executionId] });
    const seq = await fixture.commit({ ...event, data: { status: 'COMPLETED' } });
    expect(await events.next()).toMatchObject({
      done: false,
      value: {
        ...event,
        data: { status: 'COMPLETED' },
        seq,
        actorId: null,
        at: expect.stringMatching(/Z$/) as string,
      },
    });
  });

  test('events of other executions do not arrive', async () => {
    await using events = await watch({ kind: 'EXECUTION', ids: [executionId] });
    await fixture.commit(taskEvent({ executionId: randomUUID() }));
    const own = await fixture.commit(event);
    expect(await nextSeqs(events, 1)).toEqual([own]);
  });

  test('events of another organization do not arrive, even about the same id', async () => {
    const other = await someViewer(fixture.database, 'other', 'ann');
    await using events = await watch({ kind: 'EXECUTION', ids: [executionId] });
    const scope = { organizationId: other.organizationId, actorId: null, now: new Date().toISOString() };
    await fixture.database.transaction(scope, (tx) => {
      tx.record(event);
      return Promise.resolve();
    });
    const own = await fixture.commit(event);
    expect(await nextSeqs(events, 1)).toEqual([own]);
  });
});

describe('where it starts', () => {
  const executionId = randomUUID();
  const watched: Watched = { kind: 'EXECUTION', ids: [executionId] };

  test('without a position it starts with what is committed after the subscription was accepted', async () => {
    await fixture.commit(taskEvent({ executionId }));
    await using events = await watch(watched);
    const next = await fixture.commit(taskEvent({ executionId }));
    expect(await nextSeqs(events, 1)).toEqual([next]);
  });

  test('with a position it starts right after it and goes on live', async () => {
    const last = await fixture.commit(...Array.from({ length: 450 }, () => taskEvent({ executionId })));
    await using events = await watch(watched, last - 450);
    const next = await fixture.commit(taskEvent({ executionId }));
    expect(await nextSeqs(events, 451)).toEqual(
      Array.from({ length: 451 }, (_, index) => next - 450 + index),
    );
  });

  test('a position beyond the end of the log is refused', async () => {
    const end = await fixture.commit(taskEvent({}));
    await expect(watch(watched, end + 1)).rejects.toThrow(UnknownPositionError);
  });

  test('a position at the end of the log is not refused, although the feed has not come there', async () => {
    await using first = await watch(watched);
    const end = await fixture.commit(taskEvent({ executionId }));
    await using second = await watch(watched, end);
    const next = await fixture.commit(taskEvent({ executionId }));
    expect(await nextSeqs(second, 1)).toEqual([next]);
    expect(await nextSeqs(first, 2)).toEqual([end, next]);
  });
});

describe('a slow subscriber', () => {
  test('gets everything that its queue could not hold from the log', async () => {
    await using small = createLive({ database: fixture.database, log: silentLog, queueCapacity: 3 });
    const executionId = randomUUID();
    await using events = await small.follow({
      organizationId: fixture.organizationId,
      watched: { kind: 'EXECUTION', ids: [executionId] },
      after: null,
    });
    const first = await fixture.commit(taskEvent({ executionId }));
    const received = await nextSeqs(events, 1);
    for (let round = 0; round < 3; round += 1) {
      await fixture.commit(...Array.from({ length: 300 }, () => taskEvent({ executionId })));
      // One is left over each time, so that the next overflow comes in the middle of a batch.
      received.push(...(await nextSeqs(events, 299)));
    }
    received.push(...(await nextSeqs(events, 3)));
    expect(received).toEqual(Array.from({ length: 901 }, (_, index) => first + index));
  });
});

describe('the end', () => {
  const watched: Watched = { kind: 'EXECUTION', ids: [randomUUID()] };

  test('ends a waiting next', async () => {
    const events = await watch(watched);
    const waiting = events.next();
    await events.return(undefined);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('ends a subscription that was never asked for anything', async () => {
    const events = await watch(watched);
    expect(live.organizationCount).toBe(1);
    await events.return(undefined);
    expect(live.organizationCount).toBe(0);
  });

  test('comes with an aborted signal', async () => {
    const client = new AbortController();
    const events = await live.follow({
      organizationId: fixture.organizationId,
      watched,
      after: null,
      signal: client.signal,
    });
    const waiting = events.next();
    client.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('tells a waiting subscriber that the server stops', async () => {
    const stopping = createLive({ database: fixture.database, log: silentLog });
    const events = await stopping.follow({ organizationId: fixture.organizationId, watched, after: null });
    const waiting = events.next();
    await stopping[Symbol.asyncDispose]();
    await expect(waiting).rejects.toThrow(LiveStoppedError);
    expect(stopping.organizationCount).toBe(0);
  });

  test('leaves nothing behind after a thousand subscribers', async () => {
    const all = await Promise.all(Array.from({ length: 1_000 }, () => watch(watched)));
    await Promise.all(all.map((events) => events.return(undefined)));
    expect(live.organizationCount).toBe(0);
  });
});
