/**
 * The demo organization: a utility company with its people, entities, workflows and running executions, made through the product's
 * own commands from the files in `demo/`.
 */
import { v7 as uuidv7 } from 'uuid';
import { changeClosingReason, createClosingReason } from '../src/commands/closing-reasons.ts';
import { createAbsence } from '../src/commands/absences.ts';
import { publishDefinition } from '../src/commands/definitions-life.ts';
import { importDefinition } from '../src/commands/definitions.ts';
import { createEntity } from '../src/commands/entities.ts';
import type { Caller } from '../src/commands/execute.ts';
import { updateOrganization } from '../src/commands/organization.ts';
import { createTeam } from '../src/commands/teams.ts';
import { createUser, updateUser } from '../src/commands/users.ts';
import type { Role, Viewer } from '../src/commands/viewer.ts';
import { notify } from '../src/reactions/notify.ts';
import { react } from '../src/reactions/react.ts';
import type { Database } from '../src/store/database.ts';
import { renameOrganization } from '../src/store/organizations.ts';
import { provisionViewer, readViewer } from '../src/store/viewers.ts';
import { readDemo, readDemoFolder } from './demo-files.ts';
import { must } from './must.ts';
import { createDemoAutomations, publishDemoAutomations, startDemoRuns } from './seed-automations.ts';
import { createDemoJourneys } from './seed-journeys.ts';
import { playExecutions, type ExecutionPlan } from './seed-executions.ts';

/** The demo organization's external id: the `org` claim of demo tokens. */
export const DEMO_ORGANIZATION = 'demo';
/** Who sets everything up, and whom GraphiQL is signed in as. */
export const DEMO_ADMIN = 'anna';

const TIME_ZONE = 'Europe/Berlin';

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

/** The people of the demo organization. */
export async function readDemoPeople(): Promise<readonly DemoPerson[]> {
  return readDemo<DemoPerson[]>('people');
}

/** The demo definitions' JSON documents, by file name without `.json`. */
export async function readDemoDefinitions(): Promise<ReadonlyMap<string, string>> {
  return readDemoFolder('definitions');
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
  const row = await readViewer(database, externalId, first.externalId, now.toISOString());
  if (!row) throw new Error('the organization was not made');
  const admin: Viewer = { ...row, roles: ['admin'], expiresAt: null };
  const caller = { database, viewer: admin, clock: () => new Date(now.getTime() - 60 * 24 * 60 * 60 * 1000) };

  await must(updateOrganization(caller, { holidayRegion: 'DE-NW' }));
  await must(updateUser(caller, { id: admin.userId, email: first.email }));
  const userIds = new Map([[first.externalId, admin.userId]]);
  for (const { externalId: id, name, email, kind, company } of people.filter((person) => person !== first)) {
    userIds.set(id, await must(createUser(caller, { externalId: id, name, email, kind, company })));
  }
  const teamIds = new Map<string, string>();
  for (const name of new Set(people.flatMap(({ teams }) => teams))) {
    const members = people.filter(({ teams }) => teams.includes(name));
    const memberIds = members.flatMap(({ externalId: id }) => userIds.get(id) ?? []);
    teamIds.set(name, await must(createTeam(caller, { name, memberIds })));
  }
  for (const { title, status } of await readDemo<DemoReason[]>('closing-reasons')) {
    const id = await must(createClosingReason(caller, { title }));
    if (status === 'INACTIVE') await must(changeClosingReason(caller, { id, status }));
  }
  const entityIds = new Map<string, string>();
  for (const { ref, schema, title, attributes } of await readDemo<DemoEntity[]>('entities')) {
    entityIds.set(ref, await must(createEntity(caller, { schema, title, attributes })));
  }
  const automationIds = await createDemoAutomations(caller);
  await createDemoJourneys(caller);
  const definitionIds = new Map<string, string>();
  for (const [name, document] of await readDemoDefinitions()) {
    const { definitionId } = await must(importDefinition(caller, { document }));
    await must(publishDefinition(caller, { definitionId }));
    definitionIds.set(name, definitionId);
  }
  const emails = people.map(({ email, externalId: id }) => [email, userIds.get(id) ?? ''] as const);
  await publishDemoAutomations(caller, automationIds, {
    user: new Map(emails),
    team: teamIds,
    definition: definitionIds,
  });
  const viewers = new Map<string, Viewer>();
  for (const { externalId: id, roles } of people) {
    const found = await readViewer(database, externalId, id, now.toISOString());
    if (found) viewers.set(id, { ...found, roles, expiresAt: null });
  }
  const plans = await readDemo<ExecutionPlan[]>('executions');
  await playExecutions(plans, { database, viewers, entityIds, definitionIds, now });
  await tellPeople(database, admin, now);
  await planAbsence({ ...caller, clock: () => now }, userIds);
  await startDemoRuns({ ...caller, clock: () => now }, automationIds, entityIds);
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Somebody will be out of office in two weeks, and has named who stands in. */
async function planAbsence(caller: Caller, userIds: ReadonlyMap<string, string>): Promise<void> {
  const dayIn = (days: number) =>
    new Date(caller.clock().getTime() + days * DAY_MS).toISOString().slice(0, 10);
  await must(
    createAbsence(caller, {
      userId: userIds.get('sofia') ?? '',
      ...{ firstDay: dayIn(14), lastDay: dayIn(25), note: 'On holiday.' },
      substituteIds: ['lena', 'paul'].flatMap((id) => userIds.get(id) ?? []),
    }),
  );
}

/** Of the story people are told, but it sets no automation off: that was before them. */
async function tellPeople(database: Database, { organizationId }: Viewer, now: Date): Promise<void> {
  const told = { database, clock: () => now };
  while (await react(told, organizationId, { reactions: [notify] }));
}

/**
 * Makes the demo organization unless it is there. It gets its external id only when it is complete, so a start that was cut off leaves nothing
 * half-made behind that anybody could see. Answers whether it was made.
 */
export async function seedDemo(database: Database, now: Date): Promise<boolean> {
  if (await readViewer(database, DEMO_ORGANIZATION, DEMO_ADMIN, now.toISOString())) return false;
  const draft = `${DEMO_ORGANIZATION}-${uuidv7()}`;
  await seedOrganization(database, draft, now);
  await renameOrganization(database, draft, DEMO_ORGANIZATION);
  return true;
}
