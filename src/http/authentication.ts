/** From a bearer token to the viewer. */
import type { Queryable } from '../store/statement.ts';
import type { Logger } from 'pino';
import type { Viewer } from '../commands/viewer.ts';
import type { Authentication } from '../config.ts';
import { provisionViewer, readViewer, type ViewerRow } from '../store/viewers.ts';
import { unauthenticated } from './graphql-errors.ts';
import { createTokenVerifier, type TokenContent } from './token.ts';

/**
 * Who presents this token; null: none was presented.
 *
 * @throws GraphQLError with `extensions.code` UNAUTHENTICATED (or FORBIDDEN without a known role) which says what is wrong with it.
 */
export type Authenticate = (token: string | null) => Promise<Viewer>;

export interface AuthenticatorOptions {
  readonly auth: Authentication;
  /** From `openDemoKey` in demo mode, else null. */
  readonly demoKey: Uint8Array | null;
  readonly database: Queryable;
  readonly log: Logger;
  readonly clock: () => Date;
}

/** The time zone of an organization that a token names for the first time. */
const DEFAULT_TIME_ZONE = 'Europe/Berlin';

const SCHEME = /^Bearer +([^\s]+) *$/i;

/**
 * The token of an `Authorization` header's value; null if there is no header.
 *
 * @throws GraphQLError UNAUTHENTICATED if it is not a bearer token.
 */
export function bearerToken(header: string | null | undefined): string | null {
  if (header === null || header === undefined || header === '') return null;
  const token = SCHEME.exec(header)?.[1];
  if (token === undefined) throw unauthenticated('The Authorization header must be "Bearer <token>".');
  return token;
}

function isPartnerOnly(token: TokenContent): boolean {
  return token.roles.every((role) => role === 'partner');
}

async function provisioned(database: Queryable, token: TokenContent, moment: string): Promise<ViewerRow> {
  await provisionViewer(database, {
    organizationExternalId: token.organizationExternalId,
    organizationName: token.organizationName ?? token.organizationExternalId,
    timeZone: DEFAULT_TIME_ZONE,
    userExternalId: token.userExternalId,
    userName: token.userName ?? token.userExternalId,
    kind: isPartnerOnly(token) ? 'PARTNER' : 'INTERNAL',
  });
  const made = await readViewer(database, token.organizationExternalId, token.userExternalId, moment);
  if (!made) throw new Error('a viewer that was just made cannot be read');
  return made;
}

/** Makes the authenticator. It costs one SQL statement, and three more at a user's very first request. */
export function createAuthenticator({
  auth,
  demoKey,
  database,
  log,
  clock,
}: AuthenticatorOptions): Authenticate {
  const verify = createTokenVerifier({ auth, demoKey, log, clock });

  return async (presented) => {
    if (presented === null)
      throw unauthenticated('There is no token: send the header "Authorization: Bearer <token>".');
    const token = await verify(presented);
    const moment = clock().toISOString();
    const { organizationExternalId, userExternalId } = token;
    const known = await readViewer(database, organizationExternalId, userExternalId, moment);
    const { isActive, ...viewer } = known ?? (await provisioned(database, token, moment));
    if (!isActive) throw unauthenticated('The token’s user is deactivated.');
    return { ...viewer, roles: token.roles, topics: token.topics, expiresAt: token.expiresAt };
  };
}
