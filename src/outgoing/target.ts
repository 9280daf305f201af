/** URLs that users give, to which the server is to send something. */
import { isIP } from 'node:net';
import { isPublicAddress } from './address.ts';

/**
 * Where requests may go.
 *
 * - `public`: hosts on the public internet, over HTTPS.
 * - `any`: any host, also over HTTP. For development.
 */
export type Targets = 'public' | 'any';

export type TargetProblem =
  | 'INVALID_URL'
  | 'URL_TOO_LONG'
  | 'NOT_HTTPS'
  | 'CREDENTIALS'
  | 'FRAGMENT'
  | 'FORBIDDEN_ADDRESS'
  | 'FORBIDDEN_HOST';

/** `message` says what is wrong and what would be right; it goes on after "The URL". */
export type TargetCheck =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly code: TargetProblem; readonly message: string };

/** Longest URL, in characters. */
const maxUrlLength = 2000;

/** Names that never lead to the public internet, with those below them. */
const innerNames = ['localhost', 'localdomain', 'local', 'internal', 'intranet', 'lan', 'home.arpa'];

/**
 * Whether requests may be sent to a URL, as far as can be said without a resolver: what its host name leads to is checked at each request.
 *
 * @param text - what the user typed. Hosts are judged after normalization, so `https://0x7f.1` is 127.0.0.1.
 */
export function checkTarget(text: string, targets: Targets): TargetCheck {
  if (text.length > maxUrlLength) {
    return tooLong();
  }
  // A URL parser drops some of these, and people then read another address than it does.
  if (/[\s\p{Cc}\p{Cf}\\]/u.test(text)) {
    return refuse(
      'INVALID_URL',
      'must not have spaces, line breaks, invisible characters or backslashes: write them as %20, %0A, %5C',
    );
  }
  if (!URL.canParse(text)) return refuse('INVALID_URL', 'must look like https://example.com/path');
  const url = new URL(text);
  // Written with %-escapes, as it is kept and called, it may be six times as long.
  if (url.href.length > maxUrlLength) return tooLong();
  if (url.protocol !== 'https:' && !(targets === 'any' && url.protocol === 'http:')) {
    return refuse('NOT_HTTPS', `must start with https://${targets === 'any' ? ' or http://' : ''}`);
  }
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (authority === undefined || url.port === '0') {
    return refuse('INVALID_URL', 'must look like https://example.com/path');
  }
  if (authority.includes('@')) {
    return refuse('CREDENTIALS', 'must not contain a user or a password: send them in a header');
  }
  if (text.includes('#')) {
    return refuse('FRAGMENT', 'must not have a part after #: it is never sent. Write # as %23');
  }
  return targets === 'any' ? { ok: true, url } : checkHost(url);
}

function checkHost(url: URL): TargetCheck {
  const host = hostOf(url);
  if (isIP(host) !== 0) {
    return isPublicAddress(host)
      ? { ok: true, url }
      : refuse('FORBIDDEN_ADDRESS', 'must not lead to an address that is not public');
  }
  const name = host.replace(/\.+$/, '');
  const isInner =
    !name.includes('.') || innerNames.some((inner) => name === inner || name.endsWith(`.${inner}`));
  return isInner
    ? refuse('FORBIDDEN_HOST', 'must have the name of a host on the public internet, like example.com')
    : { ok: true, url };
}

/** The host of a URL as a resolver or a connection takes it: IPv6 addresses without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function tooLong(): TargetCheck {
  return refuse('URL_TOO_LONG', `must have at most ${maxUrlLength} characters, %-escapes included`);
}

function refuse(code: TargetProblem, message: string): TargetCheck {
  return { ok: false, code, message };
}
