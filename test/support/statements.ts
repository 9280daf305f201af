/** Counting the statements that PostgreSQL gets for one operation, on executions with everything in them. */
import { expect } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import type { Document, TestApi } from './api.ts';
import { graphql } from './generated/gql.ts';
import { phase, ref, task } from './workflow.ts';
import { publish, team } from './workflows.ts';

/** Finding the viewer of the token, which tests in this process do without. */
const AUTHENTICATION = 1;

// Whom the counted operations show wherever somebody is assigned.
graphql(`
  fragment CountedPeople on Assignee {
    ... on User {
      id
      name
      kind
    }
    ... on Team {
      id
      name
    }
  }
`);

export interface Counting {
  /** A member of a team that is assigned to much. */
  readonly member: Viewer;
  /** A published definition with so many tasks in four phases, with assignees everywhere and requirements among the tasks. */
  definitionOf(size: number): Promise<string>;
  /** How many statements one operation of the member sends; it must not be refused. */
  count<Data extends object, Vars>(document: Document<Data, Vars>, variables: NoInfer<Vars>): Promise<number>;
}

/** Makes the member, their team and their colleagues. */
export async function prepareCounting(api: TestApi): Promise<Counting> {
  const { key } = await team(api, [api.member], 'Fitters');
  const member = await api.viewer('member');
  const users = await Promise.all(['anna', 'bert', 'carl'].map((name) => api.viewer(name)));
  const people: readonly AssigneeRef[] = [
    { type: 'TEAM', id: key },
    ...users.map(({ userId: id }) => ({ type: 'USER', id }) as const),
  ];
  return {
    member,
    definitionOf: (size) =>
      publish(api, {
        name: 'Solar',
        assignees: people.slice(1),
        phases: [0, 1, 2, 3].map((index) => phase(`phase ${index}`, { assignees: people.slice(0, 2) })),
        tasks: Array.from({ length: size }, (_, index) =>
          task(`t${index}`, {
            phaseKey: `phase ${index % 4}`,
            assignees: people.slice(index % 3),
            requirements: index > 3 ? [ref(`t${index - 4}`)] : [],
          }),
        ),
      }),
    async count(document, variables) {
      api.resetStatements();
      const data = await api.data(member, document, variables);
      const sent = AUTHENTICATION + api.statements().length;
      for (const answer of Object.values(data as Readonly<Record<string, unknown>>)) {
        // A refusal would be cheap.
        expect(answer).not.toMatchObject({ code: expect.any(String) as string });
        expect(answer).not.toBeNull();
      }
      return sent;
    },
  };
}
