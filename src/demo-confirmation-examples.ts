/** GraphiQL's examples of tasks that somebody outside confirms. */
import type { GraphiqlExample } from './http/graphiql-examples.ts';
import { encodeId } from './graphql/ids.ts';
import type { Database } from './store/database.ts';

const REQUEST_CONFIRMATION = `
mutation RequestConfirmation($taskId: ID!) {
  # Open the url that is answered: its page confirms nothing before a button is pressed.
  requestConfirmation(input: { taskId: $taskId, to: [], message: "Is the date all right with you?", expiresInHours: 48 }) {
    __typename
    ... on RequestConfirmationPayload { url task { name status confirmation { expiresAt } } }
    ... on Problem { message }
  }
}`;

const CONFIRMATION = `
query Confirmation($taskId: ID!) {
  task(id: $taskId) {
    name status
    confirmation { state to requestedAt expiresAt answeredAt answeredBy comment mailStatus }
    confirmations { number state }
  }
}`;

/** The examples, in the order in which one would try them. `taskId`: of a task that they leave alone. */
export async function confirmationExamples(
  { prisma }: Database,
  { organizationId, taskId }: { readonly organizationId: string; readonly taskId: string | undefined },
): Promise<readonly GraphiqlExample[]> {
  const task = await prisma.task.findFirst({
    where: {
      ...{ organizationId, type: 'MANUAL', status: 'PENDING', isEnabled: true },
      ...(taskId === undefined ? {} : { id: { not: taskId } }),
    },
    orderBy: { id: 'desc' },
  });
  const variables = { taskId: encodeId('Task', task?.id ?? '') };
  return [
    {
      name: 'Let somebody outside confirm a task by a link, here to be handed over',
      query: REQUEST_CONFIRMATION,
      variables,
    },
    { name: 'Who was asked to confirm it, and what they said', query: CONFIRMATION, variables },
  ];
}
