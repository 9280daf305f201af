/** A server of the outside world that webhooks are sent to: it keeps what comes, and answers as it is told. */
import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  /** By lower-case name; of several with one name, joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What it answers; `HANG`: never anything; a function writes the answer itself. 204 and nothing else by default. */
export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'HANG'
  | ((response: ServerResponse) => void);

export interface HttpReceiverOptions {
  /** Decides about each request when it has come completely; `index` counts them from 0. */
  readonly answer?: (request: ReceivedRequest, index: number) => Reply | Promise<Reply>;
  /** Any free one by default. */
  readonly port?: number;
  /** Speaks HTTPS. PEM texts. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Disposing of it closes it with all its connections. */
export interface HttpReceiver extends AsyncDisposable {
  /** `http://127.0.0.1:12345` */
  readonly url: string;
  readonly port: number;
  /** In the order in which they were complete. */
  readonly requests: readonly ReceivedRequest[];
  /** How many connections there ever were. */
  readonly connections: number;
}

export async function openHttpReceiver(options: HttpReceiverOptions = {}): Promise<HttpReceiver> {
  const requests: ReceivedRequest[] = [];
  let connections = 0;
  const listener: RequestListener = (incoming, response) => {
    void receive(incoming).then(async (request) => {
      const index = requests.push(request) - 1;
      write(response, (await options.answer?.(request, index)) ?? {});
    });
  };
  const server = options.tls === undefined ? createHttp(listener) : createHttps(options.tls, listener);
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.entries(incoming.headersDistinct).map(([name, values]) => [
    name,
    values?.join(', ') ?? '',
  ]);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString(),
  };
}

function write(response: ServerResponse, reply: Reply): void {
  if (reply === 'HANG') return;
  if (typeof reply === 'function') reply(response);
  else response.writeHead(reply.status ?? 204, reply.headers).end(reply.body);
}
