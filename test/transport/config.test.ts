import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';

const secret = 'x'.repeat(32);

test('nothing needs to be set', () => {
  expect(readConfig({})).toEqual({
    port: 4000,
    host: '127.0.0.1',
    databaseUrl: undefined,
    databasePoolSize: 10,
    redisUrl: undefined,
    dataDir: resolve('.handrail'),
    auth: { mode: 'demo', claims: { user: 'sub', organization: 'org', roles: 'roles' } },
    logLevel: 'info',
    maxBodyBytes: 1_048_576,
    maxMessageBytes: 262_144,
    maxConnectionsPerUser: 50,
    trustedProxies: 0,
    allowedOrigins: 'own',
    shutdownTimeoutMs: 10_000,
    worker: true,
    replayWindowHours: 168,
    publicUrl: undefined,
    smtpUrl: undefined,
    mailFrom: 'handrail@localhost',
    webhookTargets: 'public',
    deliveryRetrySeconds: [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
    graphiql: true,
    production: false,
  });
});

test('an empty variable counts as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', AUTH_SECRET: '' })).toEqual(readConfig({}));
});

test('the settings cannot be changed afterwards', () => {
  const config = readConfig({});
  expect(Object.isFrozen(config) && Object.isFrozen(config.auth) && Object.isFrozen(config.auth.claims)).toBe(
    true,
  );
});

test('every variable is read', () => {
  const config = readConfig({
    PORT: '8080',
    HOST: '0.0.0.0',
    DATABASE_URL: 'postgres://u:p@db/handrail',
    DATABASE_POOL_SIZE: '200',
    REDIS_URL: 'rediss://u:p%40ss@cache:6380/2',
    DATA_DIR: '/srv/handrail',
    AUTH_JWKS_URL: 'https://id.example.com/jwks',
    AUTH_ISSUER: 'https://id.example.com',
    AUTH_AUDIENCE: 'handrail',
    AUTH_USER_CLAIM: 'uid',
    AUTH_ORGANIZATION_CLAIM: 'tenant',
    AUTH_ROLES_CLAIM: 'groups',
    LOG_LEVEL: 'silent',
    MAX_BODY_BYTES: '2048',
    MAX_MESSAGE_BYTES: '4096',
    MAX_CONNECTIONS_PER_USER: '7',
    TRUSTED_PROXIES: '2',
    ALLOWED_ORIGINS:
      ' https://app.example.com/, HTTP://LocalHost:5173,https://a.example:443,capacitor://localhost ',
    SHUTDOWN_TIMEOUT_MS: '0',
    WORKER: 'off',
    REPLAY_WINDOW_HOURS: '24',
    PUBLIC_URL: 'HTTPS://Work.example.com/handrail/',
    SMTP_URL: 'smtp://handrail:p%40ss@mail.example.com:2525?requireTLS=true',
    MAIL_FROM: 'Handrail <handrail@example.com>',
    WEBHOOK_TARGETS: 'any',
    DELIVERY_RETRY_SECONDS: '0, 60,604800',
    GRAPHIQL: 'off',
    NODE_ENV: 'production',
  });
  expect(config).toEqual({
    port: 8080,
    host: '0.0.0.0',
    databaseUrl: 'postgres://u:p@db/handrail',
    databasePoolSize: 200,
    redisUrl: 'rediss://u:p%40ss@cache:6380/2',
    dataDir: '/srv/handrail',
    auth: {
      mode: 'jwks',
      jwksUrl: 'https://id.example.com/jwks',
      issuer: 'https://id.example.com',
      audience: 'handrail',
      claims: { user: 'uid', organization: 'tenant', roles: 'groups' },
    },
    logLevel: 'silent',
    maxBodyBytes: 2048,
    maxMessageBytes: 4096,
    maxConnectionsPerUser: 7,
    trustedProxies: 2,
    allowedOrigins: [
      'https://app.example.com',
      'http://localhost:5173',
      'https://a.example',
      'capacitor://localhost',
    ],
    shutdownTimeoutMs: 0,
    worker: false,
    replayWindowHours: 24,
    publicUrl: 'https://work.example.com/handrail',
    smtpUrl: 'smtp://handrail:p%40ss@mail.example.com:2525?requireTLS=true',
    mailFrom: 'Handrail <handrail@example.com>',
    webhookTargets: 'any',
    deliveryRetrySeconds: [0, 60, 604_800],
    graphiql: false,
    production: true,
  });
});

