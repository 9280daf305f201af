import { describe, expect, test } from 'vitest';
import { openMailer, type MailMessage } from '../../src/outgoing/mail.ts';
import { certificate, certificateKey } from '../support/certificate.ts';
import { openSmtpReceiver, type SmtpReceiver, type SmtpReceiverOptions } from '../support/smtp-receiver.ts';

const tls = { key: certificateKey, cert: certificate };

function message(parts: Partial<MailMessage> = {}): MailMessage {
  return {
    id: '0190-delivery',
    to: ['ada@example.com'],
    cc: [],
    subject: 'Ready',
    text: 'It is ready.',
    html: null,
    ...parts,
  };
}

function openMailerFor({ url }: Pick<SmtpReceiver, 'url'>, timeoutMs = 10_000) {
  return openMailer({ smtpUrl: url, from: 'Handrail <handrail@work.example>', timeoutMs });
}

/** Sends messages to a server like this, one after the other. */
async function sendTo(options: SmtpReceiverOptions, ...messages: readonly MailMessage[]) {
  await using receiver = await openSmtpReceiver(options);
  await using mailer = openMailerFor(receiver);
  const results = [];
  for (const one of messages) results.push(await mailer.send(one));
  return { results, mails: receiver.mails, connections: receiver.connections };
}

test('a message arrives with its parts', async () => {
  const subject = 'Prüfung “A” ist fällig 🚀';
  const { results, mails } = await sendTo(
    {},
    message({ cc: ['bo@example.com'], subject, text: 'Grüße\nAda', html: '<p>Grüße &amp; Küsse</p>' }),
  );
  expect(results).toEqual([
    {
      ok: true,
      statusCode: 250,
      response: expect.stringMatching(/^250 /) as string,
      refused: [],
      postponed: [],
    },
  ]);
  expect(mails).toMatchObject([
    {
      envelope: { from: 'handrail@work.example', to: ['ada@example.com', 'bo@example.com'] },
      headers: {
        from: 'Handrail <handrail@work.example>',
        to: 'ada@example.com',
        cc: 'bo@example.com',
        subject,
        'message-id': '<0190-delivery@work.example>',
        'auto-submitted': 'auto-generated',
      },
      text: 'Grüße\nAda',
      html: '<p>Grüße &amp; Küsse</p>',
    },
  ]);
});

test('a message without HTML is text only', async () => {
  const { mails } = await sendTo({}, message());
  expect(mails).toMatchObject([{ text: 'It is ready.', html: null }]);
});

test('messages share a connection', async () => {
  const { mails, connections } = await sendTo(
    {},
    message(),
    message({ id: 'second' }),
    message({ id: 'third' }),
  );
  expect(mails).toHaveLength(3);
  expect(connections).toBe(1);
});

test('a server that puts a message off gets it again under the same id', async () => {
  const seen: (string | undefined)[] = [];
  const { results, mails } = await sendTo(
    {
      refuse: (step) => {
        if (step.command !== 'DATA') return undefined;
        seen.push(step.mail.headers['message-id']);
        return seen.length === 1 ? { code: 451, message: 'Greylisted, try again later' } : undefined;
      },
    },
    message(),
    message(),
  );
  expect(results).toMatchObject([
    { ok: false, code: 'REJECTED', statusCode: 451, isPermanent: false },
    { ok: true, statusCode: 250 },
  ]);
  expect(seen).toEqual(['<0190-delivery@work.example>', '<0190-delivery@work.example>']);
  expect(mails).toHaveLength(1);
});

describe('what a server refuses', () => {
  test.each(['MAIL', 'RCPT', 'DATA'] as const)('for good at %s is refused for good', async (command) => {
    const refuse: SmtpReceiverOptions['refuse'] = (step) =>
      step.command === command ? { code: 550, message: 'No such user here' } : undefined;
    const { results, mails } = await sendTo({ refuse }, message());
    expect(results).toMatchObject([{ ok: false, code: 'REJECTED', statusCode: 550, isPermanent: true }]);
    expect(results[0]).toMatchObject({ message: expect.stringContaining('No such user here') as string });
    expect(mails).toEqual([]);
  });

  test('for one of several addresses is told, and the others get the message', async () => {
    const refuse: SmtpReceiverOptions['refuse'] = (step) =>
      step.command === 'RCPT' && step.address === 'bo@example.com'
        ? { code: 550, message: 'No such user here' }
        : undefined;
    const { results, mails } = await sendTo({ refuse }, message({ cc: ['bo@example.com'] }));
    expect(results).toMatchObject([{ ok: true, refused: ['bo@example.com'], postponed: [] }]);
    expect(mails).toMatchObject([{ envelope: { to: ['ada@example.com'] } }]);
  });

  test('for one of several addresses for the moment is told, and is sent later to that one only', async () => {
    let isPutOff = true;
    const refuse: SmtpReceiverOptions['refuse'] = (step) =>
      step.command === 'RCPT' && step.address === 'bo@example.com' && isPutOff
        ? { code: 451, message: 'Greylisted' }
        : undefined;
    await using receiver = await openSmtpReceiver({ refuse });
    await using mailer = openMailerFor(receiver);
    const both = message({ cc: ['bo@example.com'] });
    expect(await mailer.send(both)).toMatchObject({ ok: true, refused: [], postponed: ['bo@example.com'] });
    isPutOff = false;
    expect(await mailer.send({ ...both, remaining: ['bo@example.com'] })).toMatchObject({
      ok: true,
      postponed: [],
    });
    expect(receiver.mails).toMatchObject([
      { envelope: { to: ['ada@example.com'] }, headers: { to: 'ada@example.com', cc: 'bo@example.com' } },
      { envelope: { to: ['bo@example.com'] }, headers: { to: 'ada@example.com', cc: 'bo@example.com' } },
    ]);
    expect(new Set(receiver.mails.map(({ headers }) => headers['message-id'])).size).toBe(1);
  });

  test('because of our own user or password is not the fault of the message', async () => {
    await using receiver = await openSmtpReceiver({ tls, login: { user: 'handrail', password: 'right' } });
    const url = `${receiver.url.replace('right', 'wrong')}?tls.rejectUnauthorized=false`;
    await using mailer = openMailerFor({ url });
    expect(await mailer.send(message())).toMatchObject({
      ok: false,
      code: 'AUTHENTICATION_FAILED',
      statusCode: 535,
      isPermanent: false,
    });
  });
});

