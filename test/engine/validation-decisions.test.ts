/** What is wrong with the branches, statements and kinds of tasks, each on its own. */
import { describe, expect, test } from 'vitest';
import type {
  DefinitionContent,
  Operator,
  Statement,
  StatementSource,
  TaskDefinition,
} from '../../src/engine/definition.ts';
import { LIMITS } from '../../src/engine/limits.ts';
import { found, messages } from '../support/validation.ts';
import { branch, decision, edge, equals, phased, task } from '../support/workflow.ts';

const met = equals('status', 'won');

/** Finds with the paths below the decision's: `'ERROR MISSING_VALUE values'`. */
function ofStatement(parts: Partial<Statement>): string[] {
  const choice = decision('d', [branch('yes', { statements: [{ ...met, ...parts }] })]);
  const { phases, tasks } = phased('p: a');
  return found({ phases, tasks: [choice, ...tasks] }).map((issue) =>
    issue.replace('tasks[0].decision.branches[0].statements[0].', ''),
  );
}

function ofSource(source: StatementSource, parts: Partial<Statement> = {}): string[] {
  return ofStatement({ source, ...parts });
}

const entity = {
  type: 'ENTITY',
  entitySchema: null,
  paths: ['status'],
  match: 'ANY',
  offset: null,
} as const;
const execution = { type: 'EXECUTION', fact: 'NAME', taskKey: null, phaseKey: null, offset: null } as const;

test('a good decision has no issues', () => {
  const choice = decision('d', [branch('yes', { statements: [met] }), branch('no', { isDefault: true })], {
    mode: 'AUTOMATIC',
  });
  expect(
    found({ tasks: [choice, task('a'), task('b')], edges: ['d =yes> a', 'd =no> b'].map(edge) }),
  ).toEqual([]);
});

