/** Secrets that whoever has them may use once, or for a time: links, callbacks, sessions, leases. Of all but callbacks, which are told anew with each attempt, only the hash is kept. */
import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes in base64url: nobody guesses one. */
const SECRET_TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A token that nobody has yet. */
export function newSecretToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether it can be one, so that nothing else is looked up. */
export function isSecretToken(text: string): boolean {
  return SECRET_TOKEN.test(text);
}

/** SHA-256: the token can be found by it, and not be made of it. */
export function secretTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
