/** What the proof works on: a few executions, of which some concern each of the watched things. */
import { mutate, required, signIn, type Person } from './client.ts';

export interface KnownTask {
  readonly id: string;
  readonly isManual: boolean;
  /** As the last answer had it; another writer may have changed it since. */
  status: string;
  version: number;
}

export interface KnownExecution {
  readonly id: string;
  tasks: readonly KnownTask[];
}

/** One of the things that are watched. */
export interface Watched {
  readonly name: 'execution' | 'entity' | 'inbox';
  /** The subscription's text, to go on after a cursor. */
  readonly text: (after: string) => string;
  /** The condition on `event` that picks its events, and the value of `$3` in it, independent of the server's code. */
  readonly sql: string;
  readonly keys: readonly string[];
}

export interface World {
  readonly executions: readonly [KnownExecution, ...KnownExecution[]];
  /** Whom tasks are assigned to now and then: the user whose inbox is watched, and their team. */
  readonly assigneeIds: readonly [string, ...string[]];
  readonly watcher: Person;
  readonly watched: readonly Watched[];
  /** The log's position when all was made. */
  readonly position: string;
}

const PHASES = ['plan', 'build'];
const CONTENT = {
  name: 'Solar installation',
  phases: PHASES.map((key) => ({ key, name: key })),
  tasks: Array.from({ length: 10 }, (_, index) => ({
    key: `t${index}`,
    name: `Task ${index}`,
    phaseKey: PHASES[index % 2],
    requirements: index === 3 ? [{ taskKey: 't2' }] : [],
  })),
};

function keyOf(id: string): string {
  return Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
}

function watchedThings(ids: {
  readonly execution: string;
  readonly entity: string;
  readonly assignees: readonly string[];
}): Watched[] {
  const text =
    (field: string, object = '') =>
    (after: string) =>
      `subscription { event: ${field} after: "${after}") { cursor version subjectId ${object} } }`;
  return [
    {
      name: 'execution',
      text: text(`executionEvents(executionId: "${ids.execution}"`, 'task { id version }'),
      sql: 'execution_id = any($3::uuid[])',
      keys: [keyOf(ids.execution)],
    },
    {
      name: 'entity',
      text: text(`entityEvents(entityId: "${ids.entity}"`),
      sql: 'entity_ids && $3::uuid[]',
      keys: [keyOf(ids.entity)],
    },
    {
      name: 'inbox',
      text: text('inboxEvents('),
      // Notifications have a subscription of their own.
      sql: `audience && $3::uuid[] and subject_type <> 'NOTIFICATION'`,
      keys: ids.assignees.map(keyOf),
    },
  ];
}

/** Makes it all through the API. */
export async function makeWorld(url: string, secret: string): Promise<World> {
  const admin = await signIn(url, secret, 'admin', ['admin']);
  const watcher = await signIn(url, secret, 'watcher');
  const { viewer } = await watcher.ask<{ viewer: { id: string } }>('{ viewer { id } }');
  const { team } = await required(
    mutate<{ team: { id: string } }>(
      admin,
      'createTeam',
      { name: 'Fitters', memberIds: [viewer.id] },
      'team { id }',
    ),
  );
  const { definition } = await required(
    mutate<{ definition: { id: string } }>(
      admin,
      'createDefinition',
      { content: CONTENT },
      'definition { id }',
    ),
  );
  await required(mutate(admin, 'publishDefinition', { definitionId: definition.id }, 'position'));
  const makeEntity = async (title: string): Promise<string> => {
    const input = { schema: 'opportunity', title };
    const { entity } = await required(
      mutate<{ entity: { id: string } }>(admin, 'createEntity', input, 'entity { id }'),
    );
    return entity.id;
  };
  const [roof, wall] = [await makeEntity('Roof'), await makeEntity('Wall')];
  let position = '';
  const start = async (
    entityId: string,
    contextEntityIds: readonly string[] = [],
  ): Promise<KnownExecution> => {
    const { execution, ...payload } = await required(
      mutate<{
        position: string;
        execution: { id: string; tasks: readonly { id: string; status: string; version: number }[] };
      }>(
        admin,
        'startExecution',
        { definitionId: definition.id, entityId, contextEntityIds },
        'position execution { id tasks { id status version } }',
      ),
    );
    ({ position } = payload);
    return { id: execution.id, tasks: execution.tasks.map((task) => ({ ...task, isManual: false })) };
  };
  const first = await start(roof);
  const others = [await start(roof), await start(wall, [roof]), await start(wall), await start(wall)];
  return {
    executions: [first, ...others],
    assigneeIds: [viewer.id, team.id],
    watcher,
    watched: watchedThings({ execution: first.id, entity: roof, assignees: [viewer.id, team.id] }),
    position,
  };
}
