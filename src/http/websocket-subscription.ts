/** A subscription of a socket. Its messages go from the group straight to the socket; graphql-ws only learns when it ends. */
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { FanOut } from './fan-out.ts';
import { socketReader } from './socket-reader.ts';
import type { SocketExtra } from './websocket-connection.ts';

/** Yields nothing. */
type Silence = AsyncGenerator<never, undefined, undefined>;

/** Waits for the end of the subscription; ending it is leaving. */
function silence(ended: Promise<void>, leave: () => void): Silence {
  const left = (): Promise<IteratorReturnResult<undefined>> => {
    leave();
    return Promise.resolve({ done: true, value: undefined });
  };
  return {
    async next() {
      await ended;
      return { done: true, value: undefined };
    },
    return: left,
    async throw(error: unknown) {
      await left();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await left();
    },
  };
}

/** Subscribes under the operation's id; answers the errors instead if the operation is refused. */
export async function subscribeSocket(
  fanOut: FanOut,
  args: ExecutionArgs,
  extra: SocketExtra,
  id: string,
): Promise<Silence | ExecutionResult> {
  const left = new AbortController();
  const joined = await fanOut.subscribe(args, socketReader(extra, id), left.signal);
  if (!('ended' in joined)) return joined;
  // graphql-ws keeps the arguments for as long as the operation lasts; nobody looks at the context any more.
  args.contextValue = undefined;
  // Whoever waits for the end is told; if the client has completed meanwhile, nobody does.
  joined.ended.catch(() => undefined);
  return silence(joined.ended, () => {
    left.abort();
  });
}
