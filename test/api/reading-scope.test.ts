/** As whom a document is executed for several readers, and that nothing of one of them can be seen by the others. */
import { execute, parse, type GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createContext } from '../../src/graphql/context.ts';
import { dependenceOf, readingScope } from '../../src/graphql/reading-scope.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { silentLog } from '../support/live-fixture.ts';
import { done, start } from '../support/workflows.ts';
import { phased } from '../support/workflow.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

function dependence(text: string) {
  return dependenceOf(schema, parse(text));
}

describe('what a document depends on', () => {
  test.each([
    ['{ viewer { id } }', null],
    ['{ viewer { unreadNotificationCount } }', 'USER'],
    ['subscription { notificationEvents { notification { title } } }', 'USER'],
    ['{ task(id: "1") { name assignees { __typename } } }', null],
    ['{ task(id: "1") { viewerCommands } }', 'TEAMS'],
    ['{ task(id: "1") { deep: phase { tasks { other: viewerCommands } } } }', 'TEAMS'],
    ['{ task(id: "1") { viewerCommands notes { nodes { viewerCanEdit } } } }', 'USER'],
    [
      'query { task(id: "1") { ...Notes } } fragment Notes on Task { notes { nodes { viewerCanEdit } } }',
      'USER',
    ],
    ['{ node(id: "1") { ... on Note { viewerCanEdit } } }', 'USER'],
    ['{ task(id: "1") { viewerCommands @skip(if: true) } }', 'TEAMS'],
  ] as const)('%s: %s', (text, expected) => {
    expect(dependence(text)).toBe(expected);
  });
});

describe('a shared execution', () => {
  const anyone = (): Viewer => readingScope(api.member, null).viewer;

  test('has no reader to ask for', () => {
    expect(() => anyone().userId).toThrow('who is reading');
    expect(() => anyone().name).toThrow('who is reading');
    expect(() => anyone().teamIds).toThrow('teams');
    expect(() => anyone().standsInFor).toThrow('stands in');
    expect(readingScope(api.member, 'TEAMS').viewer.teamIds).toEqual(api.member.teamIds);
    expect(() => readingScope(api.member, 'TEAMS').viewer.userId).toThrow('who is reading');
  });

  test('fails in a field that asks who is reading without saying so, and in no other', async () => {
    const running = await start(api, phased('first: a'));
    const taskId = running.task('a');
    await done(api, api.member, 'addNote', { taskId, body: 'Who?' });
    const document = parse(
      'query ($id: ID!) { task(id: $id) { name viewerCommands notes { nodes { body viewerCanEdit } } } }',
    );
    const executed = await execute({
      schema,
      document,
      variableValues: { id: taskId },
      contextValue: createContext(
        { database: api.database, live: api.live, clock: () => api.clock.now(), log: silentLog },
        anyone(),
      ),
    });
    expect(executed.errors?.map(({ path, message }) => [path?.join('.'), message])).toEqual([
      ['task.notes.nodes.0.viewerCanEdit', expect.stringContaining('must say dependsOn')],
    ]);
  });

  test('is never for a partner', () => {
    const { isShared, viewer } = readingScope(api.partner, null);
    expect([isShared, viewer]).toEqual([false, api.partner]);
  });

  test('is for those with the same roles in the same organization and time zone', () => {
    const keyOf = (changes: Partial<Viewer>): string => readingScope({ ...api.member, ...changes }, null).key;
    const own = keyOf({});
    expect(keyOf({ userId: 'other', name: 'other', teamIds: ['one'], expiresAt: 1 })).toBe(own);
    for (const changes of [
      { roles: ['admin'] },
      { roles: ['member', 'designer'] },
      { organizationId: api.otherAdmin.organizationId },
      { timeZone: 'Asia/Tokyo' },
    ] as const)
      expect(keyOf(changes)).not.toBe(own);
    expect(keyOf({ roles: ['designer', 'member'] })).toBe(keyOf({ roles: ['member', 'designer'] }));
  });

  test('is for those in the same teams where these matter, and for one alone where they do', () => {
    const keyOf = (changes: Partial<Viewer>, depends: 'TEAMS' | 'USER'): string =>
      readingScope({ ...api.member, ...changes }, depends).key;
    expect(keyOf({ userId: 'other', teamIds: ['b', 'a'] }, 'TEAMS')).toBe(
      keyOf({ teamIds: ['a', 'b'] }, 'TEAMS'),
    );
    expect(keyOf({ teamIds: ['a'] }, 'TEAMS')).not.toBe(keyOf({ teamIds: ['a', 'b'] }, 'TEAMS'));
    expect(keyOf({ userId: 'other' }, 'USER')).not.toBe(keyOf({}, 'USER'));
  });
});

test('fields that are called after the viewer depend on nothing but what they say, and roles', () => {
  const called = Object.values(schema.getTypeMap()).flatMap((type) =>
    'getFields' in type && 'getInterfaces' in type
      ? Object.values((type as GraphQLObjectType).getFields())
          .filter(({ name }) => name.startsWith('viewer'))
          .map(
            (field) =>
              `${type.name}.${field.name} ${(field.extensions['dependsOn'] as string | undefined) ?? 'ROLES'}`,
          )
      : [],
  );
  expect(called.sort()).toEqual([
    'AutomationRun.viewerCanCancel ROLES',
    'AutomationRun.viewerCanRetry ROLES',
    'Note.viewerCanEdit USER',
    'Query.viewer ROLES',
    'Task.viewerActsFor USER',
    'Task.viewerCommands TEAMS',
    'WorkflowExecution.viewerCanAddTask ROLES',
    'WorkflowExecution.viewerCanClose ROLES',
    'WorkflowExecution.viewerCanReopen ROLES',
  ]);
});
