/** What waits for a mail is in one, once, however it came. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nextMailAt } from '../../src/commands/notification-settings.ts';
import { ABOUT_NOTHING, tell, type Notice } from '../../src/commands/notifications.ts';
import { updateUser } from '../../src/commands/users.ts';
import { createMailing, type DigestMail, type Mailing } from '../support/mailing.ts';
import { createNotifying, type Notifying, type Somebody } from '../support/notifying.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
let notifying: Notifying;
let mailing: Mailing;
let somebody: Somebody;
let bert: string;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
  mailing = createMailing(shop.caller);
});
beforeEach(async () => {
  somebody = await notifying.user('bert');
  bert = somebody.id;
  await notifying.told();
});
afterAll(() => shop[Symbol.asyncDispose]());

let made = 0;

/** Something that goes by mail. */
function notice(about: Partial<Notice> = {}): Notice {
  made += 1;
  const title = `Look at ${made}.`;
  return { ...ABOUT_NOTHING, userId: bert, kind: 'MENTION', dedupeKey: `${made}`, title, ...about };
}

async function told(...notices: readonly Notice[]): Promise<void> {
  const { organizationId } = shop.viewer;
  const scope = { organizationId, actorId: null, now: shop.clock.now().toISOString() };
  await shop.database.transaction(scope, (tx) => tell(tx, notices));
}

function digest(options?: { readonly size: number }): Promise<void> {
  return mailing.digest(bert, options);
}

function mails(): Promise<readonly DigestMail[]> {
  return mailing.to(somebody.email);
}

async function planned(): Promise<string | undefined> {
  const jobs = await shop.jobs();
  return jobs.find(({ key }) => key === `digest:${bert}`)?.runAt;
}

describe('a mail', () => {
  test('about one thing is called as that, escaped where it is HTML', async () => {
    const run = await shop.start({ tasks: [task('a', { dueAt: '2026-03-03T08:00:00.000Z' })] });
    const { id: taskId } = await shop.task(run, 'a');
    await told(notice({ title: '<b>Anna\n& you</b>', taskId, executionId: run }));
    await digest();
    const [mail] = await mails();
    expect(mail?.content).toMatchObject({
      to: [somebody.email],
      subject: '<b>Anna & you</b>',
      text: expect.stringContaining(
        '- <b>Anna & you</b>\n  Workflow: Solar installation\n  Due: 3 March 2026 at 09:00',
      ) as string,
    });
    expect(mail?.content.html).toContain('&lt;b&gt;Anna &amp; you&lt;/b&gt;');
    expect(mail?.content.html).not.toContain('<b>');
    expect(await notifying.told()).toMatchObject([{ email: 'DUE', deliveryId: mail?.id }]);
  });

  test('about several things is sent once, and not at all if nothing waits', async () => {
    await told(notice(), notice());
    await Promise.all([digest(), digest()]);
    await digest();
    expect((await mails()).map(({ content }) => content.subject)).toEqual(['2 notifications']);
  });

  test('that can’t be sent any more leaves what waited for it in the application', async () => {
    await notifying.choose(bert, { channels: { MENTION: 'EMAIL' } });
    await told(notice());
    await updateUser(shop.caller, { id: bert, email: null });
    await digest();
    expect(await mails()).toEqual([]);
    expect(await notifying.told()).toMatchObject([{ email: 'NONE', isInApp: true }]);
  });
});

describe('its time', () => {
  test.each([
    ['AT_ONCE', '2026-03-02T09:00:00.000Z', '2026-03-02T09:01:00.000Z'],
    ['HOURLY', '2026-03-02T09:00:00.000Z', '2026-03-02T10:00:00.000Z'],
    ['HOURLY', '2026-03-02T09:59:59.999Z', '2026-03-02T10:00:00.000Z'],
    ['HOURLY', '2026-10-25T00:30:00.000Z', '2026-10-25T01:00:00.000Z'],
    ['HOURLY', '2026-10-25T01:30:00.000Z', '2026-10-25T02:00:00.000Z'],
    ['HOURLY', '2026-03-29T00:30:00.000Z', '2026-03-29T01:00:00.000Z'],
    ['DAILY', '2026-03-02T05:59:59.999Z', '2026-03-02T06:00:00.000Z'],
    ['DAILY', '2026-03-02T06:00:00.000Z', '2026-03-03T06:00:00.000Z'],
    ['DAILY', '2026-03-28T23:30:00.000Z', '2026-03-29T05:00:00.000Z'],
  ] as const)('%s from %s is %s', (every, now, expected) => {
    expect(nextMailAt(every, now, 'Europe/Berlin')).toBe(expected);
  });

  test('stays as planned when more comes, and moves with what the user chooses', async () => {
    shop.clock.set('2026-03-02T09:00:00.000Z');
    await notifying.choose(bert, { emailEvery: 'HOURLY' });
    await told(notice());
    shop.clock.advance(2 * 3_600_000);
    await told(notice());
    expect(await planned()).toBe('2026-03-02T10:00:00.000Z');
    await notifying.choose(bert, { emailEvery: 'DAILY' });
    expect(await planned()).toBe('2026-03-03T06:00:00.000Z');
  });
});

test('whenever mails are sent, everything that waits for one is in exactly one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 5 }), async (counts) => {
      const before = (await mails()).length;
      const titles: string[] = [];
      for (const count of counts) {
        const notices = Array.from({ length: count }, () => notice());
        titles.push(...notices.map(({ title }) => title));
        await Promise.all([told(...notices, ...notices), digest({ size: 2 })]);
      }
      for (let left = titles.length; left >= 0; left -= 2) await digest({ size: 2 });
      const sent = (await mails())
        .slice(before)
        .flatMap(({ content }) => content.text.match(/Look at \d+\./g) ?? []);
      expect(sent.sort()).toEqual(titles.sort());
    }),
    { numRuns: 10 },
  );
});
