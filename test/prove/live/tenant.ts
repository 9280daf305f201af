/** One of the organizations: people with and without full sight, and executions that are worked on. */
import { mutate, required, type Person } from '../client.ts';
import type { KnownExecution, World } from '../world.ts';
import type { SignIn } from './people.ts';

/** Somebody who subscribes. */
export interface Watcher {
  readonly name: string;
  readonly person: Person;
  readonly userId: string;
  /** The keys of the user and the teams, which stay the same. */
  readonly scope: readonly string[];
  /** Partners only: the keys of the executions in which a task is theirs all the time. Null: sees everything. */
  readonly steady: readonly string[] | null;
  /** What they can ask about at any time. */
  readonly executionIds: readonly [string, ...string[]];
  readonly entityIds: readonly [string, ...string[]];
  /** The users and teams whose inboxes they may watch. */
  readonly inboxes: readonly [Inbox, ...Inbox[]];
}

export interface Inbox {
  /** A User or a Team. */
  readonly id: string;
  /** The keys of those whose tasks are in it. */
  readonly keys: readonly string[];
}

export interface Tenant {
  readonly externalId: string;
  readonly world: Pick<World, 'executions' | 'assigneeIds'>;
  readonly watchers: readonly [Watcher, ...Watcher[]];
  readonly definitionId: string;
  /** The log's position when all was made. */
  readonly position: string;
}

const CONTENT = {
  name: 'Heat pump',
  phases: ['plan', 'build'].map((key) => ({ key, name: key })),
  tasks: Array.from({ length: 8 }, (_, index) => ({
    key: `t${index}`,
    name: `Task ${index}`,
    phaseKey: index < 4 ? 'plan' : 'build',
    requirements: index === 3 ? [{ taskKey: 't2' }] : [],
  })),
};
const ENTITIES = 10;
const EXECUTIONS = 24;

/** The key in a global id. */
export function keyOf(id: string): string {
  return Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
}

interface Started extends KnownExecution {
  readonly entityIds: readonly string[];
}

async function startAll(
  admin: Person,
  definitionId: string,
): Promise<{ executions: Started[]; entityIds: string[] }> {
  const entityIds: string[] = [];
  for (let index = 0; index < ENTITIES; index += 1) {
    const input = { schema: 'opportunity', title: `House ${index}` };
    const { entity } = await required(
      mutate<{ entity: { id: string } }>(admin, 'createEntity', input, 'entity { id }'),
    );
    entityIds.push(entity.id);
  }
  const executions: Started[] = [];
  for (let index = 0; index < EXECUTIONS; index += 1) {
    const on = [index, ...(index % 3 === 0 ? [index + 1] : [])].map((at) => entityIds[at % ENTITIES] ?? '');
    const [entityId, ...contextEntityIds] = on;
    const { execution } = await required(
      mutate<{ execution: KnownExecution }>(
        admin,
        'startExecution',
        { definitionId, entityId, contextEntityIds },
        'execution { id tasks { id status version } }',
      ),
    );
    const tasks = execution.tasks.map((task) => ({ ...task, isManual: false }));
    executions.push({ id: execution.id, tasks, entityIds: on });
  }
  return { executions, entityIds };
}

function all<T>(items: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error('there is none');
  return [first, ...rest];
}

/** Makes it all through the API. */
export async function makeTenant(signIn: SignIn, externalId: string): Promise<Tenant> {
  const admin = await signIn(externalId, 'admin', ['admin']);
  const give = <Payload>(name: string, input: Readonly<Record<string, unknown>>, selection: string) =>
    required(mutate<Payload>(admin, name, input, selection));
  const team = async (name: string, memberIds: readonly string[]): Promise<string> => {
    const made = await give<{ team: { id: string } }>('createTeam', { name, memberIds }, 'team { id }');
    return made.team.id;
  };
  const meet = async (name: string, role: 'admin' | 'member' | 'partner') => {
    const person = role === 'admin' ? admin : await signIn(externalId, name, [role]);
    const { viewer } = await person.ask<{ viewer: { id: string } }>('{ viewer { id } }');
    return { name, person, userId: viewer.id };
  };
  const [chief, mia, max, steady, crew, moving] = [
    await meet('admin', 'admin'),
    await meet('mia', 'member'),
    await meet('max', 'member'),
    await meet('steady', 'partner'),
    await meet('crew', 'partner'),
    await meet('moving', 'partner'),
  ];
  const [fitters, painters, shadows, others] = [
    await team('Fitters', [mia.userId]),
    await team('Painters', [crew.userId]),
    await team('Shadows', [moving.userId]),
    await team('Others', []),
  ];
  const { definition } = await give<{ definition: { id: string } }>(
    'createDefinition',
    { content: CONTENT },
    'definition { id }',
  );
  await give('publishDefinition', { definitionId: definition.id }, 'position');
  const { executions, entityIds } = await startAll(admin, definition.id);

  let position = '';
  /** Gives a task in each of the executions away for good, and says what its new owner can see. */
  async function own(ownerId: string, indices: readonly number[]) {
    const owned = indices.flatMap((index) => executions[index] ?? []);
    for (const { tasks } of owned) {
      const task = tasks[4 + (indices[0] ?? 0)];
      const given = await give<{ position: string; task: { status: string; version: number } }>(
        'assignTask',
        { taskId: task?.id, add: [ownerId] },
        'position task { status version }',
      );
      if (task) Object.assign(task, given.task);
      ({ position } = given);
    }
    return {
      steady: owned.map(({ id }) => keyOf(id)),
      executionIds: all(owned.map(({ id }) => id)),
      entityIds: all(owned.flatMap((execution) => execution.entityIds)),
    };
  }
  const everything = {
    steady: null,
    executionIds: all(executions.map(({ id }) => id)),
    entityIds: all(entityIds),
  };
  const inbox = (id: string, ...teams: readonly string[]): Inbox => ({ id, keys: [id, ...teams].map(keyOf) });
  const inboxes = all([
    inbox(mia.userId, fitters),
    inbox(fitters),
    inbox(moving.userId, shadows),
    inbox(painters),
    inbox(steady.userId),
  ]);
  const partner = (of: Inbox, ...others: readonly Inbox[]) => ({
    scope: of.keys,
    inboxes: all([of, ...others]),
  });
  return {
    externalId,
    world: {
      executions: all(executions),
      assigneeIds: [mia.userId, fitters, moving.userId, max.userId, others],
    },
    watchers: [
      { ...chief, ...everything, scope: [keyOf(chief.userId)], inboxes },
      { ...mia, ...everything, scope: [keyOf(mia.userId), keyOf(fitters)], inboxes },
      { ...max, ...everything, scope: [keyOf(max.userId)], inboxes },
      { ...steady, ...(await own(steady.userId, [0, 1])), ...partner(inbox(steady.userId)) },
      {
        ...crew,
        ...(await own(painters, [2, 5])),
        ...partner(inbox(crew.userId, painters), inbox(painters)),
      },
      // Writers give this one tasks and take them away again; that of the team stays.
      {
        ...moving,
        ...(await own(shadows, [3])),
        ...partner(inbox(moving.userId, shadows)),
      },
    ],
    definitionId: definition.id,
    position,
  };
}
