/** The outside: a server that webhooks are sent to, and one for mail. Both keep everything that comes, and make all the trouble that they can. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { openGateway } from '../../support/gateway.ts';
import { openHttpReceiver, type ReceivedRequest, type Reply } from '../../support/http-receiver.ts';
import { openSmtpReceiver, type SmtpRefusal, type SmtpStep } from '../../support/smtp-receiver.ts';
import type { Chance } from '../chance.ts';
import { keyOf } from '../live/tenant.ts';
import type { Arrival } from './findings.ts';

/** What the body of a webhook says: one that a run sends, or one that tells of an event. */
export interface Told {
  readonly run?: string;
  /** Whoever gets it calls back there. */
  readonly callback?: string;
  /** Global id of the event. */
  readonly id?: string;
}

export interface ReceiversOptions {
  readonly chance: Chance;
  /** The longest that an answer takes, in ms. */
  readonly slowest: number;
  /** When to come back, as those are told who are to come later. In seconds. */
  readonly later: number;
  /** Called before the answer, when a message has come for the first time. */
  readonly onFirst?: (arrival: Arrival, told: Told) => void;
}

export interface Receivers extends AsyncDisposable {
  /** Takes webhooks. */
  readonly url: string;
  /** Takes what events are told by. */
  readonly followerUrl: string;
  /** Answers 500 to all, until it is repaired. */
  readonly brokenUrl: string;
  readonly smtpUrl: string;
  /** In the order in which they came. */
  readonly arrivals: readonly Arrival[];
  /** Knows the secret of an endpoint from now on. */
  trust(url: string, secret: string): void;
  repair(): void;
}

/** So often a message meets with trouble at most, so that it arrives before it is given up. */
const MOST_TROUBLE = 3;
const BROKEN = '/broken';
const FOLLOWER = '/follower';

type Mischief = 'NONE' | 'ERROR' | 'LATER' | 'CUT' | 'SLOW';

const FATES = { NONE: 'TAKEN', SLOW: 'TAKEN', ERROR: 'REFUSED', LATER: 'REFUSED', CUT: 'CUT' } as const;

function cut(response: ServerResponse): void {
  response.destroy();
}

function isGenuine({ headers, body }: ReceivedRequest, secret: string | undefined): boolean {
  try {
    new Webhook(secret ?? '').verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

export async function openReceivers({
  chance,
  slowest,
  later,
  onFirst,
}: ReceiversOptions): Promise<Receivers> {
  const arrivals: Arrival[] = [];
  const counts = new Map<string, number>();
  const secrets = new Map<string, string>();
  let isBroken = true;

  /** Of a message that has come so often. */
  function mischief(count: number): Mischief {
    if (count > MOST_TROUBLE || chance.percent(72)) return 'NONE';
    return chance.pick(['ERROR', 'LATER', 'CUT', 'SLOW']);
  }

  function note(arrival: Arrival, told: Told): void {
    const isFirst = counts.get(arrival.id) === 1;
    arrivals.push(arrival);
    if (isFirst) onFirst?.(arrival, told);
  }

  function countOf(id: string): number {
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count;
  }

  async function answerHook(request: ReceivedRequest): Promise<Reply> {
    const { path, headers, body } = request;
    const id = headers['webhook-id'] ?? '';
    const { data } = JSON.parse(body) as { readonly data: Told };
    const isEvent = path === FOLLOWER;
    const count = countOf(id);
    const prank = path === BROKEN && isBroken ? 'ERROR' : mischief(count);
    note(
      {
        kind: isEvent ? 'EVENT' : 'WEBHOOK',
        id,
        mark: isEvent ? keyOf(data.id ?? '') : (data.run ?? ''),
        content: body,
        isGenuine: isGenuine(request, secrets.get(path)),
        fate: FATES[prank],
      },
      data,
    );
    switch (prank) {
      case 'NONE':
        return { status: 200, body: '{"ok":true}' };
      case 'SLOW':
        await delay(chance.below(slowest));
        return { status: 200 };
      case 'ERROR':
        return { status: 500 };
      case 'LATER':
        return { status: 503, headers: { 'retry-after': String(later) } };
      case 'CUT':
        return cut;
    }
  }

  const hooks = await openHttpReceiver({ answer: answerHook });

  function refuseMail(step: SmtpStep): SmtpRefusal | undefined {
    if (step.command !== 'DATA') return undefined;
    const { headers, envelope, text } = step.mail;
    const [, id = ''] = /^<(.*)@/.exec(headers['message-id'] ?? '') ?? [];
    const prank = mischief(countOf(id));
    const mark = headers['subject'] ?? '';
    const content = JSON.stringify([mark, envelope, text]);
    const fate = FATES[prank];
    note({ kind: 'EMAIL', id, mark, content, isGenuine: true, fate }, { run: mark });
    if (fate === 'REFUSED') return { code: 451, message: 'Greylisted, come again later' };
    if (fate === 'CUT') {
      // All that are connected lose their connections; whose message this is, can't know that it was taken.
      lines.shut();
      lines.open();
    }
    return undefined;
  }

  const mails = await openSmtpReceiver({ refuse: refuseMail });
  const lines = await openGateway(mails.url);

  return {
    url: `${hooks.url}/hooks`,
    followerUrl: `${hooks.url}${FOLLOWER}`,
    brokenUrl: `${hooks.url}${BROKEN}`,
    smtpUrl: lines.url,
    arrivals,
    trust(url, secret) {
      secrets.set(new URL(url).pathname, secret);
    },
    repair() {
      isBroken = false;
    },
    async [Symbol.asyncDispose]() {
      await lines[Symbol.asyncDispose]();
      await mails[Symbol.asyncDispose]();
      await hooks[Symbol.asyncDispose]();
    },
  };
}
