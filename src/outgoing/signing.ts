/** Signatures of webhooks as Standard Webhooks 1.0.0 has them (https://www.standardwebhooks.com/). */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

export interface SignedHeaders {
  /** The same in each attempt, so that a receiver can tell a repetition. */
  readonly 'webhook-id': string;
  /** When this attempt is made, in seconds since 1970: receivers refuse old ones. */
  readonly 'webhook-timestamp': string;
  /** `v1,…`, separated by spaces, one for each secret. */
  readonly 'webhook-signature': string;
}

const prefix = 'whsec_';
const secretBytes = 32;
const minSecretBytes = 24;
const maxSecretBytes = 64;

/**
 * The headers by which a receiver knows who sent a body, and when.
 *
 * @param id - of the message: no full stop in it.
 * @param secrets - all that receivers may have at the time, at least one: two while one takes the place of the other.
 */
export function signedHeaders(
  id: string,
  timestamp: Date,
  body: string,
  secrets: readonly string[],
): SignedHeaders & Readonly<Record<string, string>> {
  if (secrets.length === 0) throw new Error('A webhook needs a secret to be signed with');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, timestamp, body)).join(' '),
  };
}

/** How far the clocks of two servers may be apart, and how long a signed message may be on its way, in seconds. */
const TOLERANCE = 5 * 60;

/** A message from outside that says that it is signed. */
export interface SignedMessage {
  readonly id: string;
  /** In seconds since 1970. */
  readonly timestamp: string;
  /** `v1,…`, several separated by spaces. */
  readonly signature: string;
  readonly body: string;
}

function isEqual(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Whether one of the secrets has signed the message, not more than five minutes before or after now. */
export function isSignedBy(
  secrets: readonly string[],
  { id, timestamp, signature, body }: SignedMessage,
  now: Date,
): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  const at = new Date(Number(timestamp) * 1000);
  if (Math.abs(now.getTime() - at.getTime()) > TOLERANCE * 1000) return false;
  const given = signature.split(' ').slice(0, 10);
  return secrets.some((secret) => {
    const right = new Webhook(secret).sign(id, at, body);
    return given.some((one) => isEqual(one, right));
  });
}

/** A secret that nobody has yet: `whsec_` and 32 random bytes in base64. */
export function newSecret(): string {
  return prefix + randomBytes(secretBytes).toString('base64');
}

/** Whether a text can be used as a secret: `whsec_` and 24 to 64 bytes in base64. */
export function isSecret(text: string): boolean {
  if (!text.startsWith(prefix)) return false;
  const encoded = text.slice(prefix.length);
  const bytes = Buffer.from(encoded, 'base64');
  return (
    bytes.length >= minSecretBytes && bytes.length <= maxSecretBytes && bytes.toString('base64') === encoded
  );
}
