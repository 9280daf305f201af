/** Demo mode: the demo organization, its people's tokens, and what GraphiQL opens with. */
import { DEMO_ADMIN, DEMO_ORGANIZATION, readDemoPeople, seedDemo, type DemoPerson } from '../prisma/seed.ts';
import type { Logger } from 'pino';
import type { Claims } from './config.ts';
import { demoExamples } from './demo-examples.ts';
import { signDemoToken } from './http/demo-tokens.ts';
import type { GraphiqlSettings } from './http/graphiql.ts';
import type { Database } from './store/database.ts';

export interface Demo {
  /** Everybody with a bearer token, good for 30 days. */
  readonly people: readonly { readonly person: DemoPerson; readonly token: string }[];
  readonly graphiql: GraphiqlSettings;
  /** Whether the demo organization was made just now. */
  readonly isNew: boolean;
}

/** The token of somebody in the demo organization. */
export async function demoToken(key: Uint8Array, person: DemoPerson, claims?: Claims): Promise<string> {
  const { externalId, roles, name } = person;
  return signDemoToken(key, { externalId, organizationExternalId: DEMO_ORGANIZATION, roles, name }, claims);
}

/** Makes the demo organization if it is missing, and the tokens of its people. */
export async function openDemo(
  database: Database,
  key: Uint8Array,
  claims: Claims,
  log: Logger,
): Promise<Demo> {
  const isNew = await seedDemo(database, new Date());
  const all = await readDemoPeople();
  const people = await Promise.all(
    all.map(async (person) => ({ person, token: await demoToken(key, person, claims) })),
  );
  const admin = all.find(({ externalId }) => externalId === DEMO_ADMIN);
  return {
    people,
    isNew,
    graphiql: {
      examples: () =>
        demoExamples(database).catch((error: unknown) => {
          // GraphiQL is of use without examples, too.
          log.error({ err: error }, 'no examples for GraphiQL');
          return [];
        }),
      ...(admin ? { demoToken: () => demoToken(key, admin, claims) } : {}),
    },
  };
}

/** What a person who started the server for the first time needs to know. */
export function demoGreeting({ people }: Demo, url: string): string {
  const width = Math.max(...people.map(({ person }) => person.externalId.length));
  return [
    '',
    'Handrail runs in DEMO MODE: anybody on this machine can sign in. Set AUTH_SECRET or AUTH_JWKS_URL for real use.',
    '',
    `  GraphiQL   ${url}   (open it in a browser; signed in as ${DEMO_ADMIN})`,
    `  GraphQL    ${url}   (POST, SSE, and ${url.replace('http', 'ws')} for subscriptions)`,
    '',
    '  Authorization: Bearer <token>, one for each person:',
    '',
    ...people.flatMap(({ person, token }) => [
      `  ${person.externalId.padEnd(width)}  ${person.name}, ${[...person.roles, ...person.teams].join(', ')}`,
      `  ${' '.repeat(width)}  ${token}`,
    ]),
    '',
  ].join('\n');
}
