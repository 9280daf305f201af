/** What the runs of the proof are of: automations, workflows, endpoints and entities, made through the API. */
import { mutate, required, type Person } from '../client.ts';
import { actionsOf, planOf, type Task } from './actions.ts';
import { keyOf } from '../live/tenant.ts';
import { FOLLOWED, type Plan } from './findings.ts';
import type { Receivers } from './receivers.ts';

/** An automation that is started in three ways. */
export interface KnownAutomation {
  readonly id: string;
  /** Creating an entity of this schema sets it off. */
  readonly schema: string;
  /** Executions of this definition begin with a task that runs it. */
  readonly definitionId: string;
  readonly isDoomed: boolean;
}

export interface World {
  readonly automations: readonly [KnownAutomation, ...KnownAutomation[]];
  /** On which runs work that bring no entity of their own. */
  readonly entityIds: readonly [string, ...string[]];
  /** Of all automations, by their keys. */
  readonly plans: ReadonlyMap<string, Plan>;
}

/** More runs than a hundred in half a minute would be a runaway; chance makes it a few more than these. */
const RUNS_OF_AUTOMATION = 50;
const RUNS_ON_ENTITY = 25;
const FEWEST_AUTOMATIONS = 20;
const FEWEST_ENTITIES = 5;

/** `CREATE_ENTITY` → `createEntity`: actions are given to the API under such names. */
function fieldOf(type: string): string {
  return type.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function all<T>(items: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error('there is none');
  return [first, ...rest];
}

/** As many automations and entities as so many runs need. */
export async function makeWorld(admin: Person, receivers: Receivers, runs: number): Promise<World> {
  const plans = new Map<string, Plan>();
  const give = <Payload>(name: string, input: Readonly<Record<string, unknown>>, selection: string) =>
    required(mutate<Payload>(admin, name, input, selection));

  async function endpoint(name: string, url: string, eventTypes: readonly string[] = []): Promise<string> {
    const { webhookEndpoint, secret } = await give<{ webhookEndpoint: { id: string }; secret: string }>(
      'createWebhookEndpoint',
      { name, url, eventTypes },
      'webhookEndpoint { id } secret',
    );
    receivers.trust(url, secret);
    return webhookEndpoint.id;
  }

  /** With one task, which runs the automation or is for people. */
  async function definition(name: string, automationId: string | null): Promise<string> {
    const automation = automationId === null ? {} : { type: 'AUTOMATION', automation: { automationId } };
    const content = {
      name,
      triggers: [{ type: 'MANUAL' }, { type: 'AUTOMATION' }],
      tasks: [{ key: 'work', name: 'Work', ...automation }],
    };
    const made = await give<{ definition: { id: string } }>(
      'createDefinition',
      { content },
      'definition { id }',
    );
    await give('publishDefinition', { definitionId: made.definition.id }, 'position');
    return made.definition.id;
  }

  async function automation(name: string, schema: string, task: Task): Promise<string> {
    const content = {
      name,
      triggers: [{ type: 'API' }, { type: 'ENTITY_CREATED', entitySchema: schema }],
      actions: actionsOf(task).map(({ key, type, config }) => ({ key, [fieldOf(type)]: config })),
    };
    const made = await give<{ automation: { id: string } }>(
      'createAutomation',
      { content },
      'automation { id }',
    );
    await give('publishAutomation', { automationId: made.automation.id }, 'position');
    plans.set(keyOf(made.automation.id), planOf(task));
    return made.automation.id;
  }

  const endpointId = await endpoint('Receiver', receivers.url);
  const brokenId = await endpoint('Broken receiver', receivers.brokenUrl);
  await endpoint('Follower', receivers.followerUrl, [FOLLOWED.subscription]);
  const plain = await definition('For people', null);

  /** One in five waits, one in ten sets another automation off, one in twenty is doomed. */
  async function known(index: number): Promise<KnownAutomation> {
    const schema = `case_${index}`;
    const isDoomed = index % 20 === 2;
    const common = { definitionId: plain, isDoomed: false, waits: false, endpointId };
    const isChain = index % 10 === 0;
    const definitionId = isChain
      ? await definition(`Chain ${index}`, await automation(`Second ${index}`, `none_${index}`, common))
      : plain;
    const task = {
      ...common,
      definitionId,
      isDoomed,
      waits: index % 5 === 1,
      endpointId: isDoomed ? brokenId : endpointId,
    };
    const id = await automation(`Automation ${index}`, schema, task);
    return { id, schema, isDoomed, definitionId: await definition(`Case ${index}`, id) };
  }

  const automations: KnownAutomation[] = [];
  const count = Math.max(FEWEST_AUTOMATIONS, Math.ceil(runs / RUNS_OF_AUTOMATION));
  for (let index = 0; index < count; index += 1) automations.push(await known(index));
  const entityIds: string[] = [];
  const places = Math.max(FEWEST_ENTITIES, Math.ceil(runs / RUNS_ON_ENTITY));
  for (let index = 0; index < places; index += 1) {
    const input = { schema: 'place', title: `Place ${index}` };
    const { entity } = await give<{ entity: { id: string } }>('createEntity', input, 'entity { id }');
    entityIds.push(entity.id);
  }
  return { automations: all(automations), entityIds: all(entityIds), plans };
}
