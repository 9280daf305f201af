/** A mail server of the outside world: it keeps what comes, and refuses what it is told to. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { parseMail, type ParsedMail } from './mail-text.ts';

export interface ReceivedMail extends ParsedMail {
  /** Whom the server was told that it comes from and goes to. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** As it came, with all headers. */
  readonly raw: string;
  readonly isSecure: boolean;
}

/** What the server is told: who sends, who receives, a whole message. */
export type SmtpStep =
  | { readonly command: 'MAIL' | 'RCPT'; readonly address: string }
  | { readonly command: 'DATA'; readonly mail: ReceivedMail };

/** `HANG`: it never answers. */
export type SmtpRefusal = { readonly code: number; readonly message: string } | 'HANG';

export interface SmtpReceiverOptions {
  /** Decides about each step; undefined lets it pass. A message that is refused is not among the mails. */
  readonly refuse?: (step: SmtpStep) => SmtpRefusal | undefined;
  /** The only user and password, asked for before a message may be sent. */
  readonly login?: { readonly user: string; readonly password: string };
  /** PEM texts. Offers STARTTLS; `implicit`: speaks TLS from the beginning. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly implicit?: boolean };
  /** Any free one by default. */
  readonly port?: number;
}

/** Disposing of it closes it with all its connections. */
export interface SmtpReceiver extends AsyncDisposable {
  /** `smtp://127.0.0.1:12345`, with user and password if it wants them. */
  readonly url: string;
  readonly port: number;
  /** In the order in which they were taken. */
  readonly mails: readonly ReceivedMail[];
  /** How many connections there ever were. */
  readonly connections: number;
}

export async function openSmtpReceiver(options: SmtpReceiverOptions = {}): Promise<SmtpReceiver> {
  const { login, tls, refuse = () => undefined } = options;
  const mails: ReceivedMail[] = [];
  let connections = 0;
  /** Answers a step: `done` without an error lets it pass. */
  const decide = (step: SmtpStep, done: (error?: Error | null) => void) => {
    const refusal = refuse(step);
    if (refusal === 'HANG') return;
    if (refusal === undefined && step.command === 'DATA') mails.push(step.mail);
    done(refusal && Object.assign(new Error(refusal.message), { responseCode: refusal.code }));
  };
  const server = new SMTPServer({
    ...(tls === undefined ? {} : { key: tls.key, cert: tls.cert, secure: tls.implicit ?? false }),
    disabledCommands: [...(tls === undefined ? ['STARTTLS'] : []), ...(login === undefined ? ['AUTH'] : [])],
    disableReverseLookup: true,
    closeTimeout: 1,
    allowInsecureAuth: true,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === login?.user && password === login?.password;
      done(isRight ? null : new Error('Wrong user or password'), isRight ? { user: username } : undefined);
    },
    onMailFrom: ({ address }, _session, done) => decide({ command: 'MAIL', address }, done),
    onRcptTo: ({ address }, _session, done) => decide({ command: 'RCPT', address }, done),
    onData: (stream, { envelope, secure }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        decide(
          { command: 'DATA', mail: { ...parseMail(raw), envelope: { from, to }, raw, isSecure: secure } },
          done,
        );
      });
    },
  });
  // Clients that break off are part of the tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const user = login === undefined ? '' : `${login.user}:${encodeURIComponent(login.password)}@`;
  return {
    url: `${tls?.implicit ? 'smtps' : 'smtp'}://${user}127.0.0.1:${port}`,
    port,
    mails,
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}