describe('a task', () => {
  const ofTask = (parts: Partial<TaskDefinition>): string[] => found({ tasks: [task('a', parts)] });
  const { decision: choice } = decision('d', [branch('yes')]);
  const automation = { automationId: 'mail', mode: 'MANUAL', inputTaskKey: null } as const;

  test('that is a decision says what to decide', () => {
    expect(ofTask({ type: 'DECISION' })).toEqual(['ERROR NO_DECISION tasks[0].decision']);
  });

  test('that is an automation says which one to run', () => {
    expect(ofTask({ type: 'AUTOMATION' })).toEqual(['ERROR NO_AUTOMATION tasks[0].automation']);
    expect(ofTask({ type: 'AUTOMATION', automation: { ...automation, automationId: ' ' } })).toEqual([
      'ERROR NO_AUTOMATION tasks[0].automation.automationId',
    ]);
  });

  test('has branches only if it is a decision, and an automation only if it is one', () => {
    expect(ofTask({ decision: choice, automation })).toEqual([
      'ERROR TYPE_MISMATCH tasks[0].decision',
      'ERROR TYPE_MISMATCH tasks[0].automation',
    ]);
  });

  test('names its journey', () => {
    expect(ofTask({ journey: { journeyId: '', completesTask: true } })).toEqual([
      'ERROR NO_JOURNEY tasks[0].journey.journeyId',
    ]);
    expect(ofTask({ journey: { journeyId: 'x'.repeat(201), completesTask: true } })).toEqual([
      'ERROR TOO_LONG tasks[0].journey.journeyId',
    ]);
    expect(ofTask({ journey: { journeyId: 'offer', completesTask: true } })).toEqual([]);
    expect(ofTask({ journey: { journeyId: 'survey', completesTask: true } })).toEqual([
      'ERROR UNKNOWN_JOURNEY tasks[0].journey.journeyId',
    ]);
  });

  test('hands its journey values by paths that exist once, of variables that there are', () => {
    const parameters = [
      { name: 'customer.zip', value: '{{entity.zip}}' },
      { name: 'greeting', value: 'For {{entityTitle}} by {{organization.name}}' },
      { name: 'customer.zip', value: '12345' },
      { name: 'items[0]', value: '' },
      { name: 'who', value: '{{steps.a}} and {{}}' },
    ];
    expect(ofTask({ journey: { journeyId: 'offer', completesTask: true, parameters } })).toEqual([
      'ERROR DUPLICATE_KEY tasks[0].journey.parameters[2].name',
      'ERROR INVALID_PATH tasks[0].journey.parameters[3].name',
      'ERROR INVALID_VARIABLE tasks[0].journey.parameters[4].value',
      'ERROR INVALID_VARIABLE tasks[0].journey.parameters[4].value',
    ]);
    const many = Array.from({ length: 101 }, (_, at) => ({ name: `n${at}`, value: '' }));
    expect(ofTask({ journey: { journeyId: 'offer', completesTask: true, parameters: many } })).toEqual([
      'ERROR TOO_MANY tasks[0].journey.parameters',
    ]);
  });

  test('is not completed by its journey if it is a decision', () => {
    const journey = { journeyId: 'offer', completesTask: true };
    expect(ofTask({ type: 'DECISION', decision: choice, journey })).toContain(
      'ERROR TYPE_MISMATCH tasks[0].journey.completesTask',
    );
  });

  const robot = (key: string, inputTaskKey: string | null = null): TaskDefinition =>
    task(key, { type: 'AUTOMATION', automation: { ...automation, inputTaskKey } });

  test('that is an automation works on the entity of an earlier automation', () => {
    expect(found({ tasks: [robot('a'), robot('b', 'a')], edges: [edge('a > b')] })).toEqual([]);
    expect(found({ tasks: [robot('a'), robot('b', 'a')], edges: [edge('b > a')] })).toEqual([
      'ERROR INVALID_INPUT_TASK tasks[1].automation.inputTaskKey',
    ]);
    expect(found({ tasks: [robot('a', 'a')] })).toEqual([
      'ERROR INVALID_INPUT_TASK tasks[0].automation.inputTaskKey',
    ]);
  });

  test.each([
    ['UNKNOWN_TASK', 'nowhere'],
    ['INVALID_INPUT_TASK', 'm'],
  ])('that is an automation works on the entity of an automation that there is: %s', (code, input) => {
    expect(found({ tasks: [task('m'), robot('a', input)], edges: [edge('m > a')] })).toEqual([
      `ERROR ${code} tasks[1].automation.inputTaskKey`,
    ]);
  });

  test('that works on the entity of an automation beside it is worth a warning', () => {
    expect(found({ tasks: [robot('a'), robot('b', 'a')] })).toEqual([
      'WARNING INVALID_INPUT_TASK tasks[1].automation.inputTaskKey',
    ]);
  });
});

test('an automation that is named is one that there is', () => {
  const automation = { automationId: 'gone', mode: 'MANUAL', inputTaskKey: null } as const;
  const triggers: DefinitionContent['triggers'] = [
    { type: 'AUTOMATION', automationId: 'gone' },
    { type: 'AUTOMATION', automationId: 'mail' },
  ];
  expect(found({ tasks: [task('a', { type: 'AUTOMATION', automation })], triggers })).toEqual([
    'ERROR UNKNOWN_AUTOMATION tasks[0].automation.automationId',
    'ERROR UNKNOWN_AUTOMATION triggers[0].automationId',
  ]);
});

test('triggers may name an automation or a journey, or any', () => {
  const triggers: DefinitionContent['triggers'] = [
    { type: 'AUTOMATION', automationId: null },
    { type: 'JOURNEY', journeyId: 'offer' },
    { type: 'AUTOMATION', automationId: '' },
    { type: 'JOURNEY', journeyId: ' ' },
    { type: 'JOURNEY', journeyId: 'survey' },
    { type: 'JOURNEY', journeyId: null },
  ];
  expect(found({ tasks: [task('a')], triggers })).toEqual([
    'ERROR NO_AUTOMATION triggers[2].automationId',
    'ERROR NO_JOURNEY triggers[3].journeyId',
    'ERROR UNKNOWN_JOURNEY triggers[4].journeyId',
  ]);
});

