/** Starting an execution while its definition is being changed: what the log says must be possible. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveDefinitionDraft } from '../../src/commands/definitions.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { definition, phased } from '../support/workflow.ts';
import { command, entity, keyOf, publish, type Answered } from '../support/workflows.ts';
import { eventually } from '../support/eventually.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function waiting(): Promise<number> {
  const { rows } = await api.database.pool.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}

/** Gives the commands one after the other, each once the one before it has done everything but write to the log. */
async function upToTheLog(commands: readonly (() => Promise<Answered>)[]): Promise<Answered[]> {
  const holder = await api.database.pool.connect();
  await holder.query('begin');
  await holder.query('select 1 from event_counter where organization_id = $1 for update', [
    api.admin.organizationId,
  ]);
  const answers: Promise<Answered>[] = [];
  for (const give of commands) {
    answers.push(give());
    await eventually(async () => {
      expect(await waiting()).toBe(answers.length);
    });
  }
  await holder.query('commit');
  holder.release();
  return Promise.all(answers);
}

async function typesAbout(definitionId: string, entityId: string): Promise<string[]> {
  const events = await api.events(api.admin);
  const isAbout = (event: (typeof events)[number]): boolean =>
    event.subjectId === keyOf(definitionId) ||
    (event.type === 'EXECUTION_STARTED' && event.entityIds.includes(keyOf(entityId)));
  return events.filter(isAbout).map(({ type }) => type);
}

test.each([
  ['disableDefinition', 'DEFINITION_DISABLED'],
  ['archiveDefinition', 'DEFINITION_ARCHIVED'],
])('a start that meets %s is refused, and not in the log after it', async (mutation, type) => {
  const input = { definitionId: await publish(api, phased('first: a')), entityId: await entity(api) };
  const [changed, started] = await upToTheLog([
    () => command(api, api.designer, mutation, { definitionId: input.definitionId }),
    () => command(api, api.member, 'startExecution', input),
  ]);
  expect(changed?.__typename).toMatch(/Payload$/);
  expect(started?.__typename).toBe('DefinitionNotStartableProblem');
  expect((await typesAbout(input.definitionId, input.entityId)).at(-1)).toBe(type);
});

test('a definition is disabled after the start that was there first', async () => {
  const input = { definitionId: await publish(api, phased('first: a')), entityId: await entity(api) };
  const answers = await upToTheLog([
    () => command(api, api.member, 'startExecution', input),
    () => command(api, api.designer, 'disableDefinition', { definitionId: input.definitionId }),
  ]);
  expect(answers.map(({ __typename }) => __typename)).toEqual([
    'StartExecutionPayload',
    'DisableDefinitionPayload',
  ]);
  expect((await typesAbout(input.definitionId, input.entityId)).slice(-2)).toEqual([
    'EXECUTION_STARTED',
    'DEFINITION_DISABLED',
  ]);
});

test('a start that meets a publication starts the version that has just been published', async () => {
  const input = { definitionId: await publish(api, phased('first: a')), entityId: await entity(api) };
  const saved = await saveDefinitionDraft(api.context(api.designer), {
    definitionId: keyOf(input.definitionId),
    content: definition(phased('first: b')),
  });
  expect(saved.ok).toBe(true);
  const [, started] = await upToTheLog([
    () => command(api, api.designer, 'publishDefinition', { definitionId: input.definitionId }),
    () => command(api, api.member, 'startExecution', input),
  ]);
  expect(started?.execution?.tasks.map(({ name }) => name)).toEqual(['b']);
});
