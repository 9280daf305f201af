/** When a message that did not arrive is sent again. */

/**
 * Pauses between attempts in seconds, as Standard Webhooks recommends them
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): ten attempts in three days and a bit.
 */
export const DEFAULT_SCHEDULE: readonly number[] = [
  5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
];

/** Share of a pause by which it is longer or shorter, so that messages that failed together do not come back together. */
const jitter = 0.2;

/** A receiver cannot put a message off for longer, in seconds. */
const maxRetryAfter = 24 * 60 * 60;

export interface AttemptsSoFar {
  /** Attempts made in this round, at least one. */
  readonly round: number;
  readonly now: Date;
  /** Pause after the first attempt, after the second, …, in seconds. */
  readonly schedule: readonly number[];
  /** The receiver's `Retry-After`: seconds, or a date as HTTP writes it. Anything else counts as none. */
  readonly retryAfter: string | null;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** When to try again, or null: all attempts have been made. Never before what the receiver asked for, but at most a day later because of it. */
export function nextAttempt({ round, now, schedule, retryAfter, random }: AttemptsSoFar): Date | null {
  const pause = schedule[round - 1];
  if (pause === undefined) return null;
  const scheduled = pause * (1 - jitter + 2 * jitter * random());
  const asked = Math.min(secondsAsked(retryAfter, now), maxRetryAfter);
  return new Date(now.getTime() + Math.ceil(Math.max(scheduled, asked) * 1000));
}

/** 0 for none. */
function secondsAsked(retryAfter: string | null, now: Date): number {
  const text = retryAfter?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return 0;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, (at - now.getTime()) / 1000);
}

/**
 * What a status says about a message.
 *
 * - `DELIVERED`: 2xx.
 * - `GONE`: 410, the receiver wants no more messages. Its endpoint is to be disabled, and nothing sent again.
 * - `WORTH_RETRYING`: everything else, also 3xx and 4xx: receivers get repaired.
 */
export type Verdict = 'DELIVERED' | 'GONE' | 'WORTH_RETRYING';

/** What Standard Webhooks makes of an HTTP status. */
export function verdictOf(status: number): Verdict {
  if (status >= 200 && status < 300) return 'DELIVERED';
  return status === 410 ? 'GONE' : 'WORTH_RETRYING';
}
