import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { costOf } from '../../src/http/cost.ts';
import { LIMITS } from '../../src/http/limits.ts';

function measure(query: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const variableValues = { id: 'x', ...variables };
  return costOf({ schema, document: parse(query), variableValues, operationName });
}

function cost(query: string, variables: Record<string, unknown> = {}): number {
  const found = measure(query, variables);
  if ('cost' in found) return found.cost;
  throw new Error(found.map(({ message }) => message).join());
}

const ASSIGNEES = 'assignees { __typename ... on User { id name } ... on Team { id name } }';
const BLOCKERS =
  'blockers { message ... on TaskBlocker { reason task { id name } } ... on PhaseBlocker { reason phase { id name } } ... on OnHoldBlocker { since } }';
/** Everything that a page shows of a task. */
const TASK = `id key name description type status statusAt version position isEnabled isManuallyCreated isOverdue
  dueAt startedAt finishedAt finishedBy { ... on User { name } } claimedBy { name } labels noteCount viewerCommands
  ${ASSIGNEES} ${BLOCKERS} requirements { isFinished task { id name } phase { id name } } audienceTexts { audience label }`;
const EXECUTION = `id name status version dueAt isOverdue startedAt progress { completed skipped total ratio }
  currentTask { id name } currentPhase { id name } ${ASSIGNEES} configuredClosingReasons { id title }
  viewerCanClose viewerCanReopen viewerCanAddTask`;

const execution = (inner: string) => `query ($id: ID!) { workflowExecution(id: $id) { ${inner} } }`;

describe('a query costs', () => {
  test.each([
    ['one for each field', '{ viewer { id name } }', 3],
    ['a page as often as rows are asked for', '{ entities(first: 7) { nodes { id title } } }', 1 + 7 * 3],
    ['a page of 20 rows unless told', '{ entities { nodes { id title } } }', 1 + 20 * 3],
    ['the same by edges', '{ entities(first: 7) { edges { node { id } } } }', 1 + 7 * 3],
    [
      'pages within pages multiplied',
      '{ entities(first: 7) { nodes { executions(first: 3) { nodes { id } } } } }',
      1 + 7 * (2 + 3 * 2),
    ],
    ['a list as often as such lists are long', execution('tasks { id }'), 2 + 30],
    ['phases', execution('phases { tasks { id } }'), 2 + 6 * (1 + 8)],
    ['assignees', execution('tasks { assignees { __typename } }'), 2 + 30 * (1 + 3)],
    ['a list that says nothing five times', execution('currentTasks { id }'), 2 + 5],
    ['a list of scalars once', execution('tasks { labels viewerCommands }'), 2 + 30 * 2],
    [
      'as many nodes as ids',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      1 + 40,
      { ids: Array(40).fill('x') },
    ],
    [
      'rows of a variable',
      'query ($first: Int) { entities(first: $first) { nodes { id } } }',
      1 + 9 * 2,
      { first: 9 },
    ],
    [
      'rows of a variable’s default',
      'query ($first: Int = 4) { entities(first: $first) { nodes { id } } }',
      1 + 4 * 2,
    ],
    [
      'fragments as often as they are used',
      '{ a: viewer { ...f } b: viewer { ...f } } fragment f on User { id name }',
      6,
    ],
    ['introspection as one', getIntrospectionQuery({ inputValueDeprecation: true }), 1],
    [
      'what is executed, not what stands beside it',
      'query A { viewer { id } } query B { entities { nodes { id } } }',
      2,
      {},
      'A',
    ],
  ] as [string, string, number, Record<string, unknown>?, string?][])(
    '%s',
    (_what, query, expected, variables, operation) => {
      expect(measure(query, variables, operation)).toMatchObject({ cost: expected });
    },
  );
});

describe('within the limit, with room, is', () => {
  test.each([
    [
      'a sidebar with everything',
      `query ($id: ID!) { entity(id: $id) { title attributes startableDefinitions { id name }
      executions(first: 5) { totalCount nodes { ${EXECUTION} phases { id name status dueAt progress { ratio } tasks { ${TASK} } } } } } }`,
    ],
    [
      'a sidebar without phases',
      `query ($id: ID!) { entity(id: $id) { executions(first: 5) { nodes { ${EXECUTION} tasks { ${TASK} } } } } }`,
    ],
    [
      'the largest inbox page',
      `{ inbox(first: 100) { totalCount counts { overdue today } pageInfo { hasNextPage endCursor } position
      nodes { ${TASK} phase { id name } entity { id title } execution { id name progress { ratio } } } } }`,
    ],
    [
      'the largest entity table',
      `{ entities(first: 100) { totalCount nodes { id title executions(first: 5, statuses: [STARTED]) {
      nodes { id name dueAt currentPhase { name } currentTask { name dueAt ${ASSIGNEES} } phasesInProgress { name progress { ratio } } } } } } }`,
    ],
    [
      'the largest bulk command',
      `mutation ($ids: [ID!]!) { bulkUpdateTasks(input: { taskIds: $ids, command: { complete: true } }) {
      ... on BulkUpdateTasksPayload { results { isDone task { ${TASK} } problem { ... on Problem { code message } } } } } }`,
    ],
  ])('%s', (_what, query) => {
    expect(cost(query, { ids: ['x'] })).toBeLessThan(LIMITS.cost * 0.6);
  });
});

function inCircles(rounds: number): string {
  return execution(`${'tasks { execution { '.repeat(rounds)}id${' } }'.repeat(rounds)}`);
}

describe('beyond the limit is', () => {
  test.each([
    ['what goes round in circles', inCircles(4)],
    [
      'the same in fragments',
      `${execution('...a')} fragment a on WorkflowExecution { tasks { execution { ...b } } }
      fragment b on WorkflowExecution { tasks { execution { ...c } } } fragment c on WorkflowExecution { tasks { execution { ...d } } } fragment d on WorkflowExecution { tasks { execution { id name } } }`,
    ],
    [
      'what is asked again and again by aliases',
      `query ($id: ID!) { ${Array.from(
        { length: 60 },
        (_, index) =>
          `a${index}: workflowExecution(id: $id) { tasks { execution { tasks { execution { id name phases { id name status labels } } } } } }`,
      ).join(' ')} }`,
    ],
    [
      'page in page in page',
      '{ entities(first: 100) { nodes { executions(first: 100) { nodes { tasks { id } } } } } }',
    ],
    [
      'a subscription whose every event is too much',
      'subscription ($id: ID!) { entityEvents(entityId: $id) { execution { tasks { execution { tasks { execution { tasks { execution { tasks { id name } } } } } } } } } }',
    ],
  ])('%s', (_what, query) => {
    expect(cost(query)).toBeGreaterThan(LIMITS.cost);
  });
});

test('what is no more than many fragments in each other is measured at once', () => {
  const names = Array.from({ length: 60 }, (_, index) => `f${index}`);
  const fragments = names.map((name, index) => {
    const inner = index === 59 ? 'id' : `...f${index + 1} ...f${index + 1}`;
    return `fragment ${name} on User { ${inner} }`;
  });
  expect(cost(`{ viewer { ...f0 } } ${fragments.join(' ')}`)).toBe(1 + 2 ** 59);
});

test('variables that do not fit are errors, not costs', () => {
  const found = measure('query ($first: Int!) { entities(first: $first) { nodes { id } } }', {
    first: 'many',
  });
  expect(found).toMatchObject([{ message: expect.stringContaining('$first') as string }]);
});
