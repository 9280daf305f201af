/** The operations about absences that GraphiQL opens with. */
import { encodeId } from './graphql/ids.ts';
import type { GraphiqlExample } from './http/graphiql-examples.ts';
import type { Database } from './store/database.ts';

const OUT_OF_OFFICE = `
mutation OutOfOffice($firstDay: String!, $lastDay: String!, $substituteIds: [ID!]!) {
  createAbsence(input: { firstDay: $firstDay, lastDay: $lastDay, substituteIds: $substituteIds }) {
    ... on CreateAbsencePayload {
      absence { id status firstDay lastDay substitutes { name } user { name isAbsent substitute { name } } }
      position
    }
    ... on AbsenceOverlapsProblem { absenceId }
    ... on InvalidInputProblem { issues { path code message } }
    ... on Problem { code message }
  }
}`;

const ABSENCES = `
query Absences {
  viewer {
    absences { nodes { id status firstDay lastDay substitutes { name } note } }
    standsInFor { name absentUntil }
  }
  users(first: 50) {
    nodes { name isAbsent absentUntil substitute { name } absences(first: 1) { nodes { status firstDay lastDay } } }
  }
  inbox(first: 10) {
    nodes { name viewerActsFor { name } history(first: 1) { nodes { type actor { ... on User { name } } onBehalfOf { name } } } }
  }
}`;

const DAY_MS = 86_400_000;

/** The examples, in the order in which one would try them. */
export async function absenceExamples(
  database: Database,
  organizationId: string,
): Promise<readonly GraphiqlExample[]> {
  const substitutes = await database.prisma.user.findMany({
    where: { organizationId, externalId: { in: ['lena', 'paul'] } },
    orderBy: { externalId: 'asc' },
  });
  const dayIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  return [
    {
      name: 'Say that I am out of office, and who stands in for me',
      query: OUT_OF_OFFICE,
      variables: {
        firstDay: dayIn(7),
        lastDay: dayIn(20),
        substituteIds: substitutes.map(({ id }) => encodeId('User', id)),
      },
    },
    { name: 'Who is out of office, and for whom I stand in', query: ABSENCES },
  ];
}
