/** Which addresses of the internet the server may talk to on behalf of its users. */
import ipaddr from 'ipaddr.js';

/** Azure's inner services answer at an address that looks public. */
const innerServices = new Set(['168.63.129.16']);

/** Where IPv6 addresses of hosts on the internet come from; all others are special or not given out yet. */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/** Prefix of the addresses by which networks with IPv6 only reach hosts that have IPv4 only (RFC 6052). */
const nat64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/**
 * Whether an address belongs to a host on the public internet: not to this machine, its networks or the services that clouds
 * offer their machines (such as metadata at 169.254.169.254), nor to ranges for documentation, tests, groups or tunnels.
 *
 * @param text - as a resolver gives it: no brackets. What is no address, or has a zone, is not public.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return isPublicV4(address);
  if (address.zoneId !== undefined) return false;
  if (address.isIPv4MappedAddress() || address.match(nat64)) return isPublicV4(embeddedV4(address));
  return address.match(globalUnicast) && address.range() === 'unicast';
}

function isPublicV4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !innerServices.has(address.toString());
}

/** The last 32 bits. */
function embeddedV4(address: ipaddr.IPv6): ipaddr.IPv4 {
  return new ipaddr.IPv4(address.toByteArray().slice(-4));
}
