/** The starting of the runs, by many at once, in three ways: by a call, by what happens to an entity, by a task. */
import type { Chance } from '../chance.ts';
import { mutate, type Person } from '../client.ts';
import type { Origin } from './findings.ts';
import { keyOf } from '../live/tenant.ts';
import type { World } from './world.ts';

export interface StartsOptions {
  readonly people: readonly Person[];
  readonly world: World;
  readonly chance: Chance;
  /** How many. */
  readonly runs: number;
  readonly onStarted: () => void;
}

/** What one of the starts asks for. */
interface Command {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What to read of the answer, and how the run can be told by it. */
  readonly selection: string;
  readonly origin: (payload: unknown) => Origin;
}

/** What the sign-in answers for a command whose answer was lost. */
const LOST = 'VERSION_CONFLICT';

/** Answers, when all are started, how each run can be told. */
export async function startRuns(options: StartsOptions): Promise<readonly Origin[]> {
  const { people, world, chance, runs, onStarted } = options;
  const started: Origin[] = [];

  function command(number: number): Command {
    const automation = chance.pick(world.automations);
    const entityId = chance.pick(world.entityIds);
    const draw = chance.below(10);
    const idempotencyKey = `start ${number}`;
    if (draw < 5)
      return {
        name: 'startAutomationRun',
        input: { automationId: automation.id, entityId, data: { number }, idempotencyKey },
        selection: 'run { id }',
        origin: () => ({ kind: 'API', key: String(number) }),
      };
    if (draw < 8)
      return {
        name: 'createEntity',
        input: { schema: automation.schema, title: `Case ${number}`, idempotencyKey },
        selection: 'entity { id }',
        origin: (payload) => ({
          kind: 'EVENT',
          key: keyOf((payload as { readonly entity: { readonly id: string } }).entity.id),
        }),
      };
    return {
      name: 'startExecution',
      input: { definitionId: automation.definitionId, entityId, name: `Case ${number}`, idempotencyKey },
      selection: 'execution { id }',
      origin: (payload) => ({
        kind: 'TASK',
        key: keyOf((payload as { readonly execution: { readonly id: string } }).execution.id),
      }),
    };
  }

  /** Asks again, with the same key, as long as the answer is lost: it may have been done. */
  async function start(person: Person, { name, input, selection, origin }: Command): Promise<Origin> {
    for (;;) {
      const { code, payload } = await mutate(person, name, input, selection);
      if (code === undefined) return origin(payload);
      if (code !== LOST) throw new Error(`${name} was refused: ${code}`);
    }
  }

  // Chosen before, so that it does not depend on who is faster.
  const commands = Array.from({ length: runs }, (_, index) => command(index + 1));

  async function starter(person: Person): Promise<void> {
    for (let next = commands.pop(); next; next = commands.pop()) {
      started.push(await start(person, next));
      onStarted();
    }
  }

  await Promise.all(people.map(starter));
  return started;
}
