/** From the host of a URL to the addresses that a request may use. */
import { lookup as systemLookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from './address.ts';
import { RequestFailure } from './failure.ts';
import { hostOf, type Targets } from './target.ts';

/** All addresses of a host name, the best first. Rejects if it has none. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/** As this machine is set up to look up names. */
export const lookupBySystem: Lookup = async (hostname) => {
  const found = await systemLookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

/** How long one name server may take to answer at first, in ms. */
const nameServerMs = 2000;

/**
 * By asking name servers and nothing else. A lookup by the system keeps one of the process's few threads until it is over: whoever has name servers that
 * never answer could keep all of them from everybody.
 *
 * @param servers - `address:port`; those of this machine if left out.
 */
export function lookupByDns(servers?: readonly string[]): Lookup {
  return async (hostname) => {
    const resolver = new Resolver({ timeout: nameServerMs, tries: 2 });
    if (servers) resolver.setServers(servers);
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const [first] = answers;
    if (found.length === 0 && first.status === 'rejected') throw first.reason;
    return found;
  };
}

/**
 * The addresses of a URL's host, at least one. They are the ones to connect to: who looks the name up again may get others.
 *
 * @throws {RequestFailure} DNS_FAILED, or FORBIDDEN_ADDRESS if only one of them may not be talked to.
 */
export async function resolveAddresses(
  url: URL,
  targets: Targets,
  lookup: Lookup,
): Promise<readonly string[]> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await lookUp(host, lookup) : [host];
  if (targets === 'public' && !addresses.every(isPublicAddress)) {
    throw new RequestFailure('FORBIDDEN_ADDRESS', `${host} leads to an address that is not public.`);
  }
  return addresses;
}

async function lookUp(host: string, lookup: Lookup): Promise<readonly string[]> {
  const addresses = await lookup(host).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new RequestFailure('DNS_FAILED', `${host} cannot be looked up${code}.`);
  });
  if (addresses.length === 0) throw new RequestFailure('DNS_FAILED', `${host} has no address.`);
  return addresses;
}
