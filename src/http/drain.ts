import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';

/** The server's open connections, upgraded ones (WebSockets) included: the server itself forgets those. */
export function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/**
 * Closes a server gracefully: accepts nothing more, closes connections as soon as no request is in flight on them,
 * and after `timeout` ms cuts off the rest.
 *
 * Upgraded connections count as in flight until their owner closes them.
 */
export async function drain(
  server: Server,
  { sockets, timeout, log }: { sockets: ReadonlySet<Socket>; timeout: number; log: Logger },
): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A request that still comes in on an open connection is answered, and the connection closed with the answer.
  server.prependListener('request', (_, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => {
    log.warn({ connections: sockets.size, timeout }, 'cutting off what did not finish in time');
    for (const socket of sockets) socket.destroy();
  }, timeout);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
}
