/** The fan-out over the test API, with readers in this process. */
import { parse } from 'graphql';
import { createContext } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createFanOut, type FanOut, type Joined } from '../../src/http/fan-out.ts';
import type { RenderedMessage } from '../../src/http/rendering.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createLive, type Live } from '../../src/live/live.ts';
import type { TestApi } from './api.ts';
import { silentLog } from './live-fixture.ts';
import { NEVER_MS } from './signals.ts';

export interface FanOutFixture extends AsyncDisposable {
  readonly fanOut: FanOut;
  readonly live: Live;
  /** Subscribes; throws if it is refused. */
  subscribe(
    viewer: Viewer,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<Subscribed>;
}

export interface Subscribed {
  /** The messages, as JSON, in order. */
  readonly messages: readonly string[];
  readonly ended: Promise<void>;
  readonly leave: () => void;
}

/** Of its own: nothing but commits in this process makes it send statements. */
export function createFanOutFixture({ database, clock }: TestApi): FanOutFixture {
  const live = createLive({ database, log: silentLog, pollMs: NEVER_MS, timer: clock.timer });
  const fanOut = createFanOut({ live, log: silentLog });
  return {
    fanOut,
    live,
    async subscribe(viewer, query, variables = {}) {
      const context = createContext({ database, live, clock: () => clock.now(), log: silentLog }, viewer);
      const messages: string[] = [];
      const left = new AbortController();
      const reader = {
        isFull: false,
        send: ({ json }: RenderedMessage): void => {
          messages.push(json.toString());
        },
        drained: () => Promise.resolve(),
      };
      const joined = await fanOut.subscribe(
        {
          schema,
          document: parse(query),
          variableValues: variables,
          contextValue: Object.assign(context, { requestId: 'test' }),
        },
        reader,
        left.signal,
      );
      if (!('ended' in joined)) throw new Error(JSON.stringify(joined.errors));
      const { ended }: Joined = joined;
      ended.catch(() => undefined);
      return {
        messages,
        ended,
        leave: () => {
          left.abort();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
    },
  };
}