test.each([true, false])('a password is sent over TLS (from the beginning: %j)', async (implicit) => {
  await using receiver = await openSmtpReceiver({
    tls: { ...tls, implicit },
    login: { user: 'handrail', password: 'p@ss:/word' },
  });
  await using mailer = openMailerFor({ url: `${receiver.url}?tls.rejectUnauthorized=false` });
  expect(await mailer.send(message())).toMatchObject({ ok: true });
  expect(receiver.mails).toMatchObject([{ isSecure: true }]);
});

test('a password is not sent without TLS', async () => {
  await using receiver = await openSmtpReceiver({ login: { user: 'handrail', password: 'right' } });
  await using mailer = openMailerFor(receiver);
  expect(await mailer.send(message())).toMatchObject({ ok: false, code: 'TLS_FAILED', isPermanent: false });
});

test('a certificate that nobody vouches for is refused', async () => {
  await using receiver = await openSmtpReceiver({ tls });
  await using mailer = openMailerFor(receiver);
  expect(await mailer.send(message())).toMatchObject({ ok: false, isPermanent: false });
  expect(receiver.mails).toEqual([]);
});

test.each(['RCPT', 'DATA'] as const)(
  'a server that hangs at %s is given up after a while',
  async (command) => {
    await using receiver = await openSmtpReceiver({
      refuse: (step) => (step.command === command ? 'HANG' : undefined),
    });
    await using mailer = openMailerFor(receiver, 250);
    expect(await mailer.send(message())).toMatchObject({ ok: false, code: 'TIMEOUT', isPermanent: false });
  },
);

test('a server that is not there is tried again', async () => {
  const { url } = await openSmtpReceiver().then(async (receiver) => {
    await receiver[Symbol.asyncDispose]();
    return receiver;
  });
  await using mailer = openMailerFor({ url });
  expect(await mailer.send(message())).toMatchObject({
    ok: false,
    code: 'CONNECTION_FAILED',
    statusCode: null,
    isPermanent: false,
    // Where it is, is for the operator.
    message: 'The mail server could not be reached.',
    detail: expect.stringContaining('127.0.0.1') as string,
  });
});

describe('no header is smuggled in', () => {
  test('by the subject', async () => {
    const { mails } = await sendTo({}, message({ subject: 'Ready\r\nBcc: eve@example.com\nX-A: b\u2028c' }));
    expect(mails).toMatchObject([
      {
        envelope: { to: ['ada@example.com'] },
        headers: { subject: 'Ready Bcc: eve@example.com X-A: b c' },
      },
    ]);
    expect(Object.keys(mails[0]?.headers ?? {})).not.toContain('bcc');
  });

  test.each([
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@example.com, eve@example.com',
    'ada@example.com>\r\nRCPT TO:<eve@example.com',
    'Ada <ada@example.com>',
    'ada',
    '@example.com',
    `${'a'.repeat(250)}@example.com`,
    '',
  ])('by the address %j', async (address) => {
    const { results, connections } = await sendTo({}, message({ cc: [address] }));
    expect(results).toMatchObject([{ ok: false, code: 'INVALID_ADDRESS', isPermanent: true }]);
    expect(connections).toBe(0);
  });
});

test('a message to nobody is refused', async () => {
  const { results } = await sendTo({}, message({ to: [] }));
  expect(results).toMatchObject([{ ok: false, code: 'INVALID_ADDRESS', isPermanent: true }]);
});

test('without a server nothing is sent, and it says so', async () => {
  await using mailer = openMailer({ smtpUrl: null, from: 'handrail@localhost' });
  expect(mailer.isConfigured).toBe(false);
  expect(await mailer.send(message())).toMatchObject({ ok: false, code: 'NOT_CONFIGURED', statusCode: null });
});

test('closing waits for a message under way', async () => {
  await using receiver = await openSmtpReceiver();
  const mailer = openMailerFor(receiver);
  const sending = mailer.send(message());
  await mailer[Symbol.asyncDispose]();
  expect(await sending).toMatchObject({ ok: true });
  expect(receiver.mails).toHaveLength(1);
});
