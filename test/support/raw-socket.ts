/** A graphql-transport-ws client that keeps the frames as they came. */
import { WebSocket } from 'ws';

/** What is subscribed to; its place in the list is its id, as text. */
export interface RawOperation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface RawSocket {
  readonly socket: WebSocket;
  /** The frames of type `next` by operation, in order, since they were last taken out. */
  readonly frames: readonly string[][];
  /** Everything else that came for an operation: frames of type `error` and `complete`. */
  readonly others: readonly string[];
}

/** Connects and subscribes to all of them at once. */
export async function openRawSocket(
  url: string,
  connectionParams: Readonly<Record<string, unknown>>,
  operations: readonly RawOperation[],
): Promise<RawSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  const frames: string[][] = operations.map(() => []);
  const others: string[] = [];
  const say = (message: object): void => {
    socket.send(JSON.stringify(message));
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => {
      say({ type: 'connection_init', payload: connectionParams });
    });
    socket.once('close', (code: number) => {
      reject(new Error(`closed with ${code}`));
    });
    socket.on('message', (data, isBinary) => {
      const text = isBinary ? 'a binary frame' : (data as Buffer).toString();
      const { type, id } = JSON.parse(text) as { readonly type: string; readonly id?: string };
      if (type === 'connection_ack') resolve();
      else if (type === 'next') frames[Number(id)]?.push(text);
      else if (id !== undefined) others.push(text);
    });
  });
  for (const [id, payload] of operations.entries()) say({ type: 'subscribe', id: String(id), payload });
  return { socket, frames, others };
}
