/** Whom a request is from, as far as that can be told by addresses. */
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** How many bits of an IPv6 address one household or company has in common; it can take any of the others. */
const NETWORK_BITS = 64;

/** Some proxies add the port, which is another one with each connection. */
const WITH_PORT = /^(?:(\d+(?:\.\d+){3}):\d+|\[([\d.:a-f]+)\](?::\d+)?)$/i;

/** The address as who has it is counted: an IPv4 address, or the network of an IPv6 address. */
function callerOf(given: string): string {
  const [, v4, v6] = WITH_PORT.exec(given) ?? [];
  const address = v4 ?? v6 ?? given;
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/${NETWORK_BITS}`).toString();
}

/**
 * Who sent the request: the other end of its connection, or, behind so many proxies of our own, whom the first of them has put into `X-Forwarded-For`. What stands before that in
 * the header is from the client itself, who may write anything.
 */
export function clientOf(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  trustedProxies: number,
): string {
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const addresses = [...forwarded, socket.remoteAddress ?? ''].map((address) => address.trim());
  return callerOf(
    addresses.filter((address) => address !== '').at(-1 - trustedProxies) ?? addresses.at(-1) ?? '',
  );
}
