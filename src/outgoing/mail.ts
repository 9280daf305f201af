/** E-mail by SMTP. */
import { createTransport } from 'nodemailer';
import { mailFailure, type MailFailure } from './mail-failure.ts';
import { isMailAddress, parseMailbox } from './mailbox.ts';
import { keepable, oneLine } from './text.ts';

export interface MailMessage {
  /** Id of the delivery: the same in each attempt, and so is the `Message-ID` made of it. */
  readonly id: string;
  /** Addresses without names; at least one with those of `cc`. */
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Null for text only. */
  readonly html: string | null;
  /** Those of the addresses that have yet to get it; all if left out. The message names all in any case. */
  readonly remaining?: readonly string[] | undefined;
}

export interface MailSuccess {
  readonly ok: true;
  /** The server's last line. */
  readonly response: string;
  readonly statusCode: number | null;
  /** Those of the addresses that the server does not take; the others get the message. */
  readonly refused: readonly string[];
  /** Those that it does not take now: they may get it later. */
  readonly postponed: readonly string[];
}

/** Sends by one SMTP server, over few connections that stay open. When disposed of, it lets messages under way finish for a short while. */
export interface Mailer extends AsyncDisposable {
  /** False if there is no server: nothing can be sent. */
  readonly isConfigured: boolean;
  /** Sends a message once. Never rejects because of what is outside. */
  send(message: MailMessage): Promise<MailSuccess | MailFailure>;
}

export interface MailerOptions {
  /** `smtps://`, or `smtp://` with TLS if the server has it; it must have it to be told a password. Null: no server. */
  readonly smtpUrl: string | null;
  /** `Name <name@host>` or `name@host`. */
  readonly from: string;
  /** How long the server may take for a step, in ms; for the whole message it is twice as long. Default 30,000. */
  readonly timeoutMs?: number;
}

const maxConnections = 2;
const defaultTimeoutMs = 30_000;
/** For how long messages under way may hold up the end, in ms. */
const closingMs = 5000;
const maxResponseLength = 1000;

/** @throws if `from` or the URL cannot be used; as settings they are checked before. */
export function openMailer({ smtpUrl, from, timeoutMs = defaultTimeoutMs }: MailerOptions): Mailer {
  const sender = senderOf(from);
  if (smtpUrl === null) return withoutServer;
  const transport = openTransport(smtpUrl, timeoutMs);
  const underWay = new Set<Promise<unknown>>();

  async function send(message: MailMessage): Promise<MailSuccess | MailFailure> {
    const wrong = wrongAddresses(message);
    if (wrong !== null) return failure('INVALID_ADDRESS', wrong);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), 2 * timeoutMs);
    try {
      const { response, rejectedErrors = [] } = await transport.sendMail({
        from: sender.mailbox,
        to: message.to.map(bare),
        cc: message.cc.map(bare),
        subject: oneLine(message.subject),
        text: message.text,
        ...(message.html === null ? {} : { html: message.html }),
        ...(message.remaining && {
          envelope: { from: sender.mailbox.address, to: [...message.remaining] },
        }),
        messageId: `<${message.id}@${sender.domain}>`,
        // So that no absence notice answers (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: limit.signal,
      });
      return {
        ok: true,
        response: keepable(response, maxResponseLength),
        statusCode: Number(/^\d{3}/.exec(response)?.[0] ?? NaN) || null,
        ...sortOut(rejectedErrors),
      };
    } catch (error) {
      return mailFailure(error);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    isConfigured: true,
    send: async (message) => {
      const sending = send(message);
      underWay.add(sending);
      try {
        return await sending;
      } finally {
        underWay.delete(sending);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await within(closingMs, Promise.allSettled(underWay));
      transport.close({ force: true });
    },
  };
}

/** Which recipients were refused for good, and which for the moment. */
function sortOut(errors: readonly object[]): Pick<MailSuccess, 'refused' | 'postponed'> {
  const refused: string[] = [];
  const postponed: string[] = [];
  for (const error of errors) {
    if (!('recipient' in error) || typeof error.recipient !== 'string') continue;
    const isForGood = 'responseCode' in error && Number(error.responseCode) >= 500;
    (isForGood ? refused : postponed).push(error.recipient);
  }
  return { refused, postponed };
}

function senderOf(from: string) {
  const mailbox = parseMailbox(from);
  if (mailbox === null) throw new Error(`"${from}" is no address to send mail from`);
  return { mailbox, domain: mailbox.address.slice(mailbox.address.lastIndexOf('@') + 1) };
}

function openTransport(smtpUrl: string, timeoutMs: number) {
  return createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections,
    // Once more if a connection has been closed since it was last used; beyond that the caller counts the attempts.
    maxRequeues: 1,
    requireTLS: new URL(smtpUrl).password !== '',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

const withoutServer: Mailer = {
  isConfigured: false,
  send: () => Promise.resolve(failure('NOT_CONFIGURED', 'There is no mail server: SMTP_URL is not set.')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** What is wrong with the recipients, or null. */
function wrongAddresses({ to, cc }: MailMessage): string | null {
  const all = [...to, ...cc];
  if (all.length === 0) return 'The message has no recipient.';
  const wrong = all.find((address) => !isMailAddress(address));
  return wrong === undefined ? null : `${JSON.stringify(wrong)} is no e-mail address.`;
}

function failure(code: MailFailure['code'], message: string): MailFailure {
  return { ok: false, code, message, detail: message, statusCode: null, isPermanent: true };
}

/** As an object, an address is not read as a list of several. */
function bare(address: string): { name: string; address: string } {
  return { name: '', address };
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsOver = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, timeIsOver]);
  clearTimeout(timer);
}
