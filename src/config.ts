import { resolve } from 'node:path';
import { z } from 'zod';
import { parseOrigins, type AllowedOrigins } from './allowed-origins.ts';
import { isLoopback } from './loopback.ts';
import { parseMailbox } from './outgoing/mailbox.ts';
import { DEFAULT_SCHEDULE } from './outgoing/retry.ts';
import type { Targets } from './outgoing/target.ts';
import { StartError } from './start-error.ts';

/** Everything that can be set from outside, checked. Frozen. Each field says which variable it comes from. */
export interface Config {
  /** `PORT`: TCP port of the HTTP server; 0 takes any free one. Default 4000. */
  readonly port: number;
  /** `HOST`: address or name to listen on. Default 127.0.0.1: this machine only. */
  readonly host: string;
  /** `DATABASE_URL`: PostgreSQL server and database to use; unset: an embedded server in {@link dataDir}. */
  readonly databaseUrl: string | undefined;
  /** `DATABASE_POOL_SIZE`: connections to the database at most; one for signals, without {@link redisUrl}, and those of {@link worker} besides. Default 10. */
  readonly databasePoolSize: number;
  /** `REDIS_URL`: Redis by which the servers of a database wake each other, `redis://` or `rediss://`; unset: they do so by the database. */
  readonly redisUrl: string | undefined;
  /** `DATA_DIR`: absolute path of the folder for local data. Default `.handrail` in the working directory. */
  readonly dataDir: string;
  /** How bearer tokens are checked: {@link Authentication}. */
  readonly auth: Authentication;
  /** `LOG_LEVEL`: the least severe level that is logged. Default info. */
  readonly logLevel: LogLevel;
  /** `MAX_BODY_BYTES`: largest body of a request, in bytes. Default 1 MiB. */
  readonly maxBodyBytes: number;
  /** `MAX_MESSAGE_BYTES`: largest message on a WebSocket, in bytes. Default 256 KiB. */
  readonly maxMessageBytes: number;
  /** `MAX_CONNECTIONS_PER_USER`: how many sockets and event streams one user may have at a time on this server. Default 50. */
  readonly maxConnectionsPerUser: number;
  /**
   * `TRUSTED_PROXIES`: how many proxies of our own a request passes, each of which adds to `X-Forwarded-For` whom it is from; says who uses a public form how often. Default 0: none.
   */
  readonly trustedProxies: number;
  /** `ALLOWED_ORIGINS`: whose web pages may use the server: {@link AllowedOrigins}. */
  readonly allowedOrigins: AllowedOrigins;
  /** `SHUTDOWN_TIMEOUT_MS`: how long requests in flight may take to finish after SIGTERM, in ms. Default 10,000. */
  readonly shutdownTimeoutMs: number;
  /**
   * `WORKER`: `on` or `off`, whether this server does what goes on by itself: the timers of executions, automations, webhooks, e-mail, notifications,
   * {@link replayWindowHours}. At least one server of a database must. Takes nine more connections to the database (5 for jobs inside, 4 for those that wait for
   * other servers). Default on.
   */
  readonly worker: boolean;
  /**
   * `REPLAY_WINDOW_HOURS`: for how long a subscriber may be away and still get what it missed. Older events stay readable as history.
   * Default 168: a week.
   */
  readonly replayWindowHours: number;
  /** `PUBLIC_URL`: what links in messages and callbacks begin with, without a slash at the end; unset: the address that the server listens on. */
  readonly publicUrl: string | undefined;
  /** `SMTP_URL`: mail server that e-mail is sent by, `smtp://` or `smtps://`; unset: e-mail is kept and not sent. */
  readonly smtpUrl: string | undefined;
  /** `MAIL_FROM`: whom e-mail is from, `Name <name@host>` or `name@host`. Its domain is also that of each `Message-ID`. Default `handrail@localhost`. */
  readonly mailFrom: string;
  /** `WEBHOOK_TARGETS`: `public` or `any`, where webhooks may go: {@link Targets}. Default public. */
  readonly webhookTargets: Targets;
  /** `DELIVERY_RETRY_SECONDS`: pauses between the attempts to deliver a message, in seconds; after the last it is given up. Default {@link DEFAULT_SCHEDULE}. */
  readonly deliveryRetrySeconds: readonly number[];
  /** `GRAPHIQL`: `on` or `off`, whether `/graphql` shows an explorer to browsers. Default on. */
  readonly graphiql: boolean;
  /** `NODE_ENV` is `production`: the server refuses to start in demo mode. */
  readonly production: boolean;
}

