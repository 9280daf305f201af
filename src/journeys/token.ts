/** The secrets by which people without an account reach a journey, and what can be one. */
import { createHash, randomBytes } from 'node:crypto';
import { isSecretToken, newSecretToken } from '../store/secret-token.ts';

/** Of a permanent public link: 16 random bytes. Whoever may publish the link shows it, so it is kept as it is. */
const PUBLIC_KEY = /^[A-Za-z0-9_-]{22}$/;
/** Of one session of a public link: its key, and what only this session has. */
const PUBLIC_TOKEN = /^([A-Za-z0-9_-]{22})\.[A-Za-z0-9_-]{43}$/;

/** A key for a permanent public link that nobody has yet. */
export function newPublicKey(): string {
  return randomBytes(16).toString('base64url');
}

/** Whether it can be the key of a public link. */
export function isPublicKey(text: string): boolean {
  return PUBLIC_KEY.test(text);
}

/** Whether it can be the token of a session. */
export function isToken(text: string): boolean {
  return isSecretToken(text) || PUBLIC_TOKEN.test(text);
}

/** A token for a new session of the public link. Nothing is kept until something is written in it. */
export function newPublicToken(publicKey: string): string {
  return `${publicKey}.${newSecretToken()}`;
}

/** The key of the public link that a token is of; null for one of a session that was opened for somebody. */
export function publicKeyOf(token: string): string | null {
  return PUBLIC_TOKEN.exec(token)?.[1] ?? null;
}

/** The id that the session of a public token has, or will have: made of the token, so that an outside form can be told it before there is a session. */
export function publicSessionId(token: string): string {
  const bytes = createHash('sha256').update(`session ${token}`).digest().subarray(0, 16);
  // https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8: made as we like.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
