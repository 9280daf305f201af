import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NotAllowedError } from '../../src/live/errors.ts';
import type { Following } from '../../src/live/event-by-event.ts';
import type { Rights } from '../../src/live/follow.ts';
import { createLive, type Live } from '../../src/live/live.ts';
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

/** A user whose teams a test changes, and who may lose every right. */
interface Person {
  readonly id: string;
  teamIds: readonly string[];
  isActive: boolean;
  /** How often the rights were asked for. */
  asked: number;
}

function person(...teamIds: string[]): Person {
  return { id: randomUUID(), teamIds, isActive: true, asked: 0 };
}

function inbox({ id, teamIds }: Person): Watched {
  return { kind: 'ASSIGNEE', ids: [id, ...teamIds] };
}

async function follow(
  who: Person,
  watched: () => Watched = () => inbox(who),
  after: number | null = null,
): Promise<Following> {
  const rights = (): Promise<Rights | null> => {
    who.asked += 1;
    const visible: Rights['visible'] = (events) => Promise.resolve(events);
    return Promise.resolve(who.isActive ? { watched: watched(), visible } : null);
  };
  const { organizationId } = fixture;
  return live.follow({ organizationId, watched: watched(), after, subscriber: { userId: who.id, rights } });
}

/** What the log says when the teams of somebody change. */
function teamEvent({ id }: Person) {
  return taskEvent({ type: 'TEAM_UPDATED', subjectType: 'TEAM', audience: [id] });
}

function userEvent({ id }: Person) {
  return taskEvent({ type: 'USER_UPDATED', subjectType: 'USER', audience: [id] });
}

describe('what is watched', () => {
  test('becomes more without a gap, whenever the reader comes to look', async () => {
    const team = randomUUID();
    const who = person();
    await using events = await follow(who);
    who.teamIds = [team];
    const joined = await fixture.commit(teamEvent(who));
    const theirs = await fixture.commit(taskEvent({ audience: [team] }));
    const both = await fixture.commit(taskEvent({ audience: [team, who.id] }));
    expect(await nextSeqs(events, 3)).toEqual([joined, theirs, both]);
    const later = await fixture.commit(taskEvent({ audience: [team] }));
    expect(await nextSeqs(events, 1)).toEqual([later]);
  });

  test('becomes more for a reader who waits', async () => {
    const team = randomUUID();
    const who = person();
    await using events = await follow(who);
    const waiting = nextSeqs(events, 2);
    who.teamIds = [team];
    const joined = await fixture.commit(teamEvent(who));
    const theirs = await fixture.commit(taskEvent({ audience: [team] }));
    expect(await waiting).toEqual([joined, theirs]);
  });

  test('becomes less', async () => {
    const team = randomUUID();
    const who = person(team);
    await using events = await follow(who);
    const before = await fixture.commit(taskEvent({ audience: [team] }));
    expect(await nextSeqs(events, 1)).toEqual([before]);
    who.teamIds = [];
    const left = await fixture.commit(teamEvent(who));
    await fixture.commit(taskEvent({ audience: [team] }));
    const own = await fixture.commit(taskEvent({ audience: [who.id] }));
    expect(await nextSeqs(events, 2)).toEqual([left, own]);
  });

  test('changes many times, with the reader behind, and each event comes once and in order', async () => {
    const team = randomUUID();
    const who = person();
    await using events = await follow(who);
    const committed: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      who.teamIds = round % 2 === 0 ? [team] : [];
      committed.push(await fixture.commit(teamEvent(who)));
      committed.push(await fixture.commit(taskEvent({ audience: [who.id, team] })));
      if (round % 4 === 1) expect(await nextSeqs(events, 3)).toEqual(committed.splice(0, 3));
      if (round % 4 === 3) expect(await nextSeqs(events, 5)).toEqual(committed.splice(0, 5));
    }
    expect(committed).toEqual([]);
  });

  test('was outdated when the subscription began, and is not any more when events come', async () => {
    const team = randomUUID();
    const who = person();
    let isOutdated = true;
    const watched = (): Watched => {
      const ids = isOutdated ? [who.id] : [who.id, team];
      isOutdated = false;
      return { kind: 'ASSIGNEE', ids };
    };
    await using events = await follow(who, watched);
    const theirs = await fixture.commit(taskEvent({ audience: [team] }));
    expect(await nextSeqs(events, 1)).toEqual([theirs]);
  });
});

describe('somebody who may follow no longer', () => {
  const executionId = randomUUID();
  const watched: Watched = { kind: 'EXECUTION', ids: [executionId] };

  test('gets nothing more', async () => {
    const who = person();
    await using events = await follow(who, () => watched);
    const before = await fixture.commit(taskEvent({ executionId }));
    expect(await nextSeqs(events, 1)).toEqual([before]);
    who.isActive = false;
    await fixture.commit(taskEvent({ executionId }));
    await expect(events.next()).rejects.toThrow(NotAllowedError);
    expect(live.organizationCount).toBe(0);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test('is told at once, also if nothing happens to what they watch', async () => {
    const who = person();
    await using events = await follow(who, () => watched);
    const ended = expect(events.next()).rejects.toThrow(NotAllowedError);
    who.isActive = false;
    await fixture.commit(userEvent(who));
    await ended;
  });

  test('is not told what they had missed', async () => {
    const first = await fixture.commit(taskEvent({ executionId }));
    const who = person();
    who.isActive = false;
    await using events = await follow(who, () => watched, first - 1);
    await expect(events.next()).rejects.toThrow(NotAllowedError);
  });
});

test('the rights are asked for once for each batch', async () => {
  const executionId = randomUUID();
  const last = await fixture.commit(...Array.from({ length: 450 }, () => taskEvent({ executionId })));
  const who = person();
  const watched: Watched = { kind: 'EXECUTION', ids: [executionId] };
  await using events = await follow(who, () => watched, last - 450);
  expect(await nextSeqs(events, 450)).toHaveLength(450);
  expect(who.asked).toBe(3);
});

test('an event about the user themselves is not delivered where something else is watched', async () => {
  const executionId = randomUUID();
  const who = person();
  await using events = await follow(who, () => ({ kind: 'EXECUTION', ids: [executionId] }));
  await fixture.commit(userEvent(who));
  const next = await fixture.commit(taskEvent({ executionId }));
  expect(await nextSeqs(events, 1)).toEqual([next]);
});
