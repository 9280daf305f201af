/** The operation about reminders and escalation that GraphiQL opens with. */
import { encodeId } from './graphql/ids.ts';
import type { GraphiqlExample } from './http/graphiql-examples.ts';

const ESCALATE = `
mutation DefineEscalations($colleague: ID!, $lead: ID!) {
  createDefinition(input: {
    content: {
      name: "Answer a complaint"
      tasks: [{
        key: "answer"
        name: "Answer the customer"
        dueRule: { amount: 2, unit: WORKING_DAYS, anchor: EXECUTION_STARTED }
        escalations: [
          { on: BEFORE_DUE, amount: 4, unit: WORKING_HOURS, action: REMIND }
          { on: UNCLAIMED, amount: 4, unit: WORKING_HOURS, action: REASSIGN, handovers: [{ assignee: $colleague }] }
          { on: AFTER_DUE, amount: 1, unit: HOURS, action: NOTIFY_LEAD, leads: [$lead] }
        ]
      }]
    }
  }) {
    ... on CreateDefinitionPayload { definition { id issues { severity path message } } }
    ... on Problem { code message }
  }
}`;

/** The example, with two users of the demo. */
export function escalationExamples(userIds: readonly string[]): readonly GraphiqlExample[] {
  const [colleague = '', lead = colleague] = userIds.map((id) => encodeId('User', id));
  return [
    {
      name: 'Remind, hand over and tell a lead: rules around a due date',
      query: ESCALATE,
      variables: { colleague, lead },
    },
  ];
}