/** Levels of pino, from chatty to none. */
export type LogLevel = (typeof logLevels)[number];
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/**
 * How a bearer token proves who is asking.
 *
 * - `demo`: neither `AUTH_SECRET` nor `AUTH_JWKS_URL` is set. The server signs tokens for the people of its demo
 *   organization with a key of its own. Only on a loopback address, and never in production.
 * - `secret`: `AUTH_SECRET`, at least 32 characters, is the key of HMAC-signed tokens.
 * - `jwks`: `AUTH_JWKS_URL` publishes the keys of an identity provider.
 */
export type Authentication =
  | { readonly mode: 'demo'; readonly claims: Claims }
  | {
      readonly mode: 'secret';
      readonly secret: string;
      /** `AUTH_ISSUER`: the `iss` that tokens must have; unset: any. */
      readonly issuer: string | undefined;
      /** `AUTH_AUDIENCE`: the `aud` that tokens must have; unset: any. */
      readonly audience: string | undefined;
      readonly claims: Claims;
    }
  | {
      readonly mode: 'jwks';
      readonly jwksUrl: string;
      /** `AUTH_ISSUER`, required here. */
      readonly issuer: string;
      /** `AUTH_AUDIENCE`, required here: the provider signs tokens for other programs, too. */
      readonly audience: string;
      readonly claims: Claims;
    };

/** The names of the claims that say who somebody is. */
export interface Claims {
  /** `AUTH_USER_CLAIM`: the user's id at the issuer. Default `sub`. */
  readonly user: string;
  /** `AUTH_ORGANIZATION_CLAIM`: the organization's id at the issuer. Default `org`. */
  readonly organization: string;
  /** `AUTH_ROLES_CLAIM`: array of the roles. Default `roles`. */
  readonly roles: string;
}

/** Settings that cannot be used. The message has one line for each variable that is wrong. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';
}

/** The embedded server takes 100 connections, of which some are for maintenance. */
const embeddedPoolLimit = 85;

