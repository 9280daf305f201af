/** What is measured: three kinds of servers, each in a process of its own, seen alike. */
import { startHelper } from './helper-process.ts';
import type { Memory, Sample, ServerHandlers, TellableHandlers } from './protocol.ts';
import { changeTask, signInAdmin } from './world.ts';

export type SubjectKind = 'ws.send' | 'graphql-ws' | 'Handrail';

/** Disposing kills its processes. */
export interface Subject extends AsyncDisposable {
  readonly kind: SubjectKind;
  /** Addresses of the sockets, one for each server. */
  readonly urls: readonly string[];
  /** Makes one change, which is one message to every subscriber. */
  change(number: number): Promise<void>;
  /** Of each server; the change is made on the first. */
  sample(): Promise<readonly [Sample, ...Sample[]]>;
  memory(): Promise<readonly Memory[]>;
}

/** `frame`: a message of Handrail's. */
export async function startTellable(kind: 'ws.send' | 'graphql-ws', frame: string): Promise<Subject> {
  const script = kind === 'ws.send' ? 'bare-process.ts' : 'usual-process.ts';
  const helper = startHelper<TellableHandlers>(script);
  return {
    kind,
    urls: [await helper.ask('listen', frame)],
    change: (number) => helper.ask('change', number),
    sample: async () => [await helper.ask('sample')],
    memory: async () => [await helper.ask('memory')],
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  };
}

export interface HandrailOptions {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly nodes: number;
  /** Asked at each change. */
  readonly taskId: () => string;
}

export async function startHandrail({
  databaseUrl,
  secret,
  nodes,
  taskId,
}: HandrailOptions): Promise<Subject> {
  const start = () =>
    startHelper<ServerHandlers>('handrail-process.ts', {
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: databaseUrl,
      AUTH_SECRET: secret,
      LOG_LEVEL: 'silent',
      GRAPHIQL: 'off',
      // Whose statements would be counted, too.
      WORKER: 'off',
      MAX_CONNECTIONS_PER_USER: '100000',
    });
  const first = start();
  const others = Array.from({ length: nodes - 1 }, start);
  const [url, ...otherUrls] = await Promise.all([first, ...others].map((node) => node.ask('listen', '')));
  if (url === undefined) throw new Error('no server');
  const admin = await signInAdmin(url.replace('ws', 'http'), secret);
  let last: number | null = null;
  return {
    kind: 'Handrail',
    urls: [url, ...otherUrls],
    async change(number) {
      const seq = await changeTask(admin, taskId(), number);
      if (last !== null && seq !== last + 1)
        throw new Error(`a change was ${seq - last} events instead of one`);
      last = seq;
    },
    sample: async () => [
      await first.ask('sample'),
      ...(await Promise.all(others.map((node) => node.ask('sample')))),
    ],
    memory: () => Promise.all([first, ...others].map((node) => node.ask('memory'))),
    async [Symbol.asyncDispose]() {
      await Promise.all([first, ...others].map((node) => node[Symbol.asyncDispose]()));
    },
  };
}
