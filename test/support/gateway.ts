/** A network between clients and a server that breaks when told to. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Gateway extends AsyncDisposable {
  /** The target's address, through this. */
  readonly url: string;
  /** How many connections there have been. */
  readonly count: number;
  /** Cuts all connections, without a word to either side; refuses new ones until `open`. */
  shut(): void;
  open(): void;
  /** New connections lead there. */
  lead(target: string): void;
}

/** `target`: an address with a host and a port. `most`: so many connections are let through, those after them are cut. */
export async function openGateway(target: string, most = Infinity): Promise<Gateway> {
  let to = new URL(target);
  let isOpen = true;
  let count = 0;
  const sockets = new Set<Socket>();

  function join(client: Socket): void {
    if (!isOpen || count >= most) {
      client.resetAndDestroy();
      return;
    }
    count += 1;
    const server = connect(Number(to.port), to.hostname);
    for (const [from, into] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.pipe(into);
      from.on('error', () => into.destroy());
      from.on('close', () => {
        sockets.delete(from);
        into.destroy();
      });
    }
  }
  const listener = createServer(join).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  return {
    url: Object.assign(new URL(target), { port: String(port) }).href,
    get count() {
      return count;
    },
    shut() {
      isOpen = false;
      cut();
    },
    open() {
      isOpen = true;
    },
    lead(next) {
      to = new URL(next);
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
