/** The operations about journeys that GraphiQL opens with. */
import { encodeId } from './graphql/ids.ts';
import type { GraphiqlExample } from './http/graphiql-examples.ts';
import type { Database } from './store/database.ts';

const JOURNEYS = `
query Journeys {
  journeys {
    nodes {
      name kind isEnabled publicUrl schema
      submissions(first: 5) { nodes { submittedAt data entity { title attributes } startedExecutions { name status } } }
    }
  }
}`;

const DEFINE_JOURNEY = `
mutation DefineJourney {
  createJourney(input: {
    kind: FORM
    content: {
      name: "Meter reading"
      schema: {
        type: "object"
        properties: {
          reading: { type: "integer", title: "Reading in kWh", minimum: 0 }
          readOn: { type: "string", title: "Read on", format: "date" }
        }
        required: ["reading"]
      }
      mapping: [{ target: "meter.reading", mode: COPY, source: "data.reading" }]
    }
  }) {
    ... on CreateJourneyPayload { journey { id name version } }
    ... on InvalidInputProblem { issues { path code message } }
    ... on Problem { code message }
  }
}`;

const OPEN_JOURNEY = `
mutation OpenJourney($journeyId: ID!, $entityId: ID) {
  openJourney(input: { journeyId: $journeyId, entityId: $entityId, expiresInHours: 48 }) {
    ... on OpenJourneyPayload { url session { id status expiresAt data } }
    ... on Problem { code message }
  }
}`;

const SUBMIT_JOURNEY = `
mutation SubmitJourney($sessionId: ID!, $data: JSON!) {
  submitJourney(input: { sessionId: $sessionId, data: $data }) {
    ... on SubmitJourneyPayload { submission { data entity { title attributes } } task { name status } }
    ... on JourneyDataInvalidProblem { errors { path keyword message } }
    ... on Problem { code message }
  }
}`;

/** The examples, in the order in which one would try them. */
export async function journeyExamples(
  { prisma }: Pick<Database, 'prisma'>,
  organizationId: string,
): Promise<readonly GraphiqlExample[]> {
  const journey = await prisma.journey.findFirst({ where: { organizationId, name: 'Ask for a visit' } });
  const entity = await prisma.entity.findFirst({
    where: { organizationId, schema: 'opportunity' },
    orderBy: { id: 'asc' },
  });
  return [
    { name: 'Forms: their public links, and what was submitted', query: JOURNEYS },
    {
      name: 'Open a form for somebody, who needs no account; the address is shown once',
      query: OPEN_JOURNEY,
      variables: {
        journeyId: encodeId('Journey', journey?.id ?? ''),
        entityId: encodeId('Entity', entity?.id ?? ''),
      },
    },
    {
      name: 'Submit a form as myself (take the session of the tab before): every error at once',
      query: SUBMIT_JOURNEY,
      variables: {
        sessionId: '',
        data: { name: 'Ida Vogel', email: 'ida', address: { street: 'Am Hang 3', zip: '5790' } },
      },
    },
    { name: 'Define a form', query: DEFINE_JOURNEY },
  ];
}
