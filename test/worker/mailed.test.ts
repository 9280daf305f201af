/** What becomes of notifications whose mail arrives, is given up or can't be sent: nobody is left without. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redeliver } from '../../src/commands/deliveries.ts';
import { ABOUT_NOTHING, tell } from '../../src/commands/notifications.ts';
import type { MailFailure } from '../../src/outgoing/mail-failure.ts';
import type { Mailer, MailSuccess } from '../../src/outgoing/mail.ts';
import { createMailing, noServer, type Mailing } from '../support/mailing.ts';
import { createNotifying, type Notifying, type Somebody, type Told } from '../support/notifying.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
let notifying: Notifying;
let mailing: Mailing;
let bert: Somebody;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
  mailing = createMailing(shop.caller);
});
beforeEach(async () => {
  bert = await notifying.user('bert');
  await notifying.choose(bert.id, { channels: { MENTION: 'EMAIL' } });
});
afterAll(() => shop[Symbol.asyncDispose]());

/** A mail server that always answers this. */
function answering(answer: MailSuccess | MailFailure): Mailer {
  return { ...noServer, isConfigured: true, send: () => Promise.resolve(answer) };
}

const takes = answering({ ok: true, response: '250 OK', statusCode: 250, refused: [], postponed: [] });
const refuses = answering({
  ok: false,
  code: 'REJECTED',
  message: '550 no such user',
  detail: '550 no such user',
  statusCode: 550,
  isPermanent: true,
});
const isBusy = answering({
  ok: false,
  code: 'REJECTED',
  message: '450 later',
  detail: '450 later',
  statusCode: 450,
  isPermanent: false,
});

/** Something that goes by mail only, and the mail in which it is. */
async function mailed(): Promise<string> {
  const { organizationId } = shop.viewer;
  const scope = { organizationId, actorId: null, now: shop.clock.now().toISOString() };
  const notice = {
    ...ABOUT_NOTHING,
    userId: bert.id,
    kind: 'MENTION',
    dedupeKey: '1',
    title: 'Look.',
  } as const;
  await shop.database.transaction(scope, (tx) => tell(tx, [notice]));
  await mailing.digest(bert.id);
  await mailing.digest(bert.id);
  const mails = await mailing.to(bert.email);
  expect(mails).toHaveLength(1);
  return mails[0]?.id ?? '';
}

async function notification(): Promise<Pick<Told, 'email' | 'isInApp'> | undefined> {
  const own = (await notifying.everything()).at(-1);
  return own && { email: own.email, isInApp: own.isInApp };
}

async function updates() {
  const events = (await shop.events()).filter(({ type }) => type === 'NOTIFICATION_UPDATED');
  return events.slice(-1).map(({ data, audience, version }) => ({ data, audience, version }));
}

describe('what is in a mail', () => {
  test('is due until the mail server has taken it, and was sent then', async () => {
    const id = await mailed();
    expect(await notification()).toEqual({ email: 'DUE', isInApp: false });
    await mailing.attempt(id, isBusy);
    expect(await notification()).toEqual({ email: 'DUE', isInApp: false });
    shop.clock.advance(60_000);
    await mailing.attempt(id, takes);
    expect(await notification()).toEqual({ email: 'SENT', isInApp: false });
    expect(await updates()).toEqual([{ data: { email: 'SENT' }, audience: [], version: 2 }]);
  });

  test.each([
    ['there is no mail server', noServer, 'NOT_SENT'],
    ['the mail server refuses it', refuses, 'FAILED'],
  ] as const)('is shown in the application if %s', async (_why, mailer, email) => {
    await mailing.attempt(await mailed(), mailer);
    expect(await notification()).toEqual({ email, isInApp: true });
    expect(await updates()).toEqual([{ data: { email, isInApp: true }, audience: [bert.id], version: 2 }]);
  });

  test('was sent if it is once it is redelivered, and stays in the application', async () => {
    const id = await mailed();
    await mailing.attempt(id, noServer);
    await redeliver(shop.caller, { id });
    expect(await notification()).toEqual({ email: 'NOT_SENT', isInApp: true });
    await mailing.attempt(id, takes);
    expect(await notification()).toEqual({ email: 'SENT', isInApp: true });
    expect(await updates()).toEqual([{ data: { email: 'SENT' }, audience: [bert.id], version: 3 }]);
  });

  test('that was sent once is not unsent by being redelivered in vain', async () => {
    const id = await mailed();
    await mailing.attempt(id, takes);
    const before = await updates();
    await redeliver(shop.caller, { id });
    await mailing.attempt(id, refuses);
    expect(await notification()).toEqual({ email: 'SENT', isInApp: false });
    expect(await updates()).toEqual(before);
  });
});