describe('branches', () => {
  test('there must be', () => {
    expect(found({ tasks: [decision('d', [])] })).toEqual(['ERROR NO_BRANCHES tasks[0].decision.branches']);
  });

  test('have keys of their own, and names', () => {
    const branches = [branch('a'), branch('a', { name: ' ' }), branch('', { name: 'No' })];
    expect(found({ tasks: [decision('d', branches)] })).toEqual([
      'ERROR DUPLICATE_KEY tasks[0].decision.branches[1].key',
      'ERROR EMPTY_NAME tasks[0].decision.branches[1].name',
      'ERROR EMPTY_KEY tasks[0].decision.branches[2].key',
    ]);
  });

  test('of two decisions may have the same keys', () => {
    expect(found({ tasks: [decision('d', [branch('a')]), decision('e', [branch('a')])] })).toEqual([]);
  });

  test('have one default', () => {
    const branches = ['a', 'b', 'c'].map((key) => branch(key, { isDefault: true }));
    expect(found({ tasks: [decision('d', branches)] })).toEqual([
      'ERROR TWO_DEFAULT_BRANCHES tasks[0].decision.branches[1].isDefault',
      'ERROR TWO_DEFAULT_BRANCHES tasks[0].decision.branches[2].isDefault',
    ]);
  });

  test('without a default are worth a warning where nobody could choose', () => {
    const branches = [branch('a', { statements: [met] })];
    expect(found({ tasks: [decision('d', branches, { mode: 'AUTOMATIC' })] })).toEqual([
      'WARNING NO_DEFAULT_BRANCH tasks[0].decision.branches',
    ]);
    expect(messages({ tasks: [decision('d', branches, { mode: 'AUTOMATIC' })] })).toEqual([
      'Task "d" has no default branch: it fails when no branch is met.',
    ]);
    expect(found({ tasks: [decision('d', branches)] })).toEqual([]);
  });

  test('that no statement lets be taken are worth a warning, unless somebody chooses or a loop ends with them', () => {
    const branches = [
      branch('never'),
      branch('out'),
      branch('again', { statements: [met] }),
      branch('else', { isDefault: true }),
    ];
    const loop = { branchKey: 'again', exitBranchKey: 'out', maxIterations: 3 };
    const parts = { edges: ['a > d', 'd =again> a'].map(edge) };
    expect(
      found({ ...parts, tasks: [decision('d', branches, { mode: 'AUTOMATIC', loop }), task('a')] }),
    ).toEqual(['WARNING BRANCH_NEVER_MET tasks[0].decision.branches[0].statements']);
    expect(found({ ...parts, tasks: [decision('d', branches, { loop }), task('a')] })).toEqual([]);
  });

  test('and statements have limits', () => {
    const many = <T>(count: number, item: (index: number) => T): T[] =>
      Array.from({ length: count }, (_, index) => item(index));
    const { branches, statements, values, paths } = LIMITS;
    const statement = {
      ...met,
      source: { ...entity, paths: many(paths.hard + 1, () => 'a') },
      values: many(values.hard + 1, () => 'x'),
    };
    const all = [
      branch('a', { statements: many(statements.hard + 1, () => met) }),
      branch('b', { statements: [statement] }),
      ...many(branches.hard, (index) => branch(`c${index}`)),
    ];
    expect(found({ tasks: [decision('d', all)] })).toEqual([
      'ERROR TOO_MANY tasks[0].decision.branches',
      'ERROR TOO_MANY tasks[0].decision.branches[0].statements',
      'ERROR TOO_MANY tasks[0].decision.branches[1].statements[0].source.paths',
      'ERROR TOO_MANY tasks[0].decision.branches[1].statements[0].values',
    ]);
  });
});

