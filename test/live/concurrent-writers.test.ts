import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLive } from '../../src/live/live.ts';
import type { NewEvent } from '../../src/store/event-log.ts';
import type { Watched } from '../../src/store/event-replay.ts';
import { openLiveFixture, silentLog, taskEvent, type LiveFixture } from '../support/live-fixture.ts';

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

const END = 'END';

/** Events of the watched execution (true) and of another (false). */
function eventsOf(pattern: readonly boolean[], watchedId: string): NewEvent[] {
  return pattern.map((isWatched) => taskEvent({ executionId: isWatched ? watchedId : randomUUID() }));
}

/** Which numbers the log has for the execution after `from`, read without any of the live layer. */
async function loggedSeqs(executionId: string, from: number): Promise<number[]> {
  const { rows } = await fixture.database.pool.query<{ seq: string }>(
    `select seq from event where organization_id = $1 and execution_id = $2 and seq > $3 order by seq`,
    [fixture.organizationId, executionId, from],
  );
  return rows.map((row) => Number(row.seq));
}

async function receiveUntilEnd(events: AsyncGenerator<{ seq: number; type: string }>): Promise<number[]> {
  const seqs: number[] = [];
  for await (const event of events) {
    seqs.push(event.seq);
    if (event.type === END) break;
  }
  return seqs;
}

test('whoever joins while others write gets every event after its position, in order, once', async () => {
  await using live = createLive({ database: fixture.database, log: silentLog, queueCapacity: 8 });
  const transactions = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 25,
  });
  // Where each subscriber goes on from: a number of events before the log's end, or the end itself.
  const backs = fc.array(fc.option(fc.nat(20)), { minLength: 1, maxLength: 6 });

  await fc.assert(
    fc.asyncProperty(transactions, transactions, backs, async (before, during, joiners) => {
      const executionId = randomUUID();
      const watched: Watched = { kind: 'EXECUTION', ids: [executionId] };
      const { organizationId } = fixture;
      let position = await fixture.commit(taskEvent({}));
      for (const pattern of before) position = await fixture.commit(...eventsOf(pattern, executionId));

      const writes = during.map((pattern) => fixture.commit(...eventsOf(pattern, executionId)));
      const subscribers = joiners.map(async (back) => {
        const after = back === null ? null : Math.max(0, position - back);
        const events = await live.follow({ organizationId, watched, after });
        return { after, received: receiveUntilEnd(events) };
      });
      const accepted = await Promise.all(subscribers);
      await Promise.all(writes);
      await fixture.commit(taskEvent({ executionId, type: END }));

      for (const { after, received } of accepted) {
        // Without a position it started somewhere during the writes; from its first event on nothing may be missing.
        const seqs = await received;
        const logged = await loggedSeqs(executionId, after ?? (seqs[0] ?? 0) - 1);
        expect(seqs).toEqual(logged);
      }
    }),
    { numRuns: 40 },
  );
  expect(live.organizationCount).toBe(0);
});
