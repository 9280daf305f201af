import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { DEFINITION_DOCUMENTS } from '../support/definition-documents.ts';
import { changed, mutate, someContent } from '../support/definitions.ts';
import { graphql } from '../support/generated/gql.ts';
import type {
  DefinitionContentInput,
  EdgeDefinitionInput,
  NodeReferenceInput,
  TaskDefinitionInput,
} from '../support/generated/graphql.ts';
import { issuesOf, ofType, present } from '../support/typed.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const VALIDATE = graphql(`
  query DefinitionBadInputValidate($input: DefinitionContentInput!) {
    validateDefinition(input: $input) {
      severity
      code
      path
    }
  }
`);

async function errorsOf(content: DefinitionContentInput): Promise<string[]> {
  const { validateDefinition } = await api.data(api.member, VALIDATE, { input: content });
  return present(validateDefinition)
    .filter(({ severity }) => severity === 'ERROR')
    .map(({ code, path }) => `${code} ${path}`);
}

const tasks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `t${index}`, name: `Task ${index}` }));
const two = (first: Partial<TaskDefinitionInput>, second: Partial<TaskDefinitionInput> = {}) =>
  someContent({
    tasks: [
      { key: 'a', name: 'A', ...first },
      { key: 'b', name: 'B', ...second },
    ],
  });
const needs = (...keys: string[]) => ({ requirements: keys.map((taskKey) => ({ taskKey })) });
const edge = (from: string, to: string): EdgeDefinitionInput => ({
  from: { taskKey: from },
  to: { taskKey: to },
});

describe('A draft with errors is saved, not published, and its issues are the same from validation:', () => {
  const cases: [what: string, content: DefinitionContentInput, issues: string[]][] = [
    ['no task', someContent({ tasks: [] }), ['NO_TASKS tasks']],
    ['an empty task name', two({ name: ' ' }), ['EMPTY_NAME tasks[0].name']],
    ['a task name of 10,000 characters', two({ name: 'x'.repeat(10_000) }), ['TOO_LONG tasks[0].name']],
    ['an empty key', two({ key: '' }), ['EMPTY_KEY tasks[0].key']],
    ['one key for two tasks', two({ key: 'b' }), ['DUPLICATE_KEY tasks[1].key']],
    ['a task that requires itself', two(needs('a')), ['SELF_REQUIREMENT tasks[0].requirements[0]']],
    [
      'circular requirements',
      two(needs('b'), needs('a')),
      ['CIRCULAR_REQUIREMENTS tasks[0].requirements[0]'],
    ],
    ['a task that does not exist', two(needs('z')), ['UNKNOWN_TASK tasks[0].requirements[0]']],
    ['a phase that does not exist', two({ phaseKey: 'z' }), ['UNKNOWN_PHASE tasks[0].phaseKey']],
    ['a circle of edges', { ...two({}), edges: [edge('a', 'b'), edge('b', 'a')] }, ['CYCLE edges[0]']],
    [
      'a user who does not exist',
      two({ assignees: [encodeId('User', randomUUID())] }),
      ['UNKNOWN_USER tasks[0].assignees[0]'],
    ],
    [
      'a team that does not exist',
      two({ assignees: [encodeId('Team', randomUUID())] }),
      ['UNKNOWN_TEAM tasks[0].assignees[0]'],
    ],
    [
      'a closing reason that does not exist',
      someContent({ closingReasonIds: [encodeId('ClosingReason', randomUUID())] }),
      ['UNKNOWN_CLOSING_REASON closingReasonIds[0]'],
    ],
    ['more than 1,000 tasks', someContent({ tasks: tasks(1_001) }), ['TOO_MANY tasks']],
  ];

  test.each(cases)('%s', async (_what, content, issues) => {
    const definition = await changed(api, api.designer, 'createDefinition', { content });
    const answer = await mutate(api, api.designer, 'publishDefinition', { definitionId: definition.id });
    const errors = definition.issues.filter(({ severity }) => severity === 'ERROR');
    expect(errors.map(({ code, path }) => `${code} ${path}`)).toEqual(issues);
    expect(await errorsOf(content)).toEqual(issues);
    expect(answer.__typename).toBe('DefinitionInvalidProblem');
  });

  test('a user of another organization', async () => {
    expect(await errorsOf(two({ assignees: [encodeId('User', api.otherAdmin.userId)] }))).toEqual([
      'UNKNOWN_USER tasks[0].assignees[0]',
    ]);
  });

  test('an inactive user, an inactive closing reason', async () => {
    const { id: userId } = await api.database.prisma.user.findFirstOrThrow({
      where: { externalId: 'partner' },
    });
    const reasonId = randomUUID();
    const { organizationId } = api.admin;
    await api.database.prisma.user.updateMany({ where: { id: userId }, data: { isActive: false } });
    await api.database.prisma.closingReason.create({
      data: { organizationId, id: reasonId, title: 'Out of use', status: 'INACTIVE' },
    });
    const content = someContent({
      assignees: [encodeId('User', userId)],
      closingReasonIds: [encodeId('ClosingReason', reasonId)],
    });
    expect(await errorsOf(content)).toEqual([
      'UNKNOWN_USER assignees[0]',
      'UNKNOWN_CLOSING_REASON closingReasonIds[0]',
    ]);
  });
});

test('A chain of 1,000 tasks is published', async () => {
  const edges = tasks(1_000)
    .slice(1)
    .map((_, index) => edge(`t${index}`, `t${index + 1}`));
  const content = someContent({ tasks: tasks(1_000), edges });
  const { id } = await changed(api, api.designer, 'createDefinition', { content });
  const answer = await mutate(api, api.designer, 'publishDefinition', { definitionId: id });
  expect(ofType(answer, 'PublishDefinitionPayload').published.number).toBe(1);
});

describe('Refused, with nothing changed:', () => {
  const node = (ref: NodeReferenceInput) => two({ requirements: [ref] });
  test.each<[what: string, content: DefinitionContentInput, path: string, code: string]>([
    ['an empty name', someContent({ name: '  ' }), 'content.name', 'EMPTY'],
    ['a name of 10,000 characters', someContent({ name: 'x'.repeat(10_000) }), 'content.name', 'TOO_LONG'],
    ['a NUL character', someContent({ description: 'a\0b' }), 'content.description', 'INVALID_CHARACTER'],
    ['half a character', two({ labels: ['\udc00'] }), 'content.tasks[0].labels[0]', 'INVALID_CHARACTER'],
    ['an assignee without an id', two({ assignees: ['x'] }), 'content.tasks[0].assignees[0]', 'INVALID_ID'],
    [
      'an assignee of another type',
      two({ assignees: [encodeId('Task', randomUUID())] }),
      'content.tasks[0].assignees[0]',
      'INVALID_ID',
    ],
    [
      'a closing reason of another type',
      someContent({ closingReasonIds: [encodeId('User', randomUUID())] }),
      'content.closingReasonIds[0]',
      'INVALID_ID',
    ],
    ['a reference to nothing', node({}), 'content.tasks[0].requirements[0]', 'AMBIGUOUS'],
    [
      'a reference to two things',
      node({ taskKey: 'b', phaseKey: 'p' }),
      'content.tasks[0].requirements[0]',
      'AMBIGUOUS',
    ],
  ])('%s', async (_what, content, path, code) => {
    const before = await api.database.prisma.definition.count();
    const answer = await mutate(api, api.designer, 'createDefinition', { content });
    expect(issuesOf(answer)).toMatchObject([{ path, code }]);
    expect(await api.database.prisma.definition.count()).toBe(before);
  });

  test.each(['2026-02-30T08:00:00Z', '2026-13-01T08:00:00Z', '2026-02-03', 'tomorrow', ''])(
    'the date %j',
    async (dueAt) => {
      const codes = await api.errorCodes(api.designer, DEFINITION_DOCUMENTS.createDefinition, {
        input: { content: someContent({ dueAt }) },
      });
      expect(codes).toEqual(['BAD_USER_INPUT']);
    },
  );

  test.each(['', 'x'.repeat(201)])('the idempotency key %j', async (idempotencyKey) => {
    const answer = await mutate(api, api.designer, 'createDefinition', {
      content: someContent(),
      idempotencyKey,
    });
    expect(issuesOf(answer)).toMatchObject([{ path: 'idempotencyKey' }]);
  });

  test.each([
    ['no id', 'x'],
    ['an id of another type', encodeId('Task', randomUUID())],
  ])('a definition by %s', async (_what, definitionId) => {
    const answer = await mutate(api, api.designer, 'publishDefinition', { definitionId });
    expect(issuesOf(answer)).toMatchObject([{ path: 'definitionId', code: 'INVALID_ID' }]);
  });

  test('a definition that does not exist', async () => {
    const definitionId = encodeId('WorkflowDefinition', randomUUID());
    const answer = await mutate(api, api.designer, 'publishDefinition', { definitionId });
    expect(answer.__typename).toBe('NotFoundProblem');
  });

  test('a malformed id in a validation', async () => {
    const variables = { input: two({ assignees: ['x'] }) };
    expect(await api.errorCodes(api.member, VALIDATE, variables)).toEqual(['BAD_USER_INPUT']);
  });
});
