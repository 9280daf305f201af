/** Requests to become a WebSocket: whom the server lets in before it knows who they are. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { WebSocketServer } from 'ws';
import type { AllowedOrigins } from '../allowed-origins.ts';
import { graphqlError, jsonHeaders } from './answer.ts';
import type { Handshakes } from './handshakes.ts';
import { isAllowedOrigin } from './origins.ts';

export interface UpgradeOptions {
  readonly sockets: WebSocketServer;
  /** The only path at which there are sockets. */
  readonly path: string;
  readonly handshakes: Handshakes;
  readonly allowedOrigins: AllowedOrigins;
  readonly log: Logger;
}

interface Refusal {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const RETRY_AFTER_SECONDS = 5;

function answer(socket: Duplex, { status, body, headers }: Refusal): void {
  const lines = Object.entries(jsonHeaders(body, { connection: 'close', ...headers }));
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${JSON.stringify(body)}`);
}

/** What speaks against the request; null: it may become a socket. */
function refusalOf({ url = '/', headers }: IncomingMessage, options: UpgradeOptions): Refusal | null {
  const path = url.split('?', 1)[0];
  if (path !== options.path)
    return { status: 404, body: graphqlError(`There are no sockets at ${path}.`, 'NOT_FOUND') };
  if (!isAllowedOrigin(options.allowedOrigins, headers)) {
    const message = `Pages of ${headers.origin} may not connect: the setting ALLOWED_ORIGINS does not allow it.`;
    return { status: 403, body: graphqlError(message, 'ORIGIN_NOT_ALLOWED') };
  }
  if (!options.handshakes.admit()) {
    const message = 'Too many sockets are being opened at this moment: try again in a few seconds.';
    return {
      status: 503,
      body: graphqlError(message, 'SERVICE_UNAVAILABLE'),
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
    };
  }
  return null;
}

/** The listener for the HTTP server's `upgrade` event. */
export function upgradeTo(options: UpgradeOptions) {
  const { sockets, log } = options;
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // The server has just taken its own listener away; without one, a connection that is reset now would end the process.
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, options);
    if (refusal) {
      log.info({ status: refusal.status, origin: request.headers.origin }, 'a socket was refused');
      answer(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  };
}
