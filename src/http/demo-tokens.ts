/** Tokens for the people of the demo organization. */
import { SignJWT } from 'jose';
import type { Role } from '../commands/viewer.ts';

/** The `iss` of demo tokens. */
export const DEMO_ISSUER = 'handrail-demo';

const DAYS_30 = 30 * 24 * 60 * 60;

export interface DemoTokenContent {
  readonly externalId: string;
  readonly organizationExternalId: string;
  readonly roles: readonly Role[];
  readonly name: string;
}

/** The names of the claims, as in `Config.auth.claims`. */
interface ClaimNames {
  readonly user: string;
  readonly organization: string;
  readonly roles: string;
}

/**
 * Signs a bearer token.
 *
 * @param times - in seconds: `now` since 1970, and for how long from then on the token is valid (default 30 days).
 */
export async function signDemoToken(
  key: Uint8Array,
  person: DemoTokenContent,
  claims: ClaimNames = { user: 'sub', organization: 'org', roles: 'roles' },
  {
    now = Math.floor(Date.now() / 1000),
    lifetime = DAYS_30,
  }: { readonly now?: number; readonly lifetime?: number } = {},
): Promise<string> {
  return new SignJWT({
    name: person.name,
    [claims.user]: person.externalId,
    [claims.organization]: person.organizationExternalId,
    [claims.roles]: person.roles,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(DEMO_ISSUER)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetime)
    .sign(key);
}