/**
 * Reads and checks the settings. A variable that is empty counts as not set.
 *
 * @param environment - usually `process.env`.
 * @throws {ConfigError} with all that is wrong, not only the first.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = variables.safeParse(set);
  const complaints = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (!parsed.success || complaints.length > 0) throw new ConfigError(complaints.join('\n'));
  const v = parsed.data;
  return deepFreeze<Config>({
    port: v.PORT,
    host: v.HOST,
    databaseUrl: v.DATABASE_URL,
    databasePoolSize: v.DATABASE_POOL_SIZE,
    redisUrl: v.REDIS_URL,
    dataDir: resolve(v.DATA_DIR),
    auth: authentication(v),
    logLevel: v.LOG_LEVEL,
    maxBodyBytes: v.MAX_BODY_BYTES,
    maxMessageBytes: v.MAX_MESSAGE_BYTES,
    maxConnectionsPerUser: v.MAX_CONNECTIONS_PER_USER,
    trustedProxies: v.TRUSTED_PROXIES,
    allowedOrigins: parseOrigins(v.ALLOWED_ORIGINS ?? (isDemo(v) ? '' : '*')) ?? 'own',
    shutdownTimeoutMs: v.SHUTDOWN_TIMEOUT_MS,
    worker: v.WORKER === 'on',
    replayWindowHours: v.REPLAY_WINDOW_HOURS,
    publicUrl: v.PUBLIC_URL,
    smtpUrl: v.SMTP_URL,
    mailFrom: v.MAIL_FROM,
    webhookTargets: v.WEBHOOK_TARGETS,
    deliveryRetrySeconds: v.DELIVERY_RETRY_SECONDS,
    graphiql: v.GRAPHIQL === 'on',
    production: v.NODE_ENV === 'production',
  });
}

const variables = z.object({
  PORT: wholeNumber(0, 65_535, 4000),
  HOST: text(/^[\w.:-]+$/, 'an address or a host name, for example 127.0.0.1').default('127.0.0.1'),
  DATABASE_URL: url(
    ['postgres:', 'postgresql:'],
    'postgresql://user:password@localhost:5432/handrail',
  ).optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 1000, 10),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://user:password@localhost:6379')
    .refine((value) => isRedisPlace(new URL(value)), {
      error: 'must be redis://host:port or redis://host:port/number, with % signs only as in %40',
    })
    .optional(),
  DATA_DIR: z.string().default('.handrail'),
  AUTH_SECRET: z
    .string()
    .min(32, {
      error: ({ input }) =>
        `has ${typeof input === 'string' ? input.length : 0} characters, must have at least 32; "openssl rand -base64 48" makes a good one`,
    })
    .optional(),
  AUTH_JWKS_URL: url(['https:', 'http:'], 'https://login.example.com/.well-known/jwks.json')
    .refine((value) => new URL(value).protocol === 'https:' || isLoopback(new URL(value).hostname), {
      error: 'must start with https://, or anyone on the way could replace the keys',
    })
    .optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_USER_CLAIM: z.string().default('sub'),
  AUTH_ORGANIZATION_CLAIM: z.string().default('org'),
  AUTH_ROLES_CLAIM: z.string().default('roles'),
  LOG_LEVEL: oneOf(logLevels).default('info'),
  MAX_BODY_BYTES: wholeNumber(1024, 100 * 1024 * 1024, 1024 * 1024),
  MAX_MESSAGE_BYTES: wholeNumber(1024, 100 * 1024 * 1024, 256 * 1024),
  MAX_CONNECTIONS_PER_USER: wholeNumber(1, 1_000_000, 50),
  TRUSTED_PROXIES: wholeNumber(0, 10, 0),
  ALLOWED_ORIGINS: text(
    (value) => parseOrigins(value) !== null,
    '* or a list of origins like https://app.example.com,https://admin.example.com',
  ).optional(),
  SHUTDOWN_TIMEOUT_MS: wholeNumber(0, 600_000, 10_000),
  WORKER: oneOf(['on', 'off']).default('on'),
  REPLAY_WINDOW_HOURS: wholeNumber(1, 1_000_000, 168),
  PUBLIC_URL: url(['https:', 'http:'], 'https://handrail.example.com')
    .refine((value) => isBase(new URL(value)), {
      error: 'must have no user, no password, and nothing after ? or #: paths are put at its end',
    })
    .transform((value) => new URL(value).href.replace(/\/+$/, ''))
    .optional(),
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtps://user:password@mail.example.com')
    .refine((value) => isMailServer(new URL(value)), {
      error: 'must be smtp://host:port or smtps://host:port, with % signs only as in %40',
    })
    .optional(),
  MAIL_FROM: text(
    (value) => parseMailbox(value) !== null,
    'an address like handrail@example.com or Handrail <handrail@example.com>',
  ).default('handrail@localhost'),
  WEBHOOK_TARGETS: oneOf(['public', 'any']).default('public'),
  DELIVERY_RETRY_SECONDS: text(isSchedule, '1 to 20 whole numbers from 0 to 604800, like 5,300,1800')
    .transform((value) => value.split(',').map(Number))
    .default(() => [...DEFAULT_SCHEDULE]),
  GRAPHIQL: oneOf(['on', 'off']).default('on'),
  NODE_ENV: z.string().optional(),
});

type Variables = z.infer<typeof variables>;

/** What is wrong with values that are right one by one. */
function contradictions(v: Variables): string[] {
  const found: string[] = [];
  if (v.AUTH_SECRET !== undefined && v.AUTH_JWKS_URL !== undefined) {
    found.push(
      'AUTH_SECRET and AUTH_JWKS_URL are both set, only one can be: remove the one that does not sign your tokens',
    );
  }
  if (v.AUTH_JWKS_URL !== undefined) {
    if (v.AUTH_ISSUER === undefined)
      found.push('AUTH_ISSUER is not set, must be the "iss" of the tokens when AUTH_JWKS_URL is set');
    if (v.AUTH_AUDIENCE === undefined) {
      found.push('AUTH_AUDIENCE is not set, must be the "aud" of the tokens when AUTH_JWKS_URL is set');
    }
  }
  if (isDemo(v)) found.push(...forbiddenDemo(v));
  if (v.DATABASE_URL === undefined && v.DATABASE_POOL_SIZE > embeddedPoolLimit) {
    found.push(
      `DATABASE_POOL_SIZE is ${v.DATABASE_POOL_SIZE}, must be at most ${embeddedPoolLimit} unless DATABASE_URL is set`,
    );
  }
  return found;
}

