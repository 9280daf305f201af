import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/outgoing/address.ts';
import { checkTarget } from '../../src/outgoing/target.ts';
import { hostileUrls } from './hostile-urls.ts';

describe('a URL is refused that tries', () => {
  test.each(hostileUrls)('%s: %j', (_, url, code) => {
    expect(checkTarget(url, 'public')).toMatchObject({ ok: false, code });
  });
});

test.each([
  ['https://example.com', 'https://example.com/'],
  ['HTTPS://Example.COM:443/Hooks?a=1&b=%0A', 'https://example.com/Hooks?a=1&b=%0A'],
  ['https://bücher.example:8443/', 'https://xn--bcher-kva.example:8443/'],
  ['https://93.184.216.34/', 'https://93.184.216.34/'],
  ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ['https://[::ffff:8.8.8.8]/', 'https://[::ffff:808:808]/'],
  ['https://localhost.example.com/a@b', 'https://localhost.example.com/a@b'],
])('%s is a target on the public internet', (url, href) => {
  expect(checkTarget(url, 'public')).toEqual({ ok: true, url: new URL(href) });
});

test.each(['http://localhost:3000/hook', 'http://10.0.0.1/', 'https://[::1]/'])(
  'for development %s is a target, too',
  (url) => {
    expect(checkTarget(url, 'any')).toEqual({ ok: true, url: new URL(url) });
  },
);

test.each(['ftp://localhost/', 'http://user@localhost/', 'http://localhost/#a', 'http:localhost'])(
  'not even for development %s is a target',
  (url) => {
    expect(checkTarget(url, 'any').ok).toBe(false);
  },
);

test('a URL is refused that is too long only once it is written with %-escapes', () => {
  const fits = `https://example.com/${'ü'.repeat(330)}`;
  expect(checkTarget(fits, 'public').ok).toBe(true);
  expect(checkTarget(new URL(fits).href, 'public').ok).toBe(true);
  expect(checkTarget(`${fits}ü`, 'public')).toMatchObject({ ok: false, code: 'URL_TOO_LONG' });
});

test('a refusal says what would be right', () => {
  expect(checkTarget('http://example.com', 'public')).toEqual({
    ok: false,
    code: 'NOT_HTTPS',
    message: 'must start with https://',
  });
});

test.each(['8.8.8.8', '2606:4700::1', '64:ff9b::808:808', '::ffff:8.8.8.8'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(['', 'localhost', '8.8.8', '010.8.8.8', '0x8.8.8.8', '2606:4700::1%eth0', '[2606:4700::1]'])(
  '%j is no public address',
  (address) => {
    expect(isPublicAddress(address)).toBe(false);
  },
);