test('a secret of 32 characters allows any address, in production too', () => {
  const config = readConfig({ AUTH_SECRET: secret, HOST: '::', NODE_ENV: 'production' });
  expect(config.auth).toMatchObject({ mode: 'secret', secret, issuer: undefined, audience: undefined });
});

test.each([undefined, '*', ' * '])('with authentication, ALLOWED_ORIGINS %j means any', (list) => {
  expect(readConfig({ AUTH_SECRET: secret, ALLOWED_ORIGINS: list }).allowedOrigins).toBe('any');
});

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('demo mode listens on %s', (host) => {
  expect(readConfig({ HOST: host }).auth.mode).toBe('demo');
});

describe('is refused with a line that says what would be right:', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a port that is no number', { PORT: 'abc' }, 'PORT is "abc", must be a whole number from 0 to 65535'],
    ['a port too high', { PORT: '70000' }, 'PORT is "70000", must be a whole number from 0 to 65535'],
    [
      'a host with a path',
      { HOST: 'a/b' },
      'HOST is "a/b", must be an address or a host name, for example 127.0.0.1',
    ],
    [
      'another database',
      { DATABASE_URL: 'mysql://root:geheim@db/x' },
      'DATABASE_URL is not such a URL, must look like postgresql://user:password@localhost:5432/handrail',
    ],
    [
      'something else than Redis',
      { REDIS_URL: 'http://:geheim@cache' },
      'REDIS_URL is not such a URL, must look like redis://user:password@localhost:6379',
    ],
    [
      'a Redis database with a name',
      { REDIS_URL: 'redis://:geheim@cache/main' },
      'REDIS_URL must be redis://host:port or redis://host:port/number, with % signs only as in %40',
    ],
    [
      'a Redis without a host',
      { REDIS_URL: 'redis:cache' },
      'REDIS_URL must be redis://host:port or redis://host:port/number, with % signs only as in %40',
    ],
    [
      'a Redis password that cannot be decoded',
      { REDIS_URL: 'redis://:100%geheim@cache' },
      'REDIS_URL must be redis://host:port or redis://host:port/number, with % signs only as in %40',
    ],
    [
      'too many connections to the embedded database',
      { DATABASE_POOL_SIZE: '86' },
      'DATABASE_POOL_SIZE is 86, must be at most 85 unless DATABASE_URL is set',
    ],
    [
      'a short secret',
      { AUTH_SECRET: 'geheim' },
      'AUTH_SECRET has 6 characters, must have at least 32; "openssl rand -base64 48" makes a good one',
    ],
    [
      'keys over a connection that anyone can change',
      { AUTH_JWKS_URL: 'http://id.example.com/jwks', AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'b' },
      'AUTH_JWKS_URL must start with https://, or anyone on the way could replace the keys',
    ],
    [
      'two ways to check a token',
      {
        AUTH_SECRET: secret,
        AUTH_JWKS_URL: 'https://id.example.com/jwks',
        AUTH_ISSUER: 'a',
        AUTH_AUDIENCE: 'b',
      },
      'AUTH_SECRET and AUTH_JWKS_URL are both set, only one can be: remove the one that does not sign your tokens',
    ],
    [
      'keys without an audience',
      { AUTH_JWKS_URL: 'https://id.example.com/jwks', AUTH_ISSUER: 'a' },
      'AUTH_AUDIENCE is not set, must be the "aud" of the tokens when AUTH_JWKS_URL is set',
    ],
    [
      'demo mode in production',
      { NODE_ENV: 'production' },
      'NODE_ENV is production, which needs authentication: set AUTH_JWKS_URL (with AUTH_ISSUER and AUTH_AUDIENCE) or AUTH_SECRET',
    ],
    [
      'demo mode for the whole network',
      { HOST: '0.0.0.0' },
      'HOST is 0.0.0.0, must be a loopback address like 127.0.0.1 without authentication: change it, or ' +
        'set AUTH_JWKS_URL (with AUTH_ISSUER and AUTH_AUDIENCE) or AUTH_SECRET',
    ],
    [
      'an unknown level',
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL is "loud", must be one of trace, debug, info, warn, error, fatal, silent',
    ],
    [
      'half a megabyte in words',
      { MAX_BODY_BYTES: '512k' },
      'MAX_BODY_BYTES is "512k", must be a whole number from 1024 to 104857600',
    ],
    [
      'no connections',
      { MAX_CONNECTIONS_PER_USER: '0' },
      'MAX_CONNECTIONS_PER_USER is "0", must be a whole number from 1 to 1000000',
    ],
    ...[
      'app.example.com',
      'https://app.example.com/path',
      'https://a.example,',
      '*,https://a.example',
      'null',
    ].map((list): [string, Record<string, string>, string] => [
      `${list} as origins`,
      { ALLOWED_ORIGINS: list },
      `ALLOWED_ORIGINS is "${list}", must be * or a list of origins like https://app.example.com,https://admin.example.com`,
    ]),
    [
      'any origin in demo mode',
      { ALLOWED_ORIGINS: '*' },
      'ALLOWED_ORIGINS is *, must be a list of origins without authentication: change it, or ' +
        'set AUTH_JWKS_URL (with AUTH_ISSUER and AUTH_AUDIENCE) or AUTH_SECRET',
    ],
    [
      'a negative time',
      { SHUTDOWN_TIMEOUT_MS: '-1' },
      'SHUTDOWN_TIMEOUT_MS is "-1", must be a whole number from 0 to 600000',
    ],
    [
      'another mail server',
      { SMTP_URL: 'imap://root:geheim@mail' },
      'SMTP_URL is not such a URL, must look like smtps://user:password@mail.example.com',
    ],
    ...['smtp:mail', 'smtp://root:100%geheim@mail', 'smtp://root:geheim@mail/inbox'].map(
      (place): [string, Record<string, string>, string] => [
        `${place} as a mail server`,
        { SMTP_URL: place },
        'SMTP_URL must be smtp://host:port or smtps://host:port, with % signs only as in %40',
      ],
    ),
    [
      'a sender without a host',
      { MAIL_FROM: 'Handrail' },
      'MAIL_FROM is "Handrail", must be an address like handrail@example.com or Handrail <handrail@example.com>',
    ],
    [
      'links that lead to no server',
      { PUBLIC_URL: 'handrail.example.com' },
      'PUBLIC_URL is not such a URL, must look like https://handrail.example.com',
    ],
    ...['https://root:geheim@a.example', 'https://a.example/?a=1', 'https://a.example/#/'].map(
      (base): [string, Record<string, string>, string] => [
        `${base} as the beginning of links`,
        { PUBLIC_URL: base },
        'PUBLIC_URL must have no user, no password, and nothing after ? or #: paths are put at its end',
      ],
    ),
    [
      'no kind of targets',
      { WEBHOOK_TARGETS: 'all' },
      'WEBHOOK_TARGETS is "all", must be one of public, any',
    ],
    ...['5,', '5;300', '-5', '604801', Array(21).fill('5').join(',')].map(
      (pauses): [string, Record<string, string>, string] => [
        `${pauses} as pauses`,
        { DELIVERY_RETRY_SECONDS: pauses },
        `DELIVERY_RETRY_SECONDS is "${pauses}", must be 1 to 20 whole numbers from 0 to 604800, like 5,300,1800`,
      ],
    ),
    ['a switch that is neither on nor off', { GRAPHIQL: 'yes' }, 'GRAPHIQL is "yes", must be one of on, off'],
  ])('%s', (_, environment, message) => {
    expect(() => readConfig(environment)).toThrow(new ConfigError(message));
  });

  test('all that is wrong, one line each', () => {
    expect(() => readConfig({ PORT: 'abc', GRAPHIQL: 'yes', LOG_LEVEL: 'loud' })).toThrow(
      /^PORT .*\nLOG_LEVEL .*\nGRAPHIQL .*$/,
    );
  });
});
