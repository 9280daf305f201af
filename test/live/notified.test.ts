/** Notifications are heard by their user alone, live and from the log. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLive, type Live } from '../../src/live/live.ts';
import type { NewEvent } from '../../src/store/event-log.ts';
import type { Watched } from '../../src/store/event-replay.ts';
import {
  nextSeqs,
  openLiveFixture,
  silentLog,
  taskEvent,
  type LiveFixture,
} from '../support/live-fixture.ts';

let fixture: LiveFixture;
let live: Live;
beforeAll(async () => {
  fixture = await openLiveFixture();
  live = createLive({ database: fixture.database, log: silentLog });
});
afterAll(async () => {
  await live[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

const [userId, subjectId] = [randomUUID(), randomUUID()];
const task: NewEvent = taskEvent({ subjectId, audience: [userId] });
const notification: NewEvent = { ...task, type: 'NOTIFICATION_CREATED', subjectType: 'NOTIFICATION' };

const hears: readonly (readonly [Watched, 'task' | 'notification'])[] = [
  [{ kind: 'NOTIFIED', ids: [userId] }, 'notification'],
  [{ kind: 'ASSIGNEE', ids: [userId] }, 'task'],
  [{ kind: 'SUBJECT', ids: [subjectId] }, 'task'],
];

test.each(hears)('$0.kind hears of a $1 only', async (watched, kind) => {
  const start = await fixture.commit(taskEvent({}));
  const follow = (after: number) => live.follow({ organizationId: fixture.organizationId, watched, after });
  await using asItHappens = await follow(start);
  const seqs = { notification: await fixture.commit(notification), task: await fixture.commit(task) };
  const others = { notification: await fixture.commit(notification), task: await fixture.commit(task) };
  await using fromTheLog = await follow(start);
  for (const events of [asItHappens, fromTheLog])
    expect(await nextSeqs(events, 2)).toEqual([seqs[kind], others[kind]]);
});