function isDemo(v: Variables): boolean {
  return v.AUTH_SECRET === undefined && v.AUTH_JWKS_URL === undefined;
}

/** In demo mode anybody who reaches the server can get a token. */
function forbiddenDemo(v: Variables): string[] {
  const remedy = 'set AUTH_JWKS_URL (with AUTH_ISSUER and AUTH_AUDIENCE) or AUTH_SECRET';
  if (v.NODE_ENV === 'production') return [`NODE_ENV is production, which needs authentication: ${remedy}`];
  const found: string[] = [];
  if (!isLoopback(v.HOST)) {
    found.push(
      `HOST is ${v.HOST}, must be a loopback address like 127.0.0.1 without authentication: change it, or ${remedy}`,
    );
  }
  if (v.ALLOWED_ORIGINS?.trim() === '*') {
    found.push(
      `ALLOWED_ORIGINS is *, must be a list of origins without authentication: change it, or ${remedy}`,
    );
  }
  return found;
}

function authentication(v: Variables): Authentication {
  const claims = {
    user: v.AUTH_USER_CLAIM,
    organization: v.AUTH_ORGANIZATION_CLAIM,
    roles: v.AUTH_ROLES_CLAIM,
  };
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = v;
  if (v.AUTH_SECRET !== undefined) return { mode: 'secret', secret: v.AUTH_SECRET, issuer, audience, claims };
  if (v.AUTH_JWKS_URL !== undefined && issuer !== undefined && audience !== undefined) {
    return { mode: 'jwks', jwksUrl: v.AUTH_JWKS_URL, issuer, audience, claims };
  }
  return { mode: 'demo', claims };
}

function wholeNumber(min: number, max: number, byDefault: number) {
  const inRange = (value: string) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max;
  return text(inRange, `a whole number from ${min} to ${max}`).transform(Number).default(byDefault);
}

function oneOf<const T extends string>(values: readonly T[]) {
  return z.enum(values, {
    error: ({ input }) => `is "${String(input)}", must be one of ${values.join(', ')}`,
  });
}

function text(accepts: RegExp | ((value: string) => boolean), expected: string) {
  const check = accepts instanceof RegExp ? (value: string) => accepts.test(value) : accepts;
  return z.string().refine(check, { error: ({ input }) => `is "${String(input)}", must be ${expected}` });
}

/** Never repeats the value, which may contain a password. */
function url(protocols: readonly string[], example: string) {
  const check = (value: string) => URL.canParse(value) && protocols.includes(new URL(value).protocol);
  return z.string().refine(check, { error: `is not such a URL, must look like ${example}`, abort: true });
}

/** Whether the Redis client takes it: it counts databases, and decodes user and password. */
function isRedisPlace({ hostname, pathname, username, password }: URL): boolean {
  return hostname !== '' && /^(\/\d{0,5})?$/.test(pathname) && [username, password].every(isDecodable);
}

/** Pauses of up to a week each. */
function isSchedule(value: string): boolean {
  const pauses = value.split(',').map((pause) => pause.trim());
  return pauses.length <= 20 && pauses.every((pause) => /^\d{1,6}$/.test(pause) && Number(pause) <= 604_800);
}

function isMailServer({ hostname, pathname, username, password }: URL): boolean {
  return hostname !== '' && /^\/?$/.test(pathname) && [username, password].every(isDecodable);
}

/** Whether a path can be put at the end. */
function isBase({ username, password, href }: URL): boolean {
  return username === '' && password === '' && !/[?#]/.test(href);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
