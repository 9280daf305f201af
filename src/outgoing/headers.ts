/** Headers of requests that users may choose. */

/** Say how the request is framed and where it goes: the client alone sets them. */
const framing = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Say what a message is, and are signed. */
const ours = new Set(['content-type', 'webhook-id', 'webhook-signature', 'webhook-timestamp']);

/** Longest value, in characters. */
const maxValueLength = 2000;

export type HeaderCheck =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: 'INVALID_HEADER_NAME' | 'FORBIDDEN_HEADER' | 'INVALID_HEADER_VALUE';
      /** What is wrong and what would be right; goes on after "The header". */
      readonly message: string;
    };

/** Whether users may have a header sent with their webhooks. */
export function checkHeader(name: string, value: string): HeaderCheck {
  if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) {
    return {
      ok: false,
      code: 'INVALID_HEADER_NAME',
      message: 'must have a name of 1 to 100 letters, digits and -, like X-Api-Key',
    };
  }
  if (isFraming(name) || ours.has(name.toLowerCase())) {
    return { ok: false, code: 'FORBIDDEN_HEADER', message: `${name} is set by the server: leave it out` };
  }
  if (value.length > maxValueLength || !/^[\x20-\x7e]*$/.test(value)) {
    return {
      ok: false,
      code: 'INVALID_HEADER_VALUE',
      message: `must have a value of at most ${maxValueLength} letters, digits, signs and spaces of ASCII`,
    };
  }
  return { ok: true };
}

/** Whether a header is none that a request may bring along. */
export function isFraming(name: string): boolean {
  return framing.has(name.toLowerCase()) || /^proxy-/i.test(name);
}
