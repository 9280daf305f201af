/** Which web pages may use the server, by the `Origin` that browsers send and pages cannot change. */
import type { AllowedOrigins } from '../allowed-origins.ts';
import { isLoopback } from '../loopback.ts';

/** The headers that it depends on. */
export interface OriginHeaders {
  readonly origin?: string | null | undefined;
  readonly host?: string | null | undefined;
}

/** All loopback names are one: a page at localhost may connect to 127.0.0.1. */
function sameServer(page: URL, server: URL): boolean {
  if (page.host === server.host) return true;
  return page.port === server.port && isLoopback(page.hostname) && isLoopback(server.hostname);
}

/** Whether the page comes from this server. The scheme is not compared: a proxy may have taken the TLS off. */
function isOwn(origin: string, host: string | null | undefined): boolean {
  if (!host || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  const server = `${page.protocol}//${host}`;
  return URL.canParse(server) && sameServer(page, new URL(server));
}

/** Whether the request may come in. Programs that are no browsers send no `Origin`, and may. */
export function isAllowedOrigin(allowed: AllowedOrigins, { origin, host }: OriginHeaders): boolean {
  if (origin === undefined || origin === null || allowed === 'any') return true;
  return (allowed !== 'own' && allowed.includes(origin)) || isOwn(origin, host);
}
