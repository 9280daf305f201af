/** A graphql-ws client whose operations can be awaited result by result. */
import { print } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Document } from './api.ts';

type Variables = Readonly<Record<string, unknown>>;

export interface SocketAnswer<Data = Readonly<Record<string, unknown>>> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

export interface SocketClient {
  readonly client: Client;
  /** Resolves with how the socket was closed, by whomever. */
  readonly closed: Promise<Closed>;
  /** The one result of a query or mutation. Rejects with the errors of an operation that was refused. */
  readonly ask: (payload: Operation) => Promise<SocketAnswer>;
  /** Starts a subscription. */
  readonly watch: <Data = Readonly<Record<string, unknown>>, Vars extends Variables = Variables>(
    document: Document<Data, Vars>,
    variables?: NoInfer<Vars>,
  ) => AsyncGenerator<SocketAnswer<Data>, undefined>;
}

/** Connects at once, and once: it does not come back after a close. */
export function connectSocket(
  url: string,
  connectionParams: Record<string, unknown> | undefined,
): SocketClient {
  let close: (event: Closed) => void = () => undefined;
  const closed = new Promise<Closed>((resolve) => {
    close = resolve;
  });
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    ...(connectionParams ? { connectionParams } : {}),
    // Without it, the client writes to the console when the socket closes.
    onNonLazyError: () => undefined,
    on: {
      closed(event) {
        const { code, reason } = event as Closed;
        close({ code, reason });
      },
    },
  });
  return {
    client,
    closed,
    async ask(payload) {
      for await (const answer of client.iterate(payload)) return answer as SocketAnswer;
      throw new Error('the operation was completed without a result');
    },
    watch: <Data, Vars extends Variables>(document: Document<Data, Vars>, variables?: Vars) => {
      const query = typeof document === 'string' ? document : print(document);
      return client.iterate({ query, ...(variables ? { variables } : {}) }) as AsyncGenerator<
        SocketAnswer<Data>,
        undefined
      >;
    },
  };
}
