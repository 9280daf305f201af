/** The operations of workers that GraphiQL opens with. */
import type { GraphiqlExample } from './http/graphiql-examples.ts';

const FETCH = `
mutation FetchTasks {
  fetchExternalTasks(input: { workerName: "graphiql", topics: ["score-customer"], maxTasks: 5, waitSeconds: 0 }) {
    ... on FetchExternalTasksPayload { tasks { taskId leaseToken leaseNumber expiresAt retriesLeft name input } position }
    ... on Problem { code message }
  }
}`;

const TOPICS = `
query Topics {
  externalTopics { topic available resting leased failed handedBack }
}`;

export const WORKER_EXAMPLES: readonly GraphiqlExample[] = [
  {
    name: 'Fetch tasks as a worker; then completeExternalTask, failExternalTask or handBackExternalTask',
    query: FETCH,
  },
  { name: 'How many tasks for workers are where', query: TOPICS },
];
