import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { archiveEvents, readDueForArchiving } from '../../src/store/event-archive.ts';
import { readHistory, readVisibleEvents, type HistoryOf } from '../../src/store/event-history.ts';
import { readEvents, ReplayWindowError, type StoredEvent } from '../../src/store/event-log.ts';
import { replayEvents, type WatchedKind } from '../../src/store/event-replay.ts';
import { openLiveFixture, someViewer, taskEvent, type LiveFixture } from '../support/live-fixture.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop } from '../support/workshop.ts';

const NOON = '2026-03-02T12:00:00.000Z';
const EVENING = '2026-03-02T20:00:00.000Z';

let fixture: LiveFixture;
let organizationId: string;
/** What all events of an organization's log are about. */
let taskId: string;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
beforeEach(async () => {
  taskId = randomUUID();
  ({ organizationId } = await someViewer(fixture.database, randomUUID(), 'ann'));
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

/** Appends an event for each time, one commit for each. */
async function append(...times: readonly string[]): Promise<void> {
  for (const now of times) {
    await fixture.database.transaction({ organizationId, actorId: null, now }, (tx) => {
      const ids = { subjectId: taskId, taskId, executionId: taskId, entityIds: [taskId, taskId] };
      tx.record(taskEvent({ ...ids, audience: [taskId] }));
      return Promise.resolve();
    });
  }
}

function noons(count: number): string[] {
  return Array.from({ length: count }, () => NOON);
}

function archive(limit: number, horizon = EVENING): Promise<number> {
  return archiveEvents(fixture.database, organizationId, horizon, limit);
}

function history(): Promise<StoredEvent[]> {
  return readHistory(fixture.database, organizationId, 'ENTITY', taskId, null, {
    before: null,
    limit: 1_000,
  });
}

async function repeatedUntil(work: Promise<unknown>, step: () => Promise<void>): Promise<void> {
  const state = { isDone: false };
  const end = (): void => {
    state.isDone = true;
  };
  work.then(end, end);
  while (!state.isDone) await step();
  await work;
}

/** The numbers of the events in the table. */
async function seqsIn(table: 'event' | 'event_archive' | 'event_archive_entity'): Promise<number[]> {
  const { rows } = await fixture.database.pool.query<{ seq: number }>(
    `select seq from ${table} where organization_id = $1 order by seq`,
    [organizationId],
  );
  return rows.map(({ seq }) => seq);
}

function readFrom(from: number): Promise<StoredEvent[]> {
  return readEvents(fixture.database, organizationId, from, Number.MAX_SAFE_INTEGER, 100);
}

describe('histories', () => {
  test('are the same for everybody, page by page, wherever the archive begins', async () => {
    await using shop = await openWorkshop();
    const { database, viewer } = shop;
    const partner = await someViewer(database, 'lindental', 'paul');
    const set = [{ type: 'USER', id: partner.userId }] as const;
    const entityId = await shop.entity();
    const mine = await shop.start({ tasks: [task('a', { assignees: set }), task('b')] }, [entityId]);
    const lost = await shop.start({ tasks: [task('a', { assignees: set }), task('b')] }, [entityId]);
    await shop.give(lost, 'a', 'START_TASK');
    await shop.give(lost, 'a', 'ASSIGN_TASK', { set: [] });
    for (const id of [lost, mine]) await shop.give(id, 'b', 'COMPLETE_TASK');

    const asked = [
      ['EXECUTION', mine],
      ['EXECUTION', lost],
      ['TASK', (await shop.task(lost, 'a')).id],
      ['ENTITY', entityId],
    ] as const;
    const seqs = (await shop.events()).map(({ seq }) => seq);
    const pages = async (of: HistoryOf, id: string, scope: string[] | null): Promise<StoredEvent[]> => {
      const found: StoredEvent[] = [];
      for (;;) {
        const page = { before: found.at(-1)?.seq ?? null, limit: 2 };
        const events = await readHistory(database, viewer.organizationId, of, id, scope, page);
        found.push(...events);
        if (events.length < 2) return found;
      }
    };
    const everything = async () => {
      const found: StoredEvent[][] = [];
      for (const scope of [null, [partner.userId]]) {
        for (const [of, id] of asked) found.push(await pages(of, id, scope));
        const byNumber = await readVisibleEvents(database, viewer.organizationId, seqs, scope);
        found.push(byNumber.sort((one, other) => one.seq - other.seq));
      }
      return found;
    };
    const before = await everything();
    expect(before.every((events) => events.length > 1)).toBe(true);
    for (const size of [3, Math.floor(seqs.length / 2), seqs.length]) {
      await archiveEvents(database, viewer.organizationId, '2027-01-01T00:00:00.000Z', size);
      expect(await everything()).toEqual(before);
    }
  });

  test('hold each event once while others archive and append', async () => {
    await append(...noons(60));
    const archiving = Promise.all(Array.from({ length: 20 }, () => archive(4)));
    await repeatedUntil(archiving, async () => {
      const [events] = await Promise.all([history(), append(NOON)]);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => events.length - index));
    });
    expect((await archiving).reduce((sum, count) => sum + count, 0)).toBe(
      (await seqsIn('event_archive')).length,
    );
  });
});

