/** One WebSocket, for graphql-ws: its messages in, answers out, and a heartbeat. */
import { CloseCode, type Server } from 'graphql-ws';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';

/** What graphql-ws hands to its hooks. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** A peer that has not answered a ping when the next one is due is gone. */
const HEARTBEAT_MS = 12_000;

function keepAlive(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) {
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
  }, HEARTBEAT_MS).unref();
  return () => {
    clearInterval(timer);
  };
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
}

/** Resolves when the message is with the operating system, so that a slow reader slows down what is sent to it. */
function send(socket: WebSocket, message: string): Promise<void> {
  return new Promise((resolve) => {
    // A message to a socket that is closing is nobody's loss: the subscriptions end with it.
    if (socket.readyState !== socket.OPEN) resolve();
    else
      socket.send(message, () => {
        resolve();
      });
  });
}

/** Connects an opened socket with the GraphQL server until it closes. */
export function serveSocket(server: Server<SocketExtra>, extra: SocketExtra, log: Logger): void {
  const { socket } = extra;
  const stopHeartbeat = keepAlive(socket);
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (message) => send(socket, message),
      close: (code, reason) => {
        socket.close(code, reason);
      },
      onMessage(handle) {
        socket.on('message', (data) => {
          handle(textOf(data)).catch((error: unknown) => {
            log.error({ err: error }, 'a socket message could not be handled');
            // Not 4500, after which clients never come back.
            socket.close(1011, 'Internal server error');
          });
        });
      },
    },
    extra,
  );
  // ws closes the socket with the right code by itself (1009: too large a message, 1002, 1007: not the protocol).
  socket.on('error', (error) => {
    log.info({ err: error }, 'a socket failed');
  });
  socket.once('close', (code, reason) => {
    stopHeartbeat();
    closed(code, reason.toString()).catch((error: unknown) => {
      log.error({ err: error }, 'a closed socket could not be cleaned up');
    });
  });
}

/** Closes so that clients do not hope for better with the same token. The protocol's limit for a reason is 123 bytes. */
export function closeForbidden(socket: WebSocket, reason: string): void {
  let text = reason;
  while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
  socket.close(CloseCode.Forbidden, text);
}
