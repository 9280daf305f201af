/** The same API behind graphql-ws as it is usually wired: each subscriber executes its own document, and each message is serialized for it. */
import { useServer } from 'graphql-ws/use/ws';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { WebSocketServer } from 'ws';
import { createContext } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { formatResult } from '../../src/http/graphql-errors.ts';
import { presentAll } from '../../src/http/masking.ts';
import type { TestApi, ViewerOptions } from './api.ts';

export interface PlainServer extends AsyncDisposable {
  readonly wsUrl: string;
}

/** Who is asking: the parameters of the connection. */
export interface PlainParameters extends ViewerOptions {
  readonly externalId: string;
}

/** Serves until disposed; the `TestApi` stays open. */
export async function servePlainly(api: TestApi): Promise<PlainServer> {
  const { database, live } = api;
  const log = pino({ level: 'silent' });
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const server = useServer(
    {
      schema,
      async context({ connectionParams }) {
        const { externalId, ...options } = connectionParams as unknown as PlainParameters;
        const viewer = await api.viewer(externalId, options);
        return createContext({ database, live, clock: () => api.clock.now(), log }, viewer);
      },
      onNext: (_connection, _id, _payload, _args, result) =>
        formatResult(result.errors ? presentAll(result, { requestId: 'test', log }) : result),
    },
    sockets,
  );
  await new Promise((resolve) => sockets.once('listening', resolve));
  const { port } = sockets.address() as AddressInfo;
  return {
    wsUrl: `ws://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => server.dispose(),
  };
}
