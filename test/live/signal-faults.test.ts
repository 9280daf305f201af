import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLive, type Live } from '../../src/live/live.ts';
import { startPostgresSignal } from '../../src/live/signal/postgres-signal.ts';
import type { Signal } from '../../src/live/signal/signal.ts';
import {
  nextSeqs,
  openLiveFixture,
  silentLog,
  taskEvent,
  type LiveFixture,
} from '../support/live-fixture.ts';
import { nextSignal, openServer } from '../support/signals.ts';

let fixture: LiveFixture;
let sending: Signal;
let hearing: Signal;
let writer: Live;

beforeAll(async () => {
  fixture = await openLiveFixture();
  const { connectionString, database } = fixture;
  sending = startPostgresSignal({ connectionString, database, log: silentLog });
  hearing = startPostgresSignal({ connectionString, database, log: silentLog });
  await nextSignal(hearing);
  writer = createLive({ database, log: silentLog, signal: sending });
});
afterAll(async () => {
  for (const part of [writer, sending, hearing, fixture]) await part[Symbol.asyncDispose]();
});

/** After how many milliseconds a signal arrives, and again: nothing loses it, two double it, long ones let others overtake it. */
type Fate = readonly number[];

/** Does to each signal what its turn says, beginning anew after the last one. */
function faulty(signal: Signal, fates: readonly Fate[]): Signal {
  let turn = 0;
  return {
    send() {
      signal.send();
    },
    onSignal: (listener) =>
      signal.onSignal(() => {
        for (const ms of fates[turn % fates.length] ?? []) {
          if (ms === 0) listener();
          else setTimeout(listener, ms);
        }
        turn += 1;
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

test('signals that are lost, doubled, late or overtaken do no harm: each event comes once, in order', async () => {
  const { organizationId } = fixture;
  const fates = fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(40)), { maxLength: 3 }), { minLength: 1 });
  const commits = fc.array(fc.record({ events: fc.integer({ min: 1, max: 3 }), isWaitedFor: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(fates, commits, async (fateOf, changes) => {
      const watched = { kind: 'EXECUTION', ids: [randomUUID()] } as const;
      await using server = openServer(fixture, { signal: faulty(hearing, fateOf), pollMs: 20 });
      await using received = await server.live.follow({ organizationId, watched, after: null });
      const committed: Promise<number[]>[] = [];
      for (const { events, isWaitedFor } of changes) {
        const made = Array.from({ length: events }, () => taskEvent({ executionId: watched.ids[0] }));
        const commit = fixture
          .commit(...made)
          .then((end) => made.map((_, index) => end - events + 1 + index));
        committed.push(commit);
        if (isWaitedFor) await commit;
      }
      const seqs = (await Promise.all(committed)).flat().sort((a, b) => a - b);
      expect(await nextSeqs(received, seqs.length)).toEqual(seqs);
      // Nothing came twice: the next event is the next commit's.
      const next = await fixture.commit(taskEvent({ executionId: watched.ids[0] }));
      expect(await nextSeqs(received, 1)).toEqual([next]);
    }),
    { numRuns: 15 },
  );
});
