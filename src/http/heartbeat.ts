/** Finds out whether the peer of a socket is still there. */
import type { WebSocket } from 'ws';

/** A peer that has not answered a ping when the next one is due is gone. */
export const HEARTBEAT_MS = 30_000;

export interface Heartbeat {
  /** Another sign of life than the answer to a ping, which may stand behind megabytes that a slow peer is just reading. */
  beat(): void;
  stop(): void;
}

/** Pings regularly, and cuts the connection of a peer that has shown no sign of life since the last ping. */
export function startHeartbeat(
  socket: Pick<WebSocket, 'ping' | 'terminate'> & { on(event: 'pong', listener: () => void): unknown },
  intervalMs: number = HEARTBEAT_MS,
): Heartbeat {
  let isAlive = true;
  const beat = (): void => {
    isAlive = true;
  };
  socket.on('pong', beat);
  const timer = setInterval(() => {
    if (!isAlive) {
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
  }, intervalMs).unref();
  return {
    beat,
    stop() {
      clearInterval(timer);
    },
  };
}