describe('reading on', () => {
  // Of notifications it is the same statement as of what is assigned.
  type Reader = Exclude<WatchedKind, 'NOTIFIED'> | 'FEED';
  const readers: Readonly<Record<Reader, (from: number) => Promise<StoredEvent[]>>> = {
    FEED: readFrom,
    EXECUTION: (from) => replay('EXECUTION', from),
    ENTITY: (from) => replay('ENTITY', from),
    ASSIGNEE: (from) => replay('ASSIGNEE', from),
    SUBJECT: (from) => replay('SUBJECT', from),
  };

  function replay(kind: WatchedKind, from: number): Promise<StoredEvent[]> {
    const range = { from, to: 1_000, limit: 2 };
    return replayEvents(fixture.database, organizationId, { kind, ids: [taskId] }, range);
  }

  test.each(Object.entries(readers))('from before the archive’s end fails: %s', async (_, read) => {
    await append(...noons(5));
    await archive(3);
    await expect(read(2)).rejects.toBeInstanceOf(ReplayWindowError);
    await expect(read(0)).rejects.toMatchObject({ position: 5 });
    expect((await read(3)).map(({ seq }) => seq)).toEqual([4, 5]);
    expect(await read(5)).toEqual([]);
  });

  test('gives everything or fails, also while events are archived', async () => {
    await append(...noons(40));
    const archiving = (async () => {
      while ((await archive(1)) > 0);
    })();
    let from = 0;
    await repeatedUntil(archiving, async () => {
      const start = from;
      const seqs = await readFrom(start).then(
        (events) => events.map(({ seq }) => seq),
        (error: unknown) => {
          expect(error).toBeInstanceOf(ReplayWindowError);
          return null;
        },
      );
      if (seqs === null) from += 1;
      else expect(seqs).toEqual(Array.from({ length: 40 - start }, (_, index) => start + 1 + index));
    });
  });
});

describe('archiving', () => {
  test('takes what comes before the first event that is recent, and nothing behind it', async () => {
    await append(NOON, NOON, EVENING, NOON);
    expect(await archive(100)).toBe(2);
    expect(await archive(100)).toBe(0);
    expect([await seqsIn('event_archive'), await seqsIn('event')]).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(await archive(100, '2026-03-03T00:00:00.000Z')).toBe(2);
    await append(EVENING);
    expect((await readFrom(4)).map(({ seq }) => seq)).toEqual([5]);
  });

  test('is due for the organizations whose first event is old, the oldest first', async () => {
    const due = () => readDueForArchiving(fixture.database, '2001-01-01T00:00:00.000Z', 10);
    await append('2000-03-02T00:00:00.000Z', EVENING);
    const younger = organizationId;
    ({ organizationId } = await someViewer(fixture.database, randomUUID(), 'ann'));
    await append('2000-03-01T00:00:00.000Z', '2000-03-03T00:00:00.000Z');
    expect(await due()).toEqual([organizationId, younger]);
    await archive(1);
    expect(await due()).toEqual([younger, organizationId]);
    await archive(1);
    expect(await due()).toEqual([younger]);
    organizationId = younger;
    await archive(10);
    expect(await due()).toEqual([]);
  });

  test('moves each event once, in order, whoever does it at the same time and in whatever batches', async () => {
    const limits = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), limits, async (old, batches) => {
        ({ organizationId } = await someViewer(fixture.database, randomUUID(), 'ann'));
        await append(...noons(old), EVENING);
        const counts = await Promise.all(batches.map((limit) => archive(limit)));
        const moved = counts.reduce((sum, count) => sum + count, 0);
        const archived = await seqsIn('event_archive');
        expect(archived).toHaveLength(moved);
        expect(moved).toBeGreaterThanOrEqual(Math.min(old, ...batches));
        expect([...archived, ...(await seqsIn('event'))]).toEqual(
          Array.from({ length: old + 1 }, (_, index) => index + 1),
        );
        expect(await seqsIn('event_archive_entity')).toEqual(archived);
        expect((await readFrom(moved)).map(({ seq }) => seq)).toEqual(await seqsIn('event'));
      }),
      { numRuns: 15 },
    );
  });

  test('that breaks off leaves nothing half done', async () => {
    await append(...noons(4));
    const { pool } = fixture.database;
    await pool.query('insert into event_archive select * from event where organization_id = $1 and seq = 3', [
      organizationId,
    ]);
    await expect(archive(10)).rejects.toThrow('event_archive_pkey');
    expect([await seqsIn('event_archive'), await seqsIn('event_archive_entity')]).toEqual([[3], []]);
    expect((await readFrom(0)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    await pool.query('delete from event_archive where organization_id = $1', [organizationId]);
    expect(await archive(10)).toBe(4);
  });
});
