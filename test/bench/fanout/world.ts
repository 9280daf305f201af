/** The people of the bench, and the one task that is changed again and again. */
import { signDemoToken } from '../../../src/http/demo-tokens.ts';
import { decodePosition } from '../../../src/store/event-cursor.ts';
import { mutate, ORGANIZATION, required, signIn, type Person } from '../../prove/client.ts';
import { markOf } from './protocol.ts';

export interface World {
  /** Tokens of colleagues: whoever sees everything is in one group. */
  readonly colleagues: readonly string[];
  /** Tokens of partners: each is a group. */
  readonly partners: readonly string[];
  /** What everybody subscribes to, as the protocol's payload. */
  readonly subscription: { readonly query: string; readonly variables: { readonly entityId: string } };
  readonly taskId: string;
}

const COLLEAGUES = 100;
const PHASES = 6;
const TASKS = 30;

/** A sidebar's: the event with its task, the execution's progress and everybody's names. */
const QUERY = `subscription Sidebar($entityId: ID!) {
  entityEvents(entityId: $entityId) {
    cursor
    type
    actor { ... on User { name } }
    task { name status isEnabled assignees { ... on User { name } ... on Team { name } } }
    execution { status progress { ratio } }
  }
}`;

const CONTENT = {
  name: 'Solar installation',
  phases: Array.from({ length: PHASES }, (_, index) => ({ key: `p${index}`, name: `Phase ${index}` })),
  tasks: Array.from({ length: TASKS }, (_, index) => ({
    key: `t${index}`,
    name: `Task ${index}`,
    phaseKey: `p${index % PHASES}`,
  })),
};

async function makePartner(admin: Person, secret: string, externalId: string) {
  const { user } = await required(
    mutate<{ user: { id: string } }>(
      admin,
      'createUser',
      { externalId, name: externalId, kind: 'PARTNER' },
      'user { id }',
    ),
  );
  const person = {
    externalId,
    organizationExternalId: ORGANIZATION,
    roles: ['partner'],
    name: externalId,
  } as const;
  return { id: user.id, token: await signDemoToken(new TextEncoder().encode(secret), person) };
}

/** Starts an execution of 30 tasks on an entity; the first is the team's of all partners. Answers its id and the entity's. */
async function startWork(admin: Person, partnerIds: readonly string[]) {
  const made = async (name: string, input: Readonly<Record<string, unknown>>, field: string) => {
    const answer = await required(
      mutate<Record<string, { id: string }>>(admin, name, input, `${field} { id }`),
    );
    return answer[field]?.id ?? '';
  };
  const definitionId = await made('createDefinition', { content: CONTENT }, 'definition');
  await required(mutate(admin, 'publishDefinition', { definitionId }, 'position'));
  const entityId = await made('createEntity', { schema: 'opportunity', title: 'Roof' }, 'entity');
  const { execution } = await required(
    mutate<{ execution: { tasks: readonly { id: string }[] } }>(
      admin,
      'startExecution',
      { definitionId, entityId },
      'execution { tasks { id } }',
    ),
  );
  const teamId = await made('createTeam', { name: 'Fitters', memberIds: partnerIds }, 'team');
  const taskId = execution.tasks[0]?.id ?? '';
  await required(mutate(admin, 'assignTask', { taskId, set: [teamId] }, 'position'));
  return { taskId, entityId };
}

export function signInAdmin(url: string, secret: string): Promise<Person> {
  return signIn(url, secret, 'admin', ['admin']);
}

/** Makes it all through the API. */
export async function makeWorld(url: string, secret: string, partnerCount: number): Promise<World> {
  const admin = await signInAdmin(url, secret);
  const partners: Awaited<ReturnType<typeof makePartner>>[] = [];
  for (let index = 1; index <= partnerCount; index += 1)
    partners.push(await makePartner(admin, secret, `partner-${index}`));
  const { taskId, entityId } = await startWork(
    admin,
    partners.map(({ id }) => id),
  );
  const colleagues = await Promise.all(
    Array.from({ length: COLLEAGUES }, (_, index) => signIn(url, secret, `colleague-${index + 1}`)),
  );
  return {
    colleagues: colleagues.map(({ token }) => token),
    partners: partners.map(({ token }) => token),
    subscription: { query: QUERY, variables: { entityId } },
    taskId,
  };
}

/** Renames the task, which is one event; answers the event's number. */
export async function changeTask(admin: Person, taskId: string, number: number): Promise<number> {
  const input = { taskId, name: markOf(number) };
  const { position } = await required(mutate<{ position: string }>(admin, 'updateTask', input, 'position'));
  return decodePosition(position) ?? NaN;
}
