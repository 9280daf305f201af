/** GraphQL over WebSockets, with the protocol graphql-transport-ws. */
import type { ExecutionArgs } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type Context, type SubscribePayload } from 'graphql-ws';
import { randomUUID } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { Viewer } from '../commands/viewer.ts';
import type { Config } from '../config.ts';
import type { WatchAccess } from './access.ts';
import { bearerToken, type Authenticate } from './authentication.ts';
import { tooManyConnections, type ConnectionLimit } from './connection-limits.ts';
import type { FanOut } from './fan-out.ts';
import { formatError, formatResult, presentError, refusal } from './graphql-errors.ts';
import { createHandshakes, type HandshakesOptions } from './handshakes.ts';
import { upgradeTo } from './upgrade.ts';
import { closeWith, serveSocket, type SocketExtra, type SocketLimits } from './websocket-connection.ts';
import { prepareOperation, type PreparedOperation } from './websocket-operation.ts';
import { subscribeSocket } from './websocket-subscription.ts';
import { GRAPHQL_PATH, type GraphqlYoga } from './yoga.ts';

export interface WebSocketsOptions {
  readonly server: HttpServer;
  readonly yoga: GraphqlYoga;
  readonly authenticate: Authenticate;
  readonly watchAccess: WatchAccess;
  readonly connections: ConnectionLimit;
  readonly fanOut: FanOut;
  readonly config: Pick<Config, 'allowedOrigins' | 'maxMessageBytes'>;
  readonly handshakes?: HandshakesOptions;
  readonly limits?: SocketLimits;
  readonly log: Logger;
  /** How long, in milliseconds, queries and mutations may take to finish when the server stops. */
  readonly drainMs: number;
}

/** Disposing lets queries and mutations finish, then closes all sockets with 1001, after which clients connect elsewhere and go on. */
export interface WebSockets extends AsyncDisposable {
  readonly connectionCount: number;
}

type Connection = Context<Record<string, unknown> | undefined, SocketExtra>;

/** An operation with where its answers go. */
interface Prepared {
  readonly operation: PreparedOperation;
  readonly extra: SocketExtra;
  readonly id: string;
}

/** More than any page needs; each costs memory. */
const MAX_OPERATIONS = 100;
/** With those that the client has completed and that go on until their answer is there. As many may be exchanged at once as there may be. */
const MAX_HANDLING = 4 * MAX_OPERATIONS;
const INIT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** The token of a `connection_init` message, or of the upgrade request for clients that can set its headers. */
function tokenOf({ connectionParams, extra }: Connection): string | null {
  const { Authorization, authorization, token } = connectionParams ?? {};
  if (typeof token === 'string') return token;
  const header = Authorization ?? authorization ?? extra.request.headers.authorization;
  return bearerToken(typeof header === 'string' ? header : null);
}

function refusedByStopping() {
  return { errors: [refusal('The server is stopping.', 'SERVER_STOPPING', 503)] };
}

