/**
 * The demo organization: a utility company with its people, entities, workflows and running executions, made through the product's
 * own commands from the files in `demo/`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { changeClosingReason, createClosingReason } from '../src/commands/closing-reasons.ts';
import { publishDefinition } from '../src/commands/definitions-life.ts';
import { importDefinition } from '../src/commands/definitions.ts';
import { createEntity } from '../src/commands/entities.ts';
import { updateOrganization } from '../src/commands/organization.ts';
import { createTeam } from '../src/commands/teams.ts';
import { createUser, updateUser } from '../src/commands/users.ts';
import type { Role, Viewer } from '../src/commands/viewer.ts';
import type { Database } from '../src/store/database.ts';
import { renameOrganization } from '../src/store/organizations.ts';
import { provisionViewer, readViewer } from '../src/store/viewers.ts';
import { must } from './must.ts';
import { playExecutions, type ExecutionPlan } from './seed-executions.ts';

/** The demo organization's external id: the `org` claim of demo tokens. */
export const DEMO_ORGANIZATION = 'demo';
/** Who sets everything up, and whom GraphiQL is signed in as. */
export const DEMO_ADMIN = 'anna';

const TIME_ZONE = 'Europe/Berlin';
const folder = join(import.meta.dirname, 'demo');

/** Somebody in `demo/people.json`. */
export interface DemoPerson {
  readonly externalId: string;
  readonly name: string;
  readonly email: string;
  readonly kind: 'INTERNAL' | 'PARTNER';
  readonly company: string | null;
  readonly roles: readonly Role[];
  readonly teams: readonly string[];
}

interface DemoReason {
  readonly title: string;
  readonly status?: 'ACTIVE' | 'INACTIVE';
}

interface DemoEntity {
  readonly ref: string;
  readonly schema: string;
  readonly title: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

async function readDemo<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as T;
}

/** The people of the demo organization. */
export async function readDemoPeople(): Promise<readonly DemoPerson[]> {
  return readDemo<DemoPerson[]>('people');
}

/** The demo definitions' JSON documents, by file name without `.json`. */
export async function readDemoDefinitions(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(join(folder, 'definitions'))).filter((file) => file.endsWith('.json')).sort();
  const documents = await Promise.all(
    files.map((file) => readFile(join(folder, 'definitions', file), 'utf8')),
  );
  return new Map(files.map((file, index) => [basename(file, '.json'), documents[index] ?? '']));
}

/** Makes an organization with this external id from the demo files. `now` is the end of its story. */
export async function seedOrganization(database: Database, externalId: string, now: Date): Promise<void> {
  const people = await readDemoPeople();
  const first = people.find((person) => person.externalId === DEMO_ADMIN);
  if (!first) throw new Error(`${DEMO_ADMIN} is not in people.json`);
  await provisionViewer(database, {
    organizationExternalId: externalId,
    organizationName: 'Stadtwerke Lindental',
    timeZone: TIME_ZONE,
    userExternalId: first.externalId,
    userName: first.name,
    kind: first.kind,
  });
  const row = await readViewer(database, externalId, first.externalId);
  if (!row) throw new Error('the organization was not made');
  const admin: Viewer = { ...row, roles: ['admin'], expiresAt: null };
  const caller = { database, viewer: admin, clock: () => new Date(now.getTime() - 60 * 24 * 60 * 60 * 1000) };

  await must(updateOrganization(caller, { holidayRegion: 'DE-NW' }));
  await must(updateUser(caller, { id: admin.userId, email: first.email }));
  const userIds = new Map([[first.externalId, admin.userId]]);
  for (const { externalId: id, name, email, kind, company } of people.filter((person) => person !== first)) {
    userIds.set(id, await must(createUser(caller, { externalId: id, name, email, kind, company })));
  }
  for (const name of new Set(people.flatMap(({ teams }) => teams))) {
    const members = people.filter(({ teams }) => teams.includes(name));
    await must(
      createTeam(caller, { name, memberIds: members.flatMap(({ externalId: id }) => userIds.get(id) ?? []) }),
    );
  }
  for (const { title, status } of await readDemo<DemoReason[]>('closing-reasons')) {
    const id = await must(createClosingReason(caller, { title }));
    if (status === 'INACTIVE') await must(changeClosingReason(caller, { id, status }));
  }
  const entityIds = new Map<string, string>();
  for (const { ref, schema, title, attributes } of await readDemo<DemoEntity[]>('entities')) {
    entityIds.set(ref, await must(createEntity(caller, { schema, title, attributes })));
  }
  const definitionIds = new Map<string, string>();
  for (const [name, document] of await readDemoDefinitions()) {
    const { definitionId } = await must(importDefinition(caller, { document }));
    await must(publishDefinition(caller, { definitionId }));
    definitionIds.set(name, definitionId);
  }
  const viewers = new Map<string, Viewer>();
  for (const { externalId: id, roles } of people) {
    const found = await readViewer(database, externalId, id);
    if (found) viewers.set(id, { ...found, roles, expiresAt: null });
  }
  const plans = await readDemo<ExecutionPlan[]>('executions');
  await playExecutions(plans, { database, viewers, entityIds, definitionIds, now });
}

/**
 * Makes the demo organization unless it is there. It gets its external id only when it is complete, so a start that was cut off leaves nothing
 * half-made behind that anybody could see. Answers whether it was made.
 */
export async function seedDemo(database: Database, now: Date): Promise<boolean> {
  if (await readViewer(database, DEMO_ORGANIZATION, DEMO_ADMIN)) return false;
  const draft = `${DEMO_ORGANIZATION}-${uuidv7()}`;
  await seedOrganization(database, draft, now);
  await renameOrganization(database, draft, DEMO_ORGANIZATION);
  return true;
}
