/** A subscription of a socket as a reader: its frames are those of graphql-ws, byte for byte, around a message that is shared. */
import type { Reader } from '../live/reader.ts';
import type { RenderedMessage } from './rendering.ts';
import type { SocketExtra } from './websocket-connection.ts';

/** With so much waiting for the peer, its subscriptions fall back to the log, and lists to their present state. */
const FULL_BYTES = 1024 * 1024;
const TAIL = Buffer.from('}');
const AS_TEXT = { binary: false } as const;

/** @param id - the operation's id, as the client chose it. */
export function socketReader({ socket, heartbeat }: SocketExtra, id: string): Reader<RenderedMessage> {
  const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  let draining: Promise<void> | null = null;
  return {
    get isFull() {
      return draining !== null;
    },
    send({ json }) {
      if (socket.readyState !== socket.OPEN) return;
      const frame = Buffer.concat([head, json, TAIL]);
      if (socket.bufferedAmount + frame.length <= FULL_BYTES) {
        socket.send(frame, AS_TEXT);
        return;
      }
      draining = new Promise((resolve) => {
        // Called when everything before it is with the operating system as well, or the socket has closed.
        socket.send(frame, AS_TEXT, () => {
          draining = null;
          heartbeat.beat();
          resolve();
        });
      });
    },
    drained: () => draining ?? Promise.resolve(),
  };
}
