import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { clientOf } from '../../src/http/client-address.ts';

function client(remoteAddress: string, forwarded: string | undefined, proxies: number): string {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
  return clientOf({ socket, headers: { 'x-forwarded-for': forwarded } }, proxies);
}

describe('a request', () => {
  test.each<[what: string, proxies: number, forwarded: string | undefined, client: string]>([
    ['the other end of the connection', 0, undefined, '192.0.2.9'],
    ['nobody whom it names itself', 0, '198.51.100.1', '192.0.2.9'],
    ['whom the proxy names', 1, '198.51.100.1', '198.51.100.1'],
    ['whom the proxy names, whatever came to the proxy', 1, '203.0.113.5, 198.51.100.1', '198.51.100.1'],
    ['whom the first of two proxies names', 2, '203.0.113.5, 198.51.100.1, 10.0.0.1', '198.51.100.1'],
    ['the other end of the connection if no proxy has named anybody', 1, undefined, '192.0.2.9'],
  ])('is from %s', (_what, proxies, forwarded, expected) => {
    expect(client('192.0.2.9', forwarded, proxies)).toBe(expected);
  });

  test('is from the same caller, however their address is written', () => {
    expect(client('::ffff:192.0.2.9', undefined, 0)).toBe('192.0.2.9');
    expect(client('10.0.0.1', '192.0.2.9:50000', 1)).toBe('192.0.2.9');
    expect(client('10.0.0.1', '[2001:db8:1:2::1]:50000', 1)).toBe(client('2001:db8:1:2::1', undefined, 0));
  });

  test('is from the same caller as one from another address of their network', () => {
    const [one, other, stranger] = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1'].map(
      (address) => client(address, undefined, 0),
    );
    expect(one).toBe(other);
    expect(one).not.toBe(stranger);
  });
});
