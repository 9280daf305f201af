/** The test API on a real port: the same database and schema, behind the server's own HTTP and WebSocket door. */
import { pino } from 'pino';
import type { Role } from '../../src/commands/viewer.ts';
import { createContext } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createAccessWatch } from '../../src/http/access.ts';
import { createAuthenticator } from '../../src/http/authentication.ts';
import { createConnectionLimit } from '../../src/http/connection-limits.ts';
import { createFanOut } from '../../src/http/fan-out.ts';
import { signDemoToken } from '../../src/http/demo-tokens.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { attachWebSockets } from '../../src/http/websocket.ts';
import { createGraphqlYoga } from '../../src/http/yoga.ts';
import type { TestApi } from './api.ts';
import { demoAuth } from './transport-fixture.ts';

export interface ServedApi extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/graphql` */
  readonly url: string;
  readonly wsUrl: string;
  /** A token of the user with this external id in the organization `lindental`. */
  token(externalId: string, roles?: readonly Role[]): Promise<string>;
}

/** Serves until disposed; the `TestApi` stays open. */
export async function serve(api: TestApi): Promise<ServedApi> {
  const { database, live } = api;
  const log = pino({ level: 'silent' });
  const clock = (): Date => api.clock.now();
  const demoKey = new Uint8Array(32).fill(7);
  const authenticate = createAuthenticator({ auth: demoAuth, demoKey, database, log, clock });
  const watchAccess = createAccessWatch({ live, clock });
  const connections = createConnectionLimit(50);
  const fanOut = createFanOut({ live, log });
  const config = { allowedOrigins: 'own', graphiql: false, maxMessageBytes: 256 * 1024 } as const;
  const yoga = createGraphqlYoga({
    schema,
    createContext: (viewer, request) =>
      createContext({ database, live, clock, log: request.log, signal: request.signal }, viewer),
    authenticate,
    watchAccess,
    connections,
    fanOut,
    log,
    config,
    graphiql: { examples: () => Promise.resolve([]) },
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
    config,
    log,
    drainMs: 1_000,
  });
  const { url } = await http.listen();
  return {
    url: `${url}/graphql`,
    wsUrl: `${url.replace('http', 'ws')}/graphql`,
    token: (externalId, roles = ['member']) =>
      signDemoToken(
        demoKey,
        { externalId, organizationExternalId: 'lindental', roles, name: externalId },
        demoAuth.claims,
        { now: Math.floor(clock().getTime() / 1_000) },
      ),
    async [Symbol.asyncDispose]() {
      await sockets[Symbol.asyncDispose]();
      await http.close();
    },
  };
}
