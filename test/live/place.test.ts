import { expect, test } from 'vitest';
import { createBus } from '../../src/live/bus.ts';
import { createEventQueue } from '../../src/live/event-queue.ts';
import { takePlace } from '../../src/live/place.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import { taskEvent } from '../support/live-fixture.ts';

function stored(seq: number, about: Partial<StoredEvent>): StoredEvent {
  return {
    ...taskEvent(about),
    seq,
    at: '2026-11-23T08:00:00.000Z',
    actorId: null,
    runId: null,
    chainDepth: 0,
    onBehalfOfId: null,
  };
}

function setUp() {
  const bus = createBus();
  const queue = createEventQueue(10);
  return { bus, queue, place: takePlace(bus, queue, { kind: 'ENTITY', ids: ['a', 'b'] }, 'user') };
}

test('after a move, only what is watched then comes', () => {
  const { bus, queue, place } = setUp();
  bus.publish(stored(1, { entityIds: ['a'] }));
  place.move({ kind: 'ENTITY', ids: ['b', 'c'] });
  bus.publish(stored(2, { entityIds: ['a'] }));
  bus.publish(stored(3, { entityIds: ['b'] }));
  bus.publish(stored(4, { entityIds: ['c'] }));
  expect(queue.take(10).map(({ seq }) => seq)).toEqual([3, 4]);
});

test('nothing is left on the bus, also if somebody moves after they have left', () => {
  const { bus, place } = setUp();
  place.move({ kind: 'ENTITY', ids: ['c'] });
  place.leave();
  place.move({ kind: 'ENTITY', ids: ['d'] });
  expect(bus.topicCount).toBe(0);
});

test('what happens to the user or their teams touches the queue, what happens to their tasks does not', async () => {
  const { bus, queue } = setUp();
  const aborted = new AbortController();
  const filled = queue.filled(aborted.signal);
  bus.publish(stored(1, { audience: ['user'] }));
  let isFilled = false;
  void filled.then(() => {
    isFilled = true;
  });
  await Promise.resolve();
  expect(isFilled).toBe(false);
  bus.publish(stored(2, { subjectType: 'TEAM', audience: ['user'] }));
  await filled;
  expect(queue.take(10)).toEqual([]);
});