describe('a statement', () => {
  test('names one to ten attributes by paths', () => {
    expect(ofSource({ ...entity, paths: [] })).toEqual(['ERROR MISSING_VALUE source.paths']);
    expect(ofSource({ ...entity, paths: ['address.city', 'contacts[0].email', 'items[*].price'] })).toEqual(
      [],
    );
    expect(ofSource({ ...entity, paths: ['a..b', '', 'a[', 'x'.repeat(501)] })).toEqual([
      'ERROR INVALID_PATH source.paths[0]',
      'ERROR INVALID_PATH source.paths[1]',
      'ERROR INVALID_PATH source.paths[2]',
      'ERROR TOO_LONG source.paths[3]',
    ]);
  });

  test('names the schema of another entity, or none', () => {
    expect(ofSource({ ...entity, entitySchema: 'contract' })).toEqual([]);
    expect(ofSource({ ...entity, entitySchema: '' })).toEqual(['ERROR MISSING_VALUE source.entitySchema']);
  });

  test('compares with something unless it asks for emptiness', () => {
    expect(ofStatement({ operator: 'CONTAINS', values: [] })).toEqual(['ERROR MISSING_VALUE values']);
    expect(ofStatement({ operator: 'IS_EMPTY', values: ['x'] })).toEqual(['ERROR UNEXPECTED_VALUE values']);
    expect(ofStatement({ operator: 'IS_NOT_EMPTY', values: [] })).toEqual([]);
  });

  test('compares with what it can find', () => {
    expect(ofStatement({ operator: 'CONTAINS', values: [' '] })).toEqual(['WARNING MISSING_VALUE values']);
    expect(ofStatement({ operator: 'GREATER_THAN', values: ['1', '2'] })).toEqual([
      'WARNING UNEXPECTED_VALUE values',
    ]);
    expect(ofStatement({ operator: 'EQUALS', values: [''] })).toEqual([]);
  });

  test('has values of some length', () => {
    expect(ofStatement({ values: ['x'.repeat(2001), '\0'] })).toEqual([
      'ERROR TOO_LONG values[0]',
      'ERROR INVALID_CHARACTER values[1]',
    ]);
  });

  test('knows its relative dates', () => {
    expect(ofStatement({ valueType: 'RELATIVE_DATE', values: ['today', 'today+30d', 'soon'] })).toEqual([
      'ERROR UNKNOWN_RELATIVE_DATE values[2]',
    ]);
  });

  test.each<[Operator, string[]]>([
    ['LESS_THAN', []],
    ['CONTAINS', []],
    ['STARTS_WITH', ['WARNING NO_DATE_COMPARED source.offset', 'WARNING NO_DATE_COMPARED valueType']],
  ])('with dates is about dates: %s', (operator, issues) => {
    const source = { ...entity, offset: { amount: 18, unit: 'YEARS' } } as const;
    expect(ofSource(source, { operator, valueType: 'RELATIVE_DATE', values: ['today'] })).toEqual(issues);
  });

  test.each([
    [-30, []],
    [1.5, ['ERROR OUT_OF_RANGE source.offset.amount']],
    [10_000, ['ERROR OUT_OF_RANGE source.offset.amount']],
  ])('moves dates by %d days', (amount, issues) => {
    expect(ofSource({ ...entity, offset: { amount, unit: 'DAYS' } })).toEqual(issues);
  });

  test('on the execution names the task or phase that its fact is about', () => {
    expect(ofSource({ ...execution, fact: 'TASK_STATUS', taskKey: 'a' })).toEqual([]);
    expect(ofSource({ ...execution, fact: 'PHASE_STATUS', phaseKey: 'p' })).toEqual([]);
    expect(ofSource({ ...execution, fact: 'TASK_FINISHED_AT' })).toEqual([
      'ERROR MISSING_VALUE source.taskKey',
    ]);
    expect(ofSource({ ...execution, fact: 'PHASE_STATUS', phaseKey: 'x' })).toEqual([
      'ERROR UNKNOWN_PHASE source.phaseKey',
    ]);
    expect(ofSource({ ...execution, fact: 'STATUS', taskKey: 'a', phaseKey: 'p' })).toEqual([
      'ERROR UNEXPECTED_VALUE source.taskKey',
      'ERROR UNEXPECTED_VALUE source.phaseKey',
    ]);
  });

  test('on the execution moves only dates', () => {
    const offset = { amount: 1, unit: 'DAYS' } as const;
    expect(ofSource({ ...execution, fact: 'STARTED_AT', offset }, { operator: 'LESS_THAN' })).toEqual([]);
    expect(ofSource({ ...execution, offset })).toEqual(['WARNING NO_DATE_COMPARED source.offset']);
  });
});
