/** The demo organization's automations, made through the product's own commands from `demo/automations/` and `demo/webhook-endpoints.json`. */
import { publishAutomation } from '../src/automation/automations-life.ts';
import { createAutomation, saveAutomationDraft } from '../src/automation/automations.ts';
import type { AutomationContent } from '../src/automation/content.ts';
import { startRun } from '../src/commands/automation-runs.ts';
import type { Caller } from '../src/commands/execute.ts';
import { createEndpoint, disableEndpoint } from '../src/commands/webhook-endpoints.ts';
import { readDemo, readDemoFolder } from './demo-files.ts';
import { must } from './must.ts';

interface DemoEndpoint {
  readonly name: string;
  readonly url: string;
  readonly isEnabled: boolean;
}

/** Keys by what the files call things: users by e-mail address, teams and endpoints by name, definitions by file name. */
export interface Directory {
  readonly user: ReadonlyMap<string, string>;
  readonly team: ReadonlyMap<string, string>;
  readonly definition: ReadonlyMap<string, string>;
}

const STORED = {
  user: (id: string) => ({ type: 'USER', id }),
  team: (id: string) => ({ type: 'TEAM', id }),
  definition: (id: string) => id,
  endpoint: (id: string) => id,
} as const;

type Kind = keyof typeof STORED;

/** `{ "team": "Planning" }` and the like are references; nothing else in the files has one such field only. */
function asReference(value: object): readonly [kind: Kind, name: string] | null {
  const [entry, other] = Object.entries(value);
  if (!entry || other || !(entry[0] in STORED) || typeof entry[1] !== 'string') return null;
  return [entry[0] as Kind, entry[1]];
}

function withKeys(value: unknown, keys: Readonly<Record<Kind, ReadonlyMap<string, string>>>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withKeys(item, keys));
  const reference = asReference(value);
  if (!reference)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withKeys(inner, keys)]));
  const [kind, name] = reference;
  const id = keys[kind].get(name);
  if (id === undefined) throw new Error(`an automation names the ${kind} ${name}, which there is not`);
  return STORED[kind](id);
}

async function readContents(): Promise<readonly AutomationContent[]> {
  const files = await readDemoFolder('automations');
  return [...files.values()].map((text) => JSON.parse(text) as AutomationContent);
}

/** Makes the automations by their names only, so that definitions can name them, which they name in turn. Answers their keys by name. */
export async function createDemoAutomations(caller: Caller): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const { name, description } of await readContents()) {
    const content = { name, description, triggers: [], actions: [], limit: null };
    ids.set(name, await must(createAutomation(caller, { content })));
  }
  return ids;
}

async function createDemoEndpoints(caller: Caller): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const { name, url, isEnabled } of await readDemo<DemoEndpoint[]>('webhook-endpoints')) {
    const { id } = await must(createEndpoint(caller, 'public', { name, url, eventTypes: [], headers: [] }));
    if (!isEnabled) await must(disableEndpoint(caller, { id }));
    ids.set(name, id);
  }
  return ids;
}

/** Gives the automations what they do, and publishes them. */
export async function publishDemoAutomations(
  caller: Caller,
  automationIds: ReadonlyMap<string, string>,
  directory: Directory,
): Promise<void> {
  const keys = { ...directory, endpoint: await createDemoEndpoints(caller) };
  for (const written of await readContents()) {
    // References apart, the files are contents as they are stored.
    const content = withKeys(written, keys) as AutomationContent;
    const automationId = automationIds.get(content.name) ?? '';
    await must(saveAutomationDraft(caller, { automationId, content }));
    await must(publishAutomation(caller, { automationId }));
  }
}

/** One run in `demo/automation-runs.json`. */
interface DemoRun {
  readonly automation: string;
  /** `ref` of the entity. */
  readonly entity: string;
}

/** Runs automations by hand; the worker does what they do once the server is up. */
export async function startDemoRuns(
  caller: Caller,
  automationIds: ReadonlyMap<string, string>,
  entityIds: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { automation, entity } of await readDemo<DemoRun[]>('automation-runs')) {
    const automationId = automationIds.get(automation) ?? '';
    await must(startRun(caller, { automationId, entityId: entityIds.get(entity) ?? null }));
  }
}