/** Takes over the server's upgrade requests for `GRAPHQL_PATH` and refuses all others. */
export function attachWebSockets(options: WebSocketsOptions): WebSockets {
  const { server, yoga, authenticate, watchAccess, connections, fanOut, config, drainMs } = options;
  const log = options.log.child({ transport: 'websocket' });
  const prepared = new WeakMap<ExecutionArgs, Prepared>();
  const running = new Set<Promise<unknown>>();
  const handshakes = createHandshakes(options.handshakes);
  let isStopping = false;

  async function viewerOf(connection: Connection): Promise<Viewer> {
    return authenticate(tokenOf(connection));
  }

  /** From now on the socket is one of the viewer's, for as long as it is open and they may stay. */
  function admit(viewer: Viewer, { socket }: SocketExtra): boolean {
    const leave = socket.readyState === socket.OPEN ? connections.enter(viewer) : null;
    if (!leave) {
      closeWith(socket, CloseCode.TooManyInitialisationRequests, tooManyConnections(connections));
      return false;
    }
    handshakes.end(socket);
    const stopWatching = watchAccess(viewer, (reason) => {
      closeWith(socket, CloseCode.Forbidden, reason);
    });
    socket.once('close', () => {
      stopWatching();
      leave();
    });
    return true;
  }

  async function accept(connection: Connection): Promise<boolean> {
    const { extra } = connection;
    const { socket } = extra;
    handshakes.hear(socket);
    try {
      return admit(await viewerOf(connection), extra);
    } catch (error) {
      const { extensions, message } = presentError(error, { requestId: randomUUID(), log });
      if (extensions['code'] === 'UNAUTHENTICATED' || extensions['code'] === 'FORBIDDEN')
        closeWith(socket, CloseCode.Forbidden, message);
      else socket.close(1013, 'Try again later');
      return false;
    } finally {
      // Unless it was admitted.
      handshakes.refuse(socket);
    }
  }

  async function prepare(connection: Connection, id: string, payload: SubscribePayload) {
    const requestId = randomUUID();
    const scope = { requestId, log: log.child({ requestId }) };
    try {
      const { subscriptions, extra } = connection;
      if (Object.keys(subscriptions).length > MAX_OPERATIONS || extra.handling > MAX_HANDLING) {
        throw refusal(
          `A socket may have at most ${MAX_OPERATIONS} operations at a time.`,
          'TOO_MANY_OPERATIONS',
          429,
        );
      }
      // Anew for each operation: the user may have been deactivated, or have joined a team.
      const operation = await prepareOperation(
        yoga,
        { ...scope, viewer: await viewerOf(connection), signal: extra.closed },
        payload,
      );
      if (!('execute' in operation)) return operation;
      prepared.set(operation.args, { operation, extra, id });
      return operation.args;
    } catch (error) {
      // Thrown, it would close the socket with all its operations.
      return [presentError(error, scope)];
    }
  }

  function preparedFor(args: ExecutionArgs): Prepared {
    const found = prepared.get(args);
    if (!found) throw new Error('an operation that was not prepared');
    return found;
  }

  async function execute(args: ExecutionArgs) {
    const { operation } = preparedFor(args);
    if (isStopping) return refusedByStopping();
    const result = operation.execute();
    const settled = result.catch(() => undefined).finally(() => running.delete(settled));
    running.add(settled);
    return result;
  }

  async function subscribe(args: ExecutionArgs) {
    const { extra, id } = preparedFor(args);
    return isStopping ? refusedByStopping() : subscribeSocket(fanOut, args, extra, id);
  }

  const graphql = makeServer<Record<string, unknown> | undefined, SocketExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: accept,
    onSubscribe: prepare,
    execute,
    subscribe,
    onNext: (_connection, _id, _payload, _args, result) => formatResult(result),
    onError: (_connection, _id, _payload, errors) => errors.map(formatError),
  });

  const sockets = new WebSocketServer({
    noServer: true,
    // With compression an idle socket costs 254 KB instead of 13.
    perMessageDeflate: false,
    maxPayload: config.maxMessageBytes,
    handleProtocols,
  });
  sockets.on('connection', (socket, request) => {
    handshakes.begin(socket);
    socket.once('close', () => {
      handshakes.end(socket);
    });
    serveSocket(graphql, { socket, request }, log, options.limits);
  });

  const { allowedOrigins } = config;
  const upgrade = upgradeTo({ sockets, path: GRAPHQL_PATH, handshakes, allowedOrigins, log });
  server.on('upgrade', upgrade);

  return {
    get connectionCount() {
      return sockets.clients.size;
    },
    async [Symbol.asyncDispose]() {
      isStopping = true;
      const closed = new Promise<void>((resolve) => sockets.close(() => resolve()));
      await Promise.race([Promise.all(running), delay(drainMs, undefined, { ref: false })]);
      // The answers of what has just finished are on their way to the sockets.
      await nextTurn();
      for (const socket of sockets.clients) socket.close(1001, 'The server is stopping');
      await Promise.race([closed, delay(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      for (const socket of sockets.clients) socket.terminate();
      server.off('upgrade', upgrade);
    },
  };
}
