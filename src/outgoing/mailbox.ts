/** Addresses of e-mail. */
import { keepable } from './text.ts';

export interface Mailbox {
  /** `Handrail`; empty for none. */
  readonly name: string;
  /** `handrail@example.com` */
  readonly address: string;
}

/** Longest address that SMTP carries, in characters. */
const maxAddressLength = 254;

/** Signs that mean something in lists of addresses are left out: nobody's address needs them, and one text is to stay one address. */
const addressPattern = /^[^\s\p{C}@<>()[\]\\,;:"]{1,64}@[^\s\p{C}@<>()[\]\\,;:"]+$/u;

/** Whether a text is one address, `name@host`, without a display name. */
export function isMailAddress(text: string): boolean {
  return text.length <= maxAddressLength && addressPattern.test(text);
}

/** Reads `Name <name@host>` or `name@host`; null if it is neither. */
export function parseMailbox(text: string): Mailbox | null {
  const [, name = '', address = ''] = /^(?:([^<>\p{Cc}]*)<([^<>]*)>)$/u.exec(text.trim()) ?? [
    '',
    '',
    text.trim(),
  ];
  return isMailAddress(address) ? { name: name.trim().replace(/^"(.*)"$/, '$1'), address } : null;
}

/** The texts of a list with commas between them: addresses, or what somebody took for such. */
export function splitAddresses(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Each address once, in whichever case it is written; those that are `known` not at all. */
export function uniqueAddresses(all: readonly string[], known: readonly string[] = []): string[] {
  const seen = new Set(known.map((address) => address.toLowerCase()));
  return all.filter((address) => !seen.has(address.toLowerCase()) && seen.add(address.toLowerCase()));
}

/** What is said of a text that is no address. */
export function noAddress(text: string): string {
  return `${JSON.stringify(keepable(text, 100))} is no e-mail address.`;
}
