/** The transports over the tiny schema: in-process and on a real port, with tokens. */
import { pino } from 'pino';
import type { Role } from '../../src/commands/viewer.ts';
import type { Authentication, Config } from '../../src/config.ts';
import { createAccessWatch } from '../../src/http/access.ts';
import { createAuthenticator, type Authenticate } from '../../src/http/authentication.ts';
import { createConnectionLimit } from '../../src/http/connection-limits.ts';
import { createFanOut } from '../../src/http/fan-out.ts';
import { signDemoToken } from '../../src/http/demo-tokens.ts';
import type { GraphiqlSettings } from '../../src/http/graphiql.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { attachWebSockets, type WebSockets, type WebSocketsOptions } from '../../src/http/websocket.ts';
import { createGraphqlYoga, type GraphqlYoga } from '../../src/http/yoga.ts';
import { createLive } from '../../src/live/live.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { createTestDatabase } from './database.ts';
import { createTinyContext, createTinyWorld, type TinyWorld } from './tiny-schema.ts';

const claims = { user: 'sub', organization: 'org', roles: 'roles' };
export const demoAuth: Authentication = { mode: 'demo', claims };

export interface TokenOptions {
  readonly externalId?: string;
  readonly roles?: readonly Role[];
  /** In seconds from now; negative: it has expired. */
  readonly lifetime?: number;
}

type ServerSettings = Pick<Config, 'allowedOrigins' | 'maxConnectionsPerUser' | 'maxMessageBytes'>;

export interface TransportOptions
  extends Partial<ServerSettings>, Pick<WebSocketsOptions, 'handshakes' | 'limits'> {
  readonly graphiql?: GraphiqlSettings;
}

export interface TransportFixture extends AsyncDisposable {
  readonly world: TinyWorld;
  readonly yoga: GraphqlYoga;
  readonly sockets: WebSockets;
  readonly database: Database;
  readonly authenticate: Authenticate;
  /** `http://127.0.0.1:<port>/graphql` */
  readonly url: string;
  readonly wsUrl: string;
  /** What was logged as an error. */
  readonly logged: readonly {
    readonly err?: { readonly message: string; readonly stack: string };
    readonly requestId?: string;
  }[];
  token(options?: TokenOptions): Promise<string>;
  /** Moves the server's clock, in milliseconds. */
  advance(milliseconds: number): void;
  /** One operation in-process. */
  ask(
    token: string | null,
    body: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Answer }>;
}

export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly requestId?: string };
  }[];
}

export async function openTransport({
  graphiql = { examples: () => Promise.resolve([]) },
  allowedOrigins = 'own',
  maxConnectionsPerUser = 50,
  maxMessageBytes = 256 * 1024,
  handshakes = {},
  limits = {},
}: TransportOptions = {}): Promise<TransportFixture> {
  const { connectionString, ...testDatabase } = await createTestDatabase();
  const logged: TransportFixture['logged'][number][] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => logged.push(JSON.parse(line) as never) });
  const database = openDatabase({ connectionString, poolSize: 2, log });
  const demoKey = new Uint8Array(32).fill(7);
  let ahead = 0;
  const clock = (): Date => new Date(Date.now() + ahead);
  const authenticate = createAuthenticator({ auth: demoAuth, demoKey, database, log, clock });
  const world = createTinyWorld();
  const live = createLive({ database, log });
  const watchAccess = createAccessWatch({ live, clock });
  const connections = createConnectionLimit(maxConnectionsPerUser);
  const fanOut = createFanOut({ live, log });
  const yoga = createGraphqlYoga({
    schema: world.schema,
    createContext: createTinyContext,
    authenticate,
    watchAccess,
    connections,
    fanOut,
    log,
    config: { allowedOrigins, graphiql: true },
    graphiql,
  });
  const http = createHttpServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: 1024 * 1024, shutdownTimeoutMs: 1_000 },
    log,
    graphql: yoga,
    ready: () => Promise.resolve({}),
  });
  const sockets = attachWebSockets({
    server: http.server,
    yoga,
    authenticate,
    watchAccess,
    connections,
    fanOut,
    config: { allowedOrigins, maxMessageBytes },
    handshakes,
    limits,
    log,
    drainMs: 2_000,
  });
  const { url } = await http.listen();

  return {
    world,
    yoga,
    sockets,
    database,
    authenticate,
    url: `${url}/graphql`,
    wsUrl: `${url.replace('http', 'ws')}/graphql`,
    logged,
    token: ({ externalId = 'ann', roles = ['member'], lifetime = 3_600 }: TokenOptions = {}) =>
      signDemoToken(
        demoKey,
        { externalId, organizationExternalId: 'demo', roles, name: externalId },
        claims,
        {
          now: Math.floor(clock().getTime() / 1_000),
          lifetime,
        },
      ),
    advance(milliseconds) {
      ahead += milliseconds;
    },
    async ask(token, body, headers = {}) {
      const response = await yoga.fetch(
        new Request('http://localhost/graphql', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json',
            ...(token === null ? {} : { authorization: `Bearer ${token}` }),
            ...headers,
          },
          body: JSON.stringify(body),
        }),
        { requestId: 'request-1', log },
      );
      return { status: response.status, body: (await response.json()) as Answer };
    },
    async [Symbol.asyncDispose]() {
      await sockets[Symbol.asyncDispose]();
      await http.close();
      await live[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await testDatabase[Symbol.asyncDispose]();
    },
  };
}
