import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createBus } from '../../src/live/bus.ts';
import { createEventQueue } from '../../src/live/event-queue.ts';
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

test('an event that concerns several watched things is offered once', () => {
  const bus = createBus();
  const [user, team] = [randomUUID(), randomUUID()];
  const queue = createEventQueue(10);
  bus.join({ kind: 'ASSIGNEE', ids: [user, team] }, queue);
  bus.publish(stored(1, { audience: [team, user] }));
  expect(queue.take(10).map((event) => event.seq)).toEqual([1]);
});

test('the same id as another kind of thing is not offered', () => {
  const bus = createBus();
  const id = randomUUID();
  const queue = createEventQueue(10);
  bus.join({ kind: 'ENTITY', ids: [id] }, queue);
  bus.publish(stored(1, { executionId: id, audience: [id] }));
  expect(queue.take(10)).toEqual([]);
});

test('who joins all is offered every event once, until they leave', () => {
  const bus = createBus();
  const id = randomUUID();
  const queue = createEventQueue(10);
  const leave = bus.joinAll(queue);
  bus.join({ kind: 'ENTITY', ids: [id] }, queue);
  bus.publish(stored(1, { entityIds: [id] }));
  bus.publish(stored(2, {}));
  leave();
  bus.publish(stored(3, {}));
  expect(queue.take(10).map((event) => event.seq)).toEqual([1, 2]);
});

test('no topic is left after the last recipient', () => {
  const bus = createBus();
  const ids = [randomUUID(), randomUUID()];
  const leaves = [1, 2, 3].map(() => bus.join({ kind: 'ENTITY', ids }, createEventQueue(1)));
  expect(bus.topicCount).toBe(2);
  for (const leave of leaves) leave();
  expect(bus.topicCount).toBe(0);
});

test('a queue that overflows is empty and takes nothing until it is restarted', () => {
  const queue = createEventQueue(2);
  for (const seq of [1, 2, 3, 4]) queue.offer(stored(seq, {}));
  expect(queue.hasOverflowed).toBe(true);
  expect(queue.take(10)).toEqual([]);
  queue.restart();
  queue.offer(stored(5, {}));
  expect(queue.take(10).map((event) => event.seq)).toEqual([5]);
});
