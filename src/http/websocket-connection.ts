/** One WebSocket, for graphql-ws: its messages in, answers out, and all of it bounded. */
import { setMaxListeners } from 'node:events';
import { CloseCode, type Server } from 'graphql-ws';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import { startHeartbeat, type Heartbeat } from './heartbeat.ts';

/** What graphql-ws hands to its hooks. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly heartbeat: Heartbeat;
  /** Aborted when the socket is closed. */
  readonly closed: AbortSignal;
  /** Messages that are being handled. An operation counts until it has ended, also if the client has completed it before. */
  handling: number;
}

export interface SocketLimits {
  /** The pause between two pings, in milliseconds. */
  readonly heartbeatMs?: number | undefined;
  /** How many messages may be in hand at a time; more close the socket with 4429. */
  readonly maxHandling?: number | undefined;
  /** How much may wait for a peer that does not read, in bytes; above it the connection is cut. */
  readonly maxWaitingBytes?: number | undefined;
}

/** Far above what can come of the operations of a socket; a peer reaches it that sends and never reads. */
const MAX_HANDLING = 1_000;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
}

/** Resolves when the message is with the operating system, so that a slow reader slows down what is sent to it. */
function send(socket: WebSocket, message: string, heartbeat: Heartbeat): Promise<void> {
  return new Promise((resolve) => {
    // A message to a socket that is closing is nobody's loss: the subscriptions end with it.
    if (socket.readyState !== socket.OPEN) {
      resolve();
      return;
    }
    let hadToWait = false;
    socket.send(message, () => {
      // What the operating system takes at once, it also takes for a peer that has gone.
      if (hadToWait) heartbeat.beat();
      resolve();
    });
    hadToWait = socket.bufferedAmount > 0;
  });
}

/** Connects an opened socket with the GraphQL server until it closes. */
export function serveSocket(
  server: Server<SocketExtra>,
  { socket, request }: Pick<SocketExtra, 'socket' | 'request'>,
  log: Logger,
  { heartbeatMs, maxHandling = MAX_HANDLING, maxWaitingBytes = MAX_WAITING_BYTES }: SocketLimits = {},
): void {
  const heartbeat = startHeartbeat(socket, heartbeatMs);
  const gone = new AbortController();
  // One listener for each operation that waits, not a leak.
  setMaxListeners(0, gone.signal);
  const extra: SocketExtra = { socket, request, heartbeat, closed: gone.signal, handling: 0 };

  function receive(data: RawData, handle: (message: string) => Promise<void>): void {
    // A peer that is to go may go on sending for a while.
    if (socket.readyState !== socket.OPEN) return;
    if (extra.handling >= maxHandling) {
      socket.close(CloseCode.TooManyInitialisationRequests, 'Too many messages at a time');
      return;
    }
    extra.handling += 1;
    handle(textOf(data))
      .catch((error: unknown) => {
        log.error({ err: error }, 'a socket message could not be handled');
        // Not 4500, after which clients never come back.
        socket.close(1011, 'Internal server error');
      })
      .finally(() => {
        extra.handling -= 1;
      });
  }

  const closed = server.opened(
    {
      protocol: socket.protocol,
      async send(message) {
        if (socket.bufferedAmount > maxWaitingBytes) socket.terminate();
        else await send(socket, message, heartbeat);
      },
      close: (code, reason) => {
        socket.close(code, reason);
      },
      onMessage(handle) {
        socket.on('message', (data) => {
          receive(data, handle);
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
    heartbeat.stop();
    gone.abort();
    closed(code, reason.toString()).catch((error: unknown) => {
      log.error({ err: error }, 'a closed socket could not be cleaned up');
    });
  });
}

/** Closes with a reason for people. The protocol's limit for it is 123 bytes. */
export function closeWith(socket: WebSocket, code: number, reason: string): void {
  let text = reason;
  while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
  socket.close(code, text);
}
