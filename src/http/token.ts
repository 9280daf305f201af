/** Whether a bearer token is genuine and valid now, and what it says. */
import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { ROLES, type Role } from '../commands/viewer.ts';
import type { Authentication, Claims } from '../config.ts';
import { DEMO_ISSUER } from './demo-tokens.ts';
import { refusal, unauthenticated } from './graphql-errors.ts';

/** What a valid token says. */
export interface TokenContent {
  readonly userExternalId: string;
  readonly organizationExternalId: string;
  /** At least one. */
  readonly roles: readonly Role[];
  /** What the claim `topics` lists: which tasks a worker may fetch; null for any. */
  readonly topics: readonly string[] | null;
  /** The user's name, if the token has the claim `name`. */
  readonly userName: string | null;
  /** The organization's name, if the token has the claim `org_name`. */
  readonly organizationName: string | null;
  /** In seconds since 1970; null: never. */
  readonly expiresAt: number | null;
}

export interface TokenVerifierOptions {
  readonly auth: Authentication;
  /** The key of the demo mode's tokens; null in all other modes. */
  readonly demoKey: Uint8Array | null;
  readonly clock: () => Date;
  readonly log: Logger;
}

const HMAC = ['HS256', 'HS384', 'HS512'];
// Never HMAC here: its key would be the public one, with which anybody could sign.
const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

interface KeySource {
  readonly key: Uint8Array | JWTVerifyGetKey;
  readonly options: JWTVerifyOptions;
}

function keySource({ auth, demoKey }: TokenVerifierOptions): KeySource {
  switch (auth.mode) {
    case 'demo':
      if (!demoKey) throw new Error('the demo mode needs its key');
      return { key: demoKey, options: { algorithms: ['HS256'], issuer: DEMO_ISSUER } };
    case 'secret':
      return {
        key: new TextEncoder().encode(auth.secret),
        options: {
          algorithms: HMAC,
          ...optional('issuer', auth.issuer),
          ...optional('audience', auth.audience),
        },
      };
    case 'jwks':
      return {
        // Unknown keys make it ask the provider again, but not more often than every 30 s, or anybody could make it ask.
        key: createRemoteJWKSet(new URL(auth.jwksUrl), { cooldownDuration: 30_000, timeoutDuration: 5_000 }),
        options: { algorithms: ASYMMETRIC, issuer: auth.issuer, audience: auth.audience },
      };
  }
}

function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<Key, string>>;
}

const CLAIM_PROBLEMS: Readonly<Record<string, string>> = {
  iss: 'The token has the wrong issuer.',
  aud: 'The token is meant for another audience.',
  nbf: 'The token is not valid yet.',
};

/** Why jose refused the token. Null: it is not the token's fault. */
function reasonOf(error: unknown): string | null {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return CLAIM_PROBLEMS[error.claim] ?? `The token’s claim "${error.claim}" is not valid.`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The token has a wrong signature.';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'The token is not signed with a key of the identity provider.';
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return 'The token is signed with an algorithm that is not accepted here.';
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return 'The token is malformed: not a JWT.';
  return null;
}

function refusalOf(error: unknown, log: Logger): GraphQLError {
  const reason = reasonOf(error);
  if (reason !== null) return unauthenticated(reason);
  log.error({ err: error }, 'the identity provider’s keys could not be read');
  return refusal('The identity provider’s keys cannot be read at the moment.', 'SERVICE_UNAVAILABLE', 503);
}

// 255: more is no id; control characters: PostgreSQL refuses U+0000.
const EXTERNAL_ID = /^[^\p{Cc}]{1,255}$/u;

function externalId(payload: JWTPayload, claim: string): string {
  const value = payload[claim];
  if (value === undefined) throw unauthenticated(`The token lacks the claim "${claim}".`);
  if (typeof value === 'string' && EXTERNAL_ID.test(value)) return value;
  throw unauthenticated(`The token’s claim "${claim}" must be a text of 1 to 255 characters.`);
}

function rolesOf(payload: JWTPayload, claim: string): Role[] {
  const value = payload[claim];
  if (value === undefined) throw unauthenticated(`The token lacks the claim "${claim}".`);
  const known = Array.isArray(value) ? ROLES.filter((role) => value.includes(role)) : [];
  if (known.length > 0) return known;
  throw refusal(`The token’s claim "${claim}" has none of the roles ${ROLES.join(', ')}.`, 'FORBIDDEN', 403);
}

/** A claim that can't be understood allows nothing, rather than everything. */
function topicsOf(value: unknown): readonly string[] | null {
  if (value === undefined) return null;
  if (Array.isArray(value) && value.every((topic) => typeof topic === 'string')) return value;
  throw unauthenticated('The token’s claim "topics" must be a list of texts.');
}

function nameIn(value: unknown): string | null {
  return typeof value === 'string' && EXTERNAL_ID.test(value) ? value : null;
}

function contentOf(payload: JWTPayload, claims: Claims): TokenContent {
  return {
    userExternalId: externalId(payload, claims.user),
    organizationExternalId: externalId(payload, claims.organization),
    roles: rolesOf(payload, claims.roles),
    topics: topicsOf(payload['topics']),
    userName: nameIn(payload['name']),
    organizationName: nameIn(payload['org_name']),
    expiresAt: payload.exp ?? null,
  };
}

/**
 * Makes the check of tokens.
 *
 * @returns a function that throws a `GraphQLError` (UNAUTHENTICATED, FORBIDDEN, SERVICE_UNAVAILABLE) which says what is wrong.
 */
export function createTokenVerifier(options: TokenVerifierOptions): (token: string) => Promise<TokenContent> {
  const { key, options: checks } = keySource(options);
  const { auth, clock, log } = options;
  return async (token) => {
    const verified = await verify(token, key, { ...checks, currentDate: clock() }).catch((error: unknown) => {
      throw refusalOf(error, log);
    });
    return contentOf(verified.payload, auth.claims);
  };
}

// jwtVerify has one overload for a key and one for a function, none for either.
function verify(token: string, key: KeySource['key'], checks: JWTVerifyOptions) {
  return typeof key === 'function' ? jwtVerify(token, key, checks) : jwtVerify(token, key, checks);
}
