/** One attempt to deliver a message, and what came of it. */
import type { Logger } from 'pino';
import type { Json } from '../engine/definition.ts';
import { isUnstorable } from '../engine/text.ts';
import type { Mailer } from '../outgoing/mail.ts';
import { post, type PostAnswer, type PostFailure } from '../outgoing/request.ts';
import { verdictOf } from '../outgoing/retry.ts';
import { signedHeaders } from '../outgoing/signing.ts';
import type { Targets } from '../outgoing/target.ts';
import type { RunError } from '../store/automation-runs.ts';
import type { EmailContent, WebhookContent } from '../store/deliveries.ts';
import type { FullEndpoint } from '../store/webhook-endpoints.ts';

/**
 * What is to become of the message. `GONE`: the receiver wants no more of any. `GIVE_UP`: the next attempt would end as this one did. `NOT_SENT`: there is
 * nothing to send it by. `INTERRUPTED`: the server stops.
 */
export type AttemptVerdict = 'DELIVERED' | 'GONE' | 'RETRY' | 'GIVE_UP' | 'NOT_SENT' | 'INTERRUPTED';

export interface AttemptResult {
  readonly verdict: AttemptVerdict;
  readonly statusCode: number | null;
  /** The beginning of the answer. */
  readonly response: string | null;
  /** Null if it arrived. */
  readonly error: RunError | null;
  /** The header of the answer that says when to come back. */
  readonly retryAfter: string | null;
  readonly durationMs: number;
  /** Of a mail that others have got: those of its addresses that have yet to get it. */
  readonly remaining?: readonly string[];
}

export interface WebhookOptions {
  readonly targets: Targets;
  /** When the attempt is made: the message's timestamp. */
  readonly now: Date;
  /** Interrupts the request. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends a message to its endpoint, signed with every secret that is good at the time. */
export async function attemptWebhook(
  id: string,
  { body }: WebhookContent,
  { url, headers, secrets }: Pick<FullEndpoint, 'url' | 'headers' | 'secrets'>,
  { targets, now, signal }: WebhookOptions,
): Promise<AttemptResult> {
  const moment = now.toISOString();
  const good = secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > moment);
  const answer = await post({
    url,
    headers: {
      'user-agent': 'Handrail-Webhooks',
      ...Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
      ...signedHeaders(
        id,
        now,
        body,
        good.map(({ secret }) => secret),
      ),
    },
    body,
    targets,
    signal,
  });
  return answer.ok ? judgeAnswer(answer) : judgeFailure(answer);
}

const VERDICTS = { DELIVERED: 'DELIVERED', GONE: 'GONE', WORTH_RETRYING: 'RETRY' } as const;

function judgeAnswer({ status, headers: { retryAfter }, body, durationMs }: PostAnswer): AttemptResult {
  const verdict = VERDICTS[verdictOf(status)];
  const error =
    verdict === 'DELIVERED' ? null : { code: `HTTP_${status}`, message: `The receiver answered ${status}.` };
  return { verdict, statusCode: status, response: body, error, retryAfter, durationMs };
}

/** A receiver that has begun to answer with 2xx has the message, whatever became of the rest of its answer. */
function judgeFailure({ code, message, isPermanent, answered, durationMs }: PostFailure): AttemptResult {
  const common = {
    statusCode: answered?.status ?? null,
    response: answered?.body ?? null,
    retryAfter: answered?.retryAfter ?? null,
    durationMs,
  };
  const error = { code, message };
  if (code === 'CANCELLED') return { ...common, verdict: 'INTERRUPTED', error };
  const verdict = answered === null ? 'RETRY' : VERDICTS[verdictOf(answered.status)];
  if (verdict === 'DELIVERED') return { ...common, verdict, error: null };
  return { ...common, verdict: isPermanent ? 'GIVE_UP' : verdict, error };
}

/** Hands a mail to the mail server, for those of its recipients who have not got it yet. */
export async function attemptEmail(
  id: string,
  content: EmailContent,
  mailer: Mailer,
  log: Logger,
): Promise<AttemptResult> {
  const startedAt = performance.now();
  const answer = await mailer.send({ id, ...content });
  const common = {
    statusCode: answer.statusCode,
    retryAfter: null,
    durationMs: Math.round(performance.now() - startedAt),
  };
  if (answer.ok) {
    const { refused, postponed } = answer;
    const notTaken = [
      ...refused.map((address) => `Not taken: ${address}`),
      ...postponed.map((address) => `Put off: ${address}`),
    ];
    const response = [answer.response, ...notTaken].join('\n');
    if (postponed.length === 0) return { ...common, verdict: 'DELIVERED', response, error: null };
    const message = `The mail server put off ${postponed.join(', ')}.`;
    const error = { code: 'RECIPIENT_PUT_OFF', message };
    return { ...common, verdict: 'RETRY', response, error, remaining: postponed };
  }
  const { code, message, detail, isPermanent } = answer;
  if (code !== 'NOT_CONFIGURED') log.warn({ deliveryId: id, code, detail }, 'a mail was not taken');
  const verdict = code === 'NOT_CONFIGURED' ? 'NOT_SENT' : isPermanent ? 'GIVE_UP' : 'RETRY';
  return { ...common, verdict, response: null, error: { code, message } };
}

/** The answer as later actions can use it: as JSON if it is, and as text otherwise; null if there is none. */
export function readableResponse(response: string | null): Json {
  if (response === null || response.trim() === '') return null;
  try {
    return JSON.parse(response, (key, value: Json) => {
      if (isUnstorable(key) || (typeof value === 'string' && isUnstorable(value)))
        throw new Error('what JSON spells out here can’t be stored');
      return value;
    }) as Json;
  } catch {
    return response;
  }
}
