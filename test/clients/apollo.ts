/** Handrail with Apollo Client. */
import {
  ApolloClient,
  ApolloLink,
  HttpLink,
  InMemoryCache,
  type OperationVariables,
} from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { OperationTypeNode } from 'graphql';
import { authorizedFetch } from './authorized-fetch.ts';
import { inboxOf, type Handrail, type HandrailOptions, type Watcher } from './handrail.ts';
import { createLiveClient } from './live-client.ts';
import { COMPLETE, ENTITY_EVENTS, LIVE_INBOX, TASK } from './operations.ts';
import { POSSIBLE_TYPES } from './possible-types.ts';

/** Connects when the first subscription starts. */
export function connectApollo({ url, token, ...options }: HandrailOptions): Handrail {
  const live = createLiveClient({ url: url.replace(/^http/, 'ws'), token, ...options });
  const client = new ApolloClient({
    // Tasks are kept by their ids: an event that shows one updates it in all views.
    cache: new InMemoryCache({ possibleTypes: POSSIBLE_TYPES }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(live),
      new HttpLink({ uri: url, fetch: authorizedFetch(token) }),
    ),
  });

  /** Until it fails or is left. */
  function watch<Data, Vars extends OperationVariables>(
    query: TypedDocumentNode<Data, Vars>,
    variables: Vars,
    { next, failed }: Watcher<Data>,
  ): () => void {
    // Of equal subscriptions, Apollo would send only the first, and the next view would begin in the middle of a live list.
    const context = { queryDeduplication: false };
    const subscription = client.subscribe({ query, variables, context }).subscribe({
      next({ data, error }) {
        if (error) failed(error);
        else if (data) next(data);
      },
      error: failed,
    });
    return () => {
      subscription.unsubscribe();
    };
  }

  return {
    async readTask(id, atLeast) {
      const variables = { id, atLeast: atLeast ?? null };
      const { data } = await client.query({ query: TASK, variables, fetchPolicy: 'network-only' });
      return data?.task ?? null;
    },
    async completeTask(taskId) {
      const { data } = await client.mutate({ mutation: COMPLETE, variables: { taskId } });
      if (!data) throw new Error('no data');
      if ('code' in data.completeTask) throw new Error(data.completeTask.message);
      return data.completeTask.position;
    },
    watchEntity: (entityId, after, { next, failed }) =>
      watch(ENTITY_EVENTS, { entityId, after }, { next: ({ entityEvents }) => next(entityEvents), failed }),
    watchInbox: (watcher) => watch(LIVE_INBOX, {}, inboxOf(watcher)),
    async close() {
      client.stop();
      await live.dispose();
    },
  };
}
