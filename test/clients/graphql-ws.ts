/** Handrail with `fetch` and graphql-ws alone. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print, type FormattedExecutionResult } from 'graphql';
import { authorizedFetch } from './authorized-fetch.ts';
import { inboxOf, type Handrail, type HandrailOptions, type Watcher } from './handrail.ts';
import { createLiveClient } from './live-client.ts';
import { COMPLETE, ENTITY_EVENTS, LIVE_INBOX, TASK } from './operations.ts';

type Variables = Record<string, unknown>;

/** Connects when the first subscription starts. */
export function connectGraphqlWs({ url, token, ...options }: HandrailOptions): Handrail {
  const send = authorizedFetch(token);
  const live = createLiveClient({ url: url.replace(/^http/, 'ws'), token, ...options });

  async function ask<Data, Vars extends Variables>(
    document: TypedDocumentNode<Data, Vars>,
    variables: Vars,
  ): Promise<Data> {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: print(document), variables }),
    });
    const { data, errors } = (await response.json()) as FormattedExecutionResult<Data>;
    if (errors || !data) throw new Error(errors?.[0]?.message ?? 'no data');
    return data;
  }

  /** Until it fails or is left. */
  function watch<Data, Vars extends Variables>(
    document: TypedDocumentNode<Data, Vars>,
    variables: Vars,
    { next, failed }: Watcher<Data>,
  ): () => void {
    return live.subscribe<Data>(
      { query: print(document), variables },
      {
        next({ data }) {
          if (data) next(data);
        },
        error: failed,
        complete: () => undefined,
      },
    );
  }

  return {
    async readTask(id, atLeast) {
      const { task } = await ask(TASK, { id, atLeast: atLeast ?? null });
      return task;
    },
    async completeTask(taskId) {
      const { completeTask } = await ask(COMPLETE, { taskId });
      if ('code' in completeTask) throw new Error(completeTask.message);
      return completeTask.position;
    },
    watchEntity: (entityId, after, { next, failed }) =>
      watch(ENTITY_EVENTS, { entityId, after }, { next: ({ entityEvents }) => next(entityEvents), failed }),
    watchInbox: (watcher) => watch(LIVE_INBOX, {}, inboxOf(watcher)),
    async close() {
      await live.dispose();
    },
  };
}
