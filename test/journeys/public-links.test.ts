import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { disableJourney, enableJourney, updateJourney } from '../../src/journeys/journeys.ts';
import { MAX_PER_CALLER } from '../../src/journeys/public-callers.ts';
import { MAX_DRAFTS, MAX_PER_MINUTE } from '../../src/journeys/public-sessions.ts';
import { readJourneys } from '../../src/store/journeys.ts';
import { byToken, made, problemOf, RIGHT, valueOf } from '../support/journeys.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});
let journeyId: string;
beforeEach(async () => {
  journeyId = await made(shop, {
    isPublic: true,
    creates: { entitySchema: 'lead', title: 'L', attributes: [] },
  });
});

async function publicKey(): Promise<string> {
  const [journey] = await readJourneys(shop.database, shop.viewer.organizationId, [journeyId]);
  if (!journey?.publicKey) throw new Error('it is not public');
  return journey.publicKey;
}

async function token(): Promise<string> {
  const opened = await byToken(shop).open(await publicKey());
  if (opened === null) throw new Error('there is no such link');
  return opened;
}

async function sessions(): Promise<number> {
  const { rows } = await shop.database.pool.query<{ count: number }>(
    'select count(*)::int as count from journey_session where journey_id = $1',
    [journeyId],
  );
  return rows[0]?.count ?? 0;
}

describe('a permanent public link', () => {
  test('is opened by anybody, any number of times, and keeps nothing until something is written', async () => {
    const [one, other] = [await token(), await token()];
    expect(one).not.toBe(other);
    expect(await byToken(shop).view(one)).toMatchObject({ status: 'OPEN', form: { data: {} } });
    expect(await sessions()).toBe(0);
    expect(await byToken(shop).saveDraft(one, { address: {} })).toMatchObject({ ok: true });
    expect(await byToken(shop).submit(other, RIGHT)).toMatchObject({ ok: true });
    expect(await sessions()).toBe(2);
    expect(await byToken(shop).view(one)).toMatchObject({ form: { data: { address: {} } } });
    expect(await byToken(shop).view(other)).toMatchObject({ status: 'SUBMITTED' });
  });

  test('takes one submission by each session, also of two at the same time', async () => {
    const one = await token();
    const answers = await Promise.all([byToken(shop).submit(one, RIGHT), byToken(shop).submit(one, RIGHT)]);
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused.map(problemOf)).toMatchObject([{ status: 'SUBMITTED' }]);
    expect(await sessions()).toBe(1);
  });

  test('keeps nothing of what it refuses', async () => {
    expect(problemOf(await byToken(shop).submit(await token(), {}))).toMatchObject({
      code: 'JOURNEY_DATA_INVALID',
    });
    expect(await sessions()).toBe(0);
  });

  test('works while the journey is enabled and public; what was written in goes on', async () => {
    const key = await publicKey();
    const [begun, fresh] = [await token(), await token()];
    await byToken(shop).saveDraft(begun, {});
    valueOf(await disableJourney(shop.caller, { journeyId }));
    expect(await byToken(shop).open(key)).toBeNull();
    expect(await byToken(shop).view(fresh)).toBeNull();
    expect(problemOf(await byToken(shop).submit(fresh, RIGHT))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await byToken(shop).submit(begun, RIGHT)).toMatchObject({ ok: true });
    valueOf(await enableJourney(shop.caller, { journeyId }));
    expect(await byToken(shop).view(fresh)).toMatchObject({ status: 'OPEN' });
  });

  test('is lost for good when the journey is public no more', async () => {
    const key = await publicKey();
    valueOf(await updateJourney(shop.caller, { journeyId, content: { isPublic: false } }));
    expect(await byToken(shop).open(key)).toBeNull();
    valueOf(await updateJourney(shop.caller, { journeyId, content: { isPublic: true } }));
    expect(await byToken(shop).open(key)).toBeNull();
    expect(await publicKey()).not.toBe(key);
  });

  test('is not to be guessed by what is no key of a link', async () => {
    for (const text of ['', 'x', 'A'.repeat(22), journeyId])
      expect(await byToken(shop).open(text)).toBeNull();
    expect(await byToken(shop).view(`${'A'.repeat(22)}.${'A'.repeat(43)}`)).toBeNull();
  });
});

describe('so that nobody fills the database', () => {
  async function insertSessions(count: number, openedAt: string, expiresAt: string): Promise<void> {
    await shop.database.pool.query(
      `insert into journey_session (organization_id, id, journey_id, token_hash, content, data, is_public, opened_at, expires_at)
       select $1, gen_random_uuid(), $2, gen_random_uuid()::text, '{}', '{}', true, $3, $4 from generate_series(1, $5)`,
      [shop.viewer.organizationId, journeyId, openedAt, expiresAt, count],
    );
  }
  const at = (ms: number): string => new Date(shop.clock.now().getTime() + ms).toISOString();

  test('a link makes so many sessions in a minute, and no more', async () => {
    await insertSessions(MAX_PER_MINUTE - 1, at(-30_000), at(3_600_000));
    expect(await byToken(shop).submit(await token(), RIGHT)).toMatchObject({ ok: true });
    const late = await token();
    expect(problemOf(await byToken(shop).submit(late, RIGHT))).toEqual({ code: 'JOURNEY_BUSY' });
    shop.clock.advance(61_000);
    expect(await byToken(shop).submit(late, RIGHT)).toMatchObject({ ok: true });
  });

  test('a caller makes so many sessions in a minute, and leaves the others theirs', async () => {
    const journeys = byToken(shop);
    for (let count = 0; count < MAX_PER_CALLER; count += 1)
      expect(await journeys.saveDraft(await token(), {}, '192.0.2.1')).toMatchObject({ ok: true });
    const [late, other] = [await token(), await token()];
    expect(problemOf(await journeys.submit(late, RIGHT, '192.0.2.1'))).toEqual({ code: 'JOURNEY_BUSY' });
    expect(await journeys.submit(other, RIGHT, '192.0.2.2')).toMatchObject({ ok: true });
    shop.clock.advance(61_000);
    expect(await journeys.submit(late, RIGHT, '192.0.2.1')).toMatchObject({ ok: true });
  });

  test('what is refused, or goes on in a session, counts for nobody', async () => {
    const journeys = byToken(shop);
    const begun = await token();
    for (let count = 0; count < 2 * MAX_PER_CALLER; count += 1) {
      await journeys.saveDraft(begun, {}, '192.0.2.1');
      expect(problemOf(await journeys.submit(await token(), {}, '192.0.2.1'))).toMatchObject({
        code: 'JOURNEY_DATA_INVALID',
      });
    }
    expect(await journeys.submit(await token(), RIGHT, '192.0.2.1')).toMatchObject({ ok: true });
  });

  test('a link keeps so many drafts, and takes submissions all the same', async () => {
    await insertSessions(MAX_DRAFTS, at(-3_600_000), at(3_600_000));
    expect(problemOf(await byToken(shop).saveDraft(await token(), {}))).toEqual({ code: 'JOURNEY_BUSY' });
    expect(await byToken(shop).submit(await token(), RIGHT)).toMatchObject({ ok: true });
  });

  test('drafts that expired a month ago are removed', async () => {
    const day = 24 * 3_600_000;
    await insertSessions(150, at(-40 * day), at(-31 * day));
    await insertSessions(1, at(-10 * day), at(-9 * day));
    await byToken(shop).saveDraft(await token(), {});
    await byToken(shop).saveDraft(await token(), {});
    expect(await sessions()).toBe(3);
  });
});
