import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEventGroups, type EventGroups, type Followed } from '../../src/live/event-groups.ts';
import { NotAllowedError } from '../../src/live/errors.ts';
import type { Rights } from '../../src/live/follow.ts';
import { createLive, type Live } from '../../src/live/live.ts';
import { openLiveFixture, silentLog, taskEvent, type LiveFixture } from '../support/live-fixture.ts';
import { NEVER_MS } from '../support/signals.ts';
import { eventually } from '../support/eventually.ts';

let fixture: LiveFixture;
let live: Live;
let groups: EventGroups<string>;
let executionId: string;
/** Makes the messages; of a group, or of one alone. */
let render: (seq: number) => Promise<string>;
let rendered: number;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});
beforeEach(() => {
  live = createLive({ database: fixture.database, log: silentLog, pollMs: NEVER_MS });
  groups = createEventGroups(live, silentLog);
  executionId = randomUUID();
  render = (seq) => Promise.resolve(String(seq));
  rendered = 0;
});
afterEach(async () => {
  await live[Symbol.asyncDispose]();
});

interface Person {
  readonly userId: string;
  readonly got: string[];
  readonly ended: Promise<void>;
  /** What is asked before anything is delivered to them alone; null: nothing may be any more. */
  rights: () => Promise<Rights | null>;
  isFull: boolean;
  drain(): void;
  leave(): void;
}

async function join(after: number | null = null): Promise<Person> {
  const watched = { kind: 'EXECUTION', ids: [executionId] } as const;
  const everyones: Followed = { organizationId: fixture.organizationId, watched };
  const userId = randomUUID();
  const leaving = new AbortController();
  let drain = (): void => undefined;
  const got: string[] = [];
  const person = {
    userId,
    got,
    isFull: false,
    rights: () => Promise.resolve<Rights | null>({ watched, visible: (events) => Promise.resolve(events) }),
    drain() {
      person.isFull = false;
      drain();
    },
    leave: () => {
      leaving.abort();
    },
  };
  const { ended } = await groups.join({
    userId,
    own: { ...everyones, subscriber: { userId, rights: () => person.rights() } },
    topic: () => ({
      key: 'all',
      followed: everyones,
      render: ({ seq }) => {
        rendered += 1;
        return render(seq);
      },
    }),
    after,
    reader: {
      get isFull() {
        return person.isFull;
      },
      send: (message) => {
        got.push(message);
      },
      drained: () =>
        person.isFull
          ? new Promise<void>((resolve) => {
              drain = resolve;
            })
          : Promise.resolve(),
    },
    signal: leaving.signal,
  });
  ended.catch(() => undefined);
  return Object.assign(person, { ended });
}

function latch(): { readonly isOpen: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
}

/** Commits one event of the execution; answers its message. */
async function happen(): Promise<string> {
  return String(await fixture.commit(taskEvent({ executionId })));
}

/** Says that something happened to the user. */
async function touch({ userId }: Person): Promise<void> {
  await fixture.commit(
    taskEvent({ type: 'USER_UPDATED', subjectType: 'USER', subjectId: userId, audience: [userId] }),
  );
}

async function expectLast(message: string, ...people: readonly Person[]): Promise<void> {
  await eventually(
    () => {
      for (const { got } of people) expect(got.at(-1)).toBe(message);
    },
    { interval: 2 },
  );
}

/** Until one message is made for all of them. */
async function together(...people: readonly Person[]): Promise<void> {
  await eventually(
    async () => {
      rendered = 0;
      await expectLast(await happen(), ...people);
      expect(rendered).toBe(1);
    },
    { interval: 2 },
  );
  for (const { got } of people) got.length = 0;
}

test('a reader that is full is left behind, catches up alone and joins again', async () => {
  const [quick, slow] = [await join(), await join()];
  await together(quick, slow);
  slow.isFull = true;
  const missed = [await happen(), await happen(), await happen()];
  await expectLast(missed[2] ?? '', quick);
  expect(quick.got).toEqual(missed);
  expect(slow.got).toEqual([]);
  slow.drain();
  await expectLast(missed[2] ?? '', slow);
  expect(slow.got).toEqual(missed);
  await together(quick, slow);
  expect(groups.size).toBe(1);
});

test('a group whose messages can not be made goes apart, and each member goes on alone', async () => {
  const [one, other] = [await join(), await join()];
  await together(one, other);
  let failures = 1;
  render = (seq) => {
    failures -= 1;
    return failures < 0 ? Promise.resolve(String(seq)) : Promise.reject(new Error('broken'));
  };
  const message = await happen();
  await expectLast(message, one, other);
  expect([one.got, other.got]).toEqual([[message], [message]]);
  await together(one, other);
});

test('a message that can not be made for one alone ends their subscription only', async () => {
  const one = await join();
  await together(one);
  const before = Number(await happen());
  await expectLast(String(before), one);
  render = (seq) => (seq === before ? Promise.reject(new Error('broken')) : Promise.resolve(String(seq)));
  const late = await join(before - 1);
  await expect(late.ended).rejects.toThrow('broken');
  await expectLast(await happen(), one);
});

test('what happens to a member takes them out of their group before the next event, by their rights of then', async () => {
  const [stays, loses] = [await join(), await join()];
  await together(stays, loses);
  loses.rights = () => Promise.resolve(null);
  await touch(loses);
  await expectLast(await happen(), stays);
  await expect(loses.ended).rejects.toThrow(NotAllowedError);
  expect(loses.got).toEqual([]);
  await together(stays);
});

test('what happens to somebody who is catching up is asked for before they join the group', async () => {
  const stays = await join();
  await together(stays);
  const late = await join();
  const rights = late.rights;
  const asked = latch();
  const go = latch();
  late.rights = async () => {
    const found = await rights();
    // What is answered is older than what happens to them now.
    late.rights = () => Promise.resolve(null);
    asked.open();
    await go.isOpen;
    return found;
  };
  await touch(late);
  await asked.isOpen;
  const told = latch();
  const stop = live.watchUser(fixture.organizationId, late.userId, told.open);
  await touch(late);
  await told.isOpen;
  stop();
  go.open();
  await expect(late.ended).rejects.toThrow(NotAllowedError);
});

test('whoever starts further back gets what was before, once, and joins the others', async () => {
  const early = await join();
  await together(early);
  const first = Number(await happen());
  const second = await happen();
  const late = await join(first - 1);
  await expectLast(second, late);
  expect(late.got).toEqual([String(first), second]);
  await together(early, late);
});

test('the last to leave closes the group, also while a message is made', async () => {
  const [one, other] = [await join(), await join()];
  await together(one, other);
  const go = latch();
  render = (seq) => go.isOpen.then(() => String(seq));
  await happen();
  await eventually(() => {
    expect(rendered).toBeGreaterThan(1);
  });
  one.leave();
  await one.ended;
  expect(groups.size).toBe(1);
  other.leave();
  await other.ended;
  expect(groups.size).toBe(0);
  go.open();
  await eventually(() => {
    expect(live.organizationCount).toBe(0);
  });
  expect([one.got, other.got]).toEqual([[], []]);
});
