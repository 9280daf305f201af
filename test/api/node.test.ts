import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId, type NodeType } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { task } from '../support/workflow.ts';
import { start, unknownId } from '../support/workflows.ts';

const UUID = '01890000-0000-7000-8000-000000000000';
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

/** What looks like an id and is none. */
const WRONG: readonly (readonly [string, string])[] = [
  ['an event with the key of a task', encodeId('Event', UUID)],
  ['an event far beyond any log', encodeId('Event', '9'.repeat(16))],
  ['a task with the key of an event', encodeId('Task', '17')],
  ['a type that does not exist', encodeId('Nothing' as NodeType, UUID)],
  ['a type without ids', encodeId('Query' as NodeType, UUID)],
  ['a type that every object of JavaScript has', encodeId('constructor' as NodeType, UUID)],
  ['an interface', encodeId('Node' as NodeType, UUID)],
  ['any text', 'nonsense'],
];

let api: TestApi;
let taskId: string;

beforeAll(async () => {
  api = await createTestApi();
  taskId = (await start(api, { tasks: [task('a')] })).task('a');
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('node', () => {
  it.each(WRONG)('refuses %s, and names the id', async (_what, id) => {
    const { data, errors } = await api.run(api.member, 'query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(data).toEqual({ node: null });
    expect(errors).toEqual([{ message: `"${id}" is no id.`, path: ['node'], code: 'BAD_USER_INPUT' }]);
  });

  it('answers null for an event that has not happened', async () => {
    const id = encodeId('Event', '999999999999999');
    expect(await api.data(api.member, 'query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({
      node: null,
    });
  });
});

describe('nodes', () => {
  it.each(WRONG)('answers the others beside %s', async (_what, id) => {
    const { data, errors } = await api.run(api.member, NODES, { ids: [taskId, id, taskId] });
    const found = { __typename: 'Task', id: taskId };
    expect(data).toEqual({ nodes: [found, null, found] });
    expect(errors).toEqual([{ message: `"${id}" is no id.`, path: ['nodes', 1], code: 'BAD_USER_INPUT' }]);
  });

  it('takes 100 ids, not 101', async () => {
    const ids = Array.from({ length: 100 }, () => unknownId('Task'));
    expect(await api.data(api.member, NODES, { ids })).toEqual({ nodes: ids.map(() => null) });
    const { errors } = await api.run(api.member, NODES, { ids: [...ids, taskId] });
    expect(errors).toMatchObject([
      { message: 'ids has 101 entries; at most 100 are allowed.', code: 'BAD_USER_INPUT' },
    ]);
  });
});

describe('a list of more than 100', () => {
  const ids = (type: NodeType) => Array.from({ length: 101 }, () => encodeId(type, UUID));

  it.each([
    ['inbox', 'TaskFilter', 'definitionIds', ids('WorkflowDefinition')],
    ['inbox', 'TaskFilter', 'entityIds', ids('Entity')],
    ['inbox', 'TaskFilter', 'phaseKeys', Array(101).fill('a')],
    ['workflowExecutions', 'WorkflowExecutionFilter', 'definitionIds', ids('WorkflowDefinition')],
    ['workflowExecutions', 'WorkflowExecutionFilter', 'entityIds', ids('Entity')],
  ])('is refused by %s in %s.%s', async (field, type, name, list) => {
    const query = `query ($filter: ${type}) { ${field}(filter: $filter) { nodes { id } } }`;
    const { errors } = await api.run(api.member, query, { filter: { [name]: list } });
    expect(errors).toMatchObject([
      { message: `filter.${name} has 101 entries; at most 100 are allowed.`, code: 'BAD_USER_INPUT' },
    ]);
  });
});
