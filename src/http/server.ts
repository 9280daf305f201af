import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { answerJson, graphqlError } from './answer.ts';
import { readBody, refuseBody, tooLarge, tooLargeMessage } from './body.ts';
import { answerCallback, type UseCallback } from './callbacks.ts';
import { answerConfirmationRequest, type Confirmations } from './confirmations.ts';
import { drain, trackSockets } from './drain.ts';
import { answerJourney, isJourneyPath, type JourneyPage, type Journeys } from './journeys.ts';
import { listen } from './listen.ts';
import { loggedPath, secretOf } from './secret-paths.ts';
import { isAssetPath, type Pages } from './pages.ts';
import { sendResponse } from './send.ts';

/** What a handler knows about the request besides the request. */
export interface RequestContext {
  /** The caller's `x-request-id` if it sent a sane one, else a new one; also in the answer and in every log line. */
  readonly requestId: string;
  readonly log: Logger;
  /** Aborted when whoever asked has gone; left out until that can be told. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Answers requests to `/graphql`: GraphQL Yoga, but its own listener would answer what fails outside of any operation with the error's stack. A
 * body has been read already, within the limit, and is in `request.body`, where Yoga looks first.
 */
export interface GraphqlHandler {
  handleNodeRequestAndResponse(
    request: IncomingMessage & { body?: Readable },
    response: ServerResponse,
    context: RequestContext,
  ): Promise<Response> | Response;
}

/** The result of each check by name: `ok`, or what is wrong, without secrets. */
export type Readiness = Readonly<Record<string, string>>;

/** What the server needs from the rest. */
export interface HttpServerOptions {
  readonly config: Pick<Config, 'host' | 'port' | 'maxBodyBytes' | 'shutdownTimeoutMs'> &
    Partial<Pick<Config, 'trustedProxies'>>;
  readonly log: Logger;
  /** Without it `/graphql` is not found. */
  readonly graphql?: GraphqlHandler;
  /** Without it there are no callbacks. */
  readonly useCallback?: UseCallback;
  /** Without it there are no links to confirm tasks. */
  readonly confirmations?: Confirmations;
  /** Without it there are no journeys. */
  readonly journeys?: Journeys;
  /** The pages for browsers, with that of a journey; without them there is one that says so. */
  readonly pages?: Pages;
  /** Whether the server can do its work now; asked by `GET /ready`. */
  readonly ready: () => Promise<Readiness>;
}

/** The HTTP server, not yet listening. */
export interface HttpServer {
  /** For what is not a request: WebSockets are attached to its `upgrade` event. */
  readonly server: Server;
  /** @throws {StartError} when the address cannot be had. */
  listen(): Promise<{ url: string }>;
  /**
   * Stops accepting at once, lets requests in flight finish, and resolves when every connection is closed; what is
   * still open after `shutdownTimeoutMs` is cut off.
   */
  close(): Promise<void>;
}

/**
 * Builds the HTTP server: `/graphql`, `/callbacks/…`, `/confirmations/…`, `/journeys/…`, `/health` (the process is alive), `/ready` (it can do its work), and a redirect
 * from `/` to `/graphql`.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { config, log } = options;
  const server = createServer(
    {
      // Clients that send slower than this hold a connection for nothing.
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 5000,
      // Longer than the usual 60 s of a load balancer, or it would use a connection that we are closing.
      keepAliveTimeout: 65_000,
    },
    (request, response) => void serve(request, response, options),
  );
  const sockets = trackSockets(server);
  return {
    server,
    listen: () => listen(server, config),
    close: () => drain(server, { sockets, timeout: config.shutdownTimeoutMs, log }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  const requestId = requestIdOf(request);
  const log = options.log.child({ requestId });
  // Only the path: a query may contain what people typed.
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  response.setHeader('x-request-id', requestId);
  logAccess(request, response, loggedPath(path), log);
  try {
    await route(path, request, response, { requestId, log }, options);
  } catch (error) {
    // Nobody is left to be answered.
    if (response.destroyed || (request.destroyed && !request.complete)) return;
    log.error({ err: error, path: loggedPath(path) }, 'request failed');
    answerJson(response, 500, graphqlError('Something went wrong on the server.', 'INTERNAL_SERVER_ERROR'));
    // An answer that had begun cannot be repaired; cut off, the client notices.
    if (!response.writableEnded) response.destroy();
  }
}

async function route(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
  { config, graphql, useCallback, confirmations, journeys, pages, ready }: HttpServerOptions,
): Promise<void> {
  const callback = secretOf(path, '/callbacks/');
  const confirmation = secretOf(path, '/confirmations/');
  if (path === '/graphql' && graphql) {
    await handleGraphql(request, response, context, graphql, config.maxBodyBytes);
  } else if (confirmation !== null && confirmations) {
    await answerConfirmationRequest(confirmation, request, response, confirmations);
  } else if (callback !== null && useCallback) {
    await answerCallback(callback, request, response, useCallback);
  } else if (isJourneyPath(path) && journeys) {
    const { trustedProxies = 0 } = config;
    const page: JourneyPage | undefined =
      pages && ((asked, answered) => pages.answerPage('journey', asked, answered));
    await answerJourney(path, request, response, { journeys, page, log: context.log, trustedProxies });
  } else if (isAssetPath(path) && pages) {
    pages.answerAsset(path, request, response);
  } else if (!['/', '/health', '/ready'].includes(path)) {
    answerJson(response, 404, graphqlError(`There is nothing at ${path}.`, 'NOT_FOUND'));
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    const refusal = graphqlError(`${path} answers GET only.`, 'METHOD_NOT_ALLOWED');
    answerJson(response, 405, refusal, { allow: 'GET, HEAD' });
  } else if (path === '/health') {
    answerJson(response, 200, { status: 'ok' });
  } else if (path === '/ready') {
    answerReady(response, await ready());
  } else {
    response.writeHead(302, { location: '/graphql', 'content-length': 0 }).end();
  }
}

async function handleGraphql(
  request: IncomingMessage & { body?: Readable },
  response: ServerResponse,
  context: RequestContext,
  graphql: GraphqlHandler,
  limit: number,
): Promise<void> {
  const body = await readBody(request, limit);
  if (body === tooLarge) {
    await refuseBody(request, response, graphqlError(tooLargeMessage(limit), 'PAYLOAD_TOO_LARGE'));
    return;
  }
  if (!isAddress(request)) {
    const refusal = graphqlError('The Host header or the address is malformed.', 'BAD_REQUEST');
    answerJson(response, 400, refusal);
    return;
  }
  if (body.length > 0) request.body = Readable.from([body]);
  await sendResponse(await graphql.handleNodeRequestAndResponse(request, response, context), response);
}

/** Whether host and address make the URL that Yoga needs. Without a host (HTTP/1.0) it takes the socket's own address. */
function isAddress({ headers: { host = '' }, url = '/' }: IncomingMessage): boolean {
  return /^[\w.~:[\]-]*$/.test(host) && URL.canParse(`http://${host || 'localhost'}${url}`);
}

function answerReady(response: ServerResponse, checks: Readiness): void {
  const isReady = Object.values(checks).every((result) => result === 'ok');
  answerJson(response, isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', checks });
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:@-]{1,128}$/.test(given) ? given : randomUUID();
}

function logAccess(request: IncomingMessage, response: ServerResponse, path: string, log: Logger): void {
  const start = performance.now();
  response.once('close', () => {
    const fields = {
      method: request.method,
      path,
      status: response.statusCode,
      ms: Math.round((performance.now() - start) * 10) / 10,
      ...(response.writableFinished ? {} : { aborted: true }),
    };
    // Operators' probes come every few seconds and say nothing while all is well.
    const isProbe = path === '/health' || path === '/ready';
    log[isProbe && response.statusCode < 400 ? 'debug' : 'info'](fields, 'request');
  });
}
