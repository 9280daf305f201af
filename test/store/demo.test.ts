import { afterAll, beforeAll, expect, test } from 'vitest';
import { pino } from 'pino';
import { DEMO_ADMIN, DEMO_ORGANIZATION, readDemoPeople, seedDemo } from '../../prisma/seed.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { readViewer } from '../../src/store/viewers.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
let database: Database;
const now = new Date('2026-03-02T09:00:00.000Z');

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { connectionString } = testDatabase;
  database = openDatabase({ connectionString, poolSize: 5, log: pino({ level: 'silent' }) });
  await seedDemo(database, now);
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await testDatabase[Symbol.asyncDispose]();
});

async function organizationId(): Promise<string> {
  const admin = await readViewer(database, DEMO_ORGANIZATION, DEMO_ADMIN, new Date().toISOString());
  if (!admin) throw new Error('there is no demo organization');
  return admin.organizationId;
}

test('everybody in the demo files is a user, in their teams', async () => {
  const people = await readDemoPeople();
  const users = await database.prisma.user.findMany({
    where: { organizationId: await organizationId() },
    include: { memberships: { include: { team: true } } },
  });
  const found = users.map(({ externalId, memberships }) => [
    externalId,
    memberships.map(({ team }) => team.name).sort(),
  ]);
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(people.map(({ externalId, teams }) => [externalId, [...teams].sort()])),
  );
});

test('there are executions in every state, and tasks in every status', async () => {
  const where = { organizationId: await organizationId() };
  const executions = await database.prisma.execution.groupBy({ by: ['status'], where });
  expect(executions.map(({ status }) => status).sort()).toEqual(['CLOSED', 'DONE', 'STARTED']);
  const tasks = await database.prisma.task.groupBy({ by: ['status'], where });
  expect(tasks.map(({ status }) => status).sort()).toEqual([
    'COMPLETED',
    'CONDITION_PENDING',
    'IN_PROGRESS',
    'ON_HOLD',
    'PENDING',
    'SCHEDULED',
    'SKIPPED',
    'WAITING_FOR_CONFIRMATION',
  ]);
});

test('the automations are published, and the story has set none of them off', async () => {
  const where = { organizationId: await organizationId() };
  const automations = await database.prisma.automation.findMany({ where });
  expect(automations.map(({ name, publishedNumber }) => [name, publishedNumber]).sort()).toEqual([
    ['Confirm the order by e-mail', 1],
    ['Grid registration', 1],
    ['Order from a signed offer', 1],
    ['Prepare the offer', 1],
  ]);
  const runs = await database.prisma.automationRun.findMany({ where });
  expect(runs.map(({ trigger }) => trigger)).toEqual([
    { type: 'MANUAL', eventSeq: null },
    { type: 'MANUAL', eventSeq: null },
  ]);
});

test('people have been told of what concerns them', async () => {
  const kinds = await database.prisma.notification.groupBy({
    by: ['kind'],
    where: { organizationId: await organizationId() },
  });
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(['ASSIGNMENT', 'INVITATION', 'MENTION']);
});

test('nothing of the story lies in the future', async () => {
  const { _max } = await database.prisma.event.aggregate({
    where: { organizationId: await organizationId() },
    _max: { at: true },
  });
  expect(_max.at?.getTime()).toBeLessThanOrEqual(now.getTime());
});

test('a second start leaves the demo organization as it is', async () => {
  const before = await database.prisma.event.count();
  expect(await seedDemo(database, new Date('2026-04-01T09:00:00.000Z'))).toBe(false);
  expect(await database.prisma.event.count()).toBe(before);
});
