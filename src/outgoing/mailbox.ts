/** Addresses of e-mail. */

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
