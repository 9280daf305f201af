/** Handrail with urql. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  createClient,
  createRequest,
  fetchExchange,
  subscriptionExchange,
  type AnyVariables,
  type OperationResult,
} from '@urql/core';
import { authorizedFetch } from './authorized-fetch.ts';
import { inboxOf, type Handrail, type HandrailOptions, type Watcher } from './handrail.ts';
import { createLiveClient } from './live-client.ts';
import { COMPLETE, ENTITY_EVENTS, LIVE_INBOX, TASK } from './operations.ts';

function dataOf<Data, Vars extends AnyVariables>({ data, error }: OperationResult<Data, Vars>): Data {
  if (error || data === undefined) throw error ?? new Error('no data');
  return data;
}

/** Connects when the first subscription starts. */
export function connectUrql({ url, token, ...options }: HandrailOptions): Handrail {
  const live = createLiveClient({ url: url.replace(/^http/, 'ws'), token, ...options });
  const client = createClient({
    url,
    fetch: authorizedFetch(token),
    preferGetMethod: false,
    exchanges: [
      // A cacheExchange would stand here. The document cache asks all its queries anew when something of their types changes.
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          subscribe(sink) {
            const next = (result: object): void => sink.next(result);
            return { unsubscribe: live.subscribe({ query, variables }, { ...sink, next }) };
          },
        }),
      }),
    ],
  });

  /** Below all keys of urql's own. */
  let lastKey = 0;

  /** Until it fails or is left. */
  function watch<Data, Vars extends AnyVariables>(
    document: TypedDocumentNode<Data, Vars>,
    variables: Vars,
    { next, failed }: Watcher<Data>,
  ): () => void {
    // Of equal subscriptions, urql would send only the first, and the next view would begin in the middle of a live list.
    const request = { ...createRequest(document, variables), key: (lastKey -= 1) };
    const subscription = client.executeSubscription(request).subscribe(({ data, error }) => {
      // An end comes with the data of the message before.
      if (error) failed(error);
      else if (data !== undefined) next(data);
    });
    return () => {
      subscription.unsubscribe();
    };
  }

  return {
    async readTask(id, atLeast) {
      return dataOf(await client.query(TASK, { id, atLeast: atLeast ?? null }).toPromise()).task;
    },
    async completeTask(taskId) {
      const { completeTask } = dataOf(await client.mutation(COMPLETE, { taskId }).toPromise());
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
