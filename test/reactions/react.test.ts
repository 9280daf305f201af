/** How the log is reacted to when something goes wrong. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { react, type Reaction } from '../../src/reactions/react.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop[Symbol.asyncDispose]());

/** What PostgreSQL says of a statement that took too long. */
function timeout(): Error {
  return Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
}

async function reactWith(reaction: Reaction, leftOut: unknown[] = []): Promise<boolean> {
  const context = { database: shop.database, clock: () => shop.clock.now() };
  const onLeftOut = (error: unknown): void => void leftOut.push(error);
  return react(context, shop.viewer.organizationId, { batchSize: 8, reactions: [reaction], onLeftOut });
}

test('what takes too long is tried with fewer events, and nothing is left out', async () => {
  await shop.start({ tasks: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => task(name)) });
  const all = (await shop.events()).map(({ seq }) => seq);
  expect(all.length).toBeGreaterThan(2);
  const done: number[] = [];
  const leftOut: unknown[] = [];
  const slow: Reaction = (_tx, events) => {
    if (events.length > 2) return Promise.reject(timeout());
    done.push(...events.map(({ seq }) => seq));
    return Promise.resolve();
  };
  while (await reactWith(slow, leftOut));
  expect(done).toEqual(all);
  expect(leftOut).toEqual([]);
});

test('one event that takes too long alone is not left out but tried again later', async () => {
  await shop.start({ tasks: [task('a')] });
  const leftOut: unknown[] = [];
  const tooSlow: Reaction = () => Promise.reject(timeout());
  await expect(reactWith(tooSlow, leftOut)).rejects.toThrow('statement timeout');
  const done: number[] = [];
  const quick: Reaction = (_tx, events) => {
    done.push(...events.map(({ seq }) => seq));
    return Promise.resolve();
  };
  while (await reactWith(quick, leftOut));
  expect(done).toContain((await shop.events()).at(-1)?.seq);
  expect(leftOut).toEqual([]);
});
