import { describe, expect, test } from 'vitest';
import type { ActionDefinition, AutomationContent, AutomationTrigger } from '../../src/automation/content.ts';
import { AUTOMATION_LIMITS, validateAutomation } from '../../src/automation/validation.ts';
import type { Statement } from '../../src/engine/definition.ts';
import { action, automation } from '../support/automation-runs.ts';

/** `'ERROR NO_NAME name'` for each issue, in an organization that has everything but what is called `gone`. */
function found(parts: Partial<AutomationContent>): string[] {
  const issues = validateAutomation(automation(parts), (_kind, id) => id !== 'gone');
  return issues.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

const entity = (key: string, title = 'Order'): ActionDefinition =>
  action(key, 'CREATE_ENTITY', { schema: 'order', title });

const filter = { connective: 'AND', statements: [] } as const;

const updated = (parts: object): AutomationTrigger => ({
  type: 'ENTITY_UPDATED',
  entitySchema: null,
  paths: [],
  filter,
  ...parts,
});

const happened = (parts: object): AutomationTrigger => ({
  type: 'EXECUTION_EVENT',
  eventTypes: ['TASK_COMPLETED'],
  definitionId: null,
  taskKey: null,
  filter,
  ...parts,
});

describe('An automation', () => {
  test('has a name, and its actions have one', () => {
    expect(found({ name: ' ', actions: [{ ...entity('a'), name: '' }] })).toEqual([
      'ERROR NO_NAME name',
      'ERROR NO_NAME actions[0].name',
    ]);
  });

  test('works on entities that its own earlier actions made or changed, not on what came from outside', () => {
    const on = (key: string) => action('last', 'UPDATE_ENTITY', { onEntityOf: key, attributes: [] });
    const call = action('call', 'WAIT_FOR_CALLBACK');
    const start = action('start', 'START_WORKFLOW', { definitionId: 'd' });
    expect(found({ actions: [entity('made'), on('made')] })).toEqual([]);
    expect(found({ actions: [entity('made'), action('b', 'UPDATE_ENTITY'), on('b')] })).toEqual([]);
    for (const key of ['call', 'start', 'last', 'none'])
      expect(found({ actions: [call, start, on(key)] })).toEqual([
        'ERROR UNKNOWN_VARIABLE actions[2].config.onEntityOf',
      ]);
  });

  test('does something, and should be set off by something', () => {
    expect(found({ actions: [], triggers: [] })).toEqual([
      'ERROR NO_ACTIONS actions',
      'WARNING NO_TRIGGER triggers',
    ]);
  });

  test('has no more actions than can be done', () => {
    const actions = Array.from({ length: AUTOMATION_LIMITS.actions + 1 }, (_, at) => entity(`a${at}`));
    expect(found({ actions })).toEqual(['ERROR TOO_MANY actions']);
  });

  test('is not larger than its row should be', () => {
    const actions = [entity('a', 'x'.repeat(AUTOMATION_LIMITS.bytes))];
    expect(found({ actions })).toEqual(['ERROR TEXT_TOO_LONG ']);
  });

  test('limits its runs within bounds', () => {
    expect(found({ limit: { runs: 0, seconds: 86_401 } })).toEqual([
      'ERROR INVALID_LIMIT limit.runs',
      'ERROR INVALID_LIMIT limit.seconds',
    ]);
  });

  test('with very many issues tells a hundred, the last of which counts the others', () => {
    const attributes = Array.from({ length: 150 }, () => ({ target: ' ', mode: 'SET' }));
    const actions = [action('a', 'UPDATE_ENTITY', { attributes })];
    const issues = validateAutomation(automation({ actions }), () => true);
    expect(issues).toHaveLength(100);
    expect(issues.at(-1)).toMatchObject({ code: 'MORE_ISSUES', message: 'There are 51 more issues.' });
  });
});

describe('An action', () => {
  test('has a key of its own, of letters, digits, - and _', () => {
    expect(found({ actions: [entity('a-1'), entity('a-1'), entity('1a'), entity('ü')] })).toEqual([
      'ERROR DUPLICATE_KEY actions[1].key',
      'ERROR INVALID_KEY actions[2].key',
      'ERROR INVALID_KEY actions[3].key',
    ]);
  });

  test('is of a type that there is', () => {
    expect(found({ actions: [action('a', 'DANCE')] })).toEqual(['ERROR UNKNOWN_ACTION_TYPE actions[0].type']);
  });

  test('is told what its type can be told, each mistake by its path', () => {
    const attributes = [
      { target: 'status', mode: 'SET' },
      { target: 'not a path', mode: 'SET' },
    ];
    const actions = [action('a', 'CREATE_ENTITY', { schema: 'Order!', attributes, colour: 'red' })];
    expect(found({ actions })).toEqual([
      'ERROR INVALID_CONFIG actions[0].config.schema',
      'ERROR INVALID_CONFIG actions[0].config.title',
      'ERROR INVALID_CONFIG actions[0].config.attributes[1].target',
      'ERROR INVALID_CONFIG actions[0].config',
    ]);
  });

  test('tells its mistakes in plain words', () => {
    const actions = [action('a', 'CREATE_ENTITY', { schema: 7, title: '' })];
    expect(validateAutomation(automation({ actions }), () => true).map(({ message }) => message)).toEqual([
      'This is not a text.',
      'This is empty.',
    ]);
  });

  test('names what the organization has', () => {
    const actions = [action('a', 'START_WORKFLOW', { definitionId: 'gone' })];
    expect(found({ actions, triggers: [happened({ definitionId: 'gone' })] })).toEqual([
      'ERROR UNKNOWN_DEFINITION triggers[0].definitionId',
      'ERROR UNKNOWN_DEFINITION actions[0].config.definitionId',
    ]);
  });
});

describe('A variable', () => {
  const titled = (title: string): string[] =>
    found({
      actions: [
        entity('before'),
        entity('this', title),
        entity('after'),
        action('wait', 'WAIT_FOR_CALLBACK', {}),
      ],
    });
  const unknown = ['ERROR UNKNOWN_VARIABLE actions[1].config.title'];

  test.each(['{{entity.a.b[*]}}', '{{ run.id }}', '{{steps.before.id}}', '{{callbacks.wait.url}}'])(
    'names what a run can have: %s',
    (title) => {
      expect(titled(title)).toEqual([]);
    },
  );

  test.each(['{{customer.name}}', '{{steps.after.id}}', '{{steps}}', '{{callbacks.before.url}}', '{{}}'])(
    'names nothing else: %s',
    (title) => {
      expect(titled(title)).toEqual(unknown);
    },
  );
});

describe('A trigger', () => {
  test('names a schema as schemas are called', () => {
    expect(found({ triggers: [{ type: 'MANUAL', entitySchema: 'Order' }] })).toEqual([
      'ERROR INVALID_TRIGGER triggers[0].entitySchema',
    ]);
  });

  test('names attributes by paths, and only of entities that were updated', () => {
    expect(
      found({
        triggers: [updated({ paths: ['a.b', 'a b'] }), updated({ type: 'ENTITY_CREATED', paths: ['a'] })],
      }),
    ).toEqual(['ERROR INVALID_PATH triggers[0].paths[1]', 'ERROR INVALID_TRIGGER triggers[1].paths']);
  });

  test('names events that set automations off, each once', () => {
    expect(
      found({
        triggers: [
          happened({ eventTypes: [] }),
          happened({ eventTypes: ['TASK_COMPLETED', 'TASK_COMPLETED', 'NOTE_ADDED'] }),
        ],
      }),
    ).toEqual([
      'ERROR INVALID_TRIGGER triggers[0].eventTypes',
      'ERROR INVALID_TRIGGER triggers[1].eventTypes[1]',
      'ERROR INVALID_TRIGGER triggers[1].eventTypes[2]',
    ]);
  });

  test('names a task only with events of tasks', () => {
    const eventTypes = ['TASK_COMPLETED', 'EXECUTION_DONE'];
    expect(found({ triggers: [happened({ eventTypes, taskKey: 'call' })] })).toEqual([
      'ERROR INVALID_TRIGGER triggers[0].taskKey',
    ]);
  });

  test('has a filter about the entity, without mistakes', () => {
    const ofEntity = {
      type: 'ENTITY',
      entitySchema: null,
      paths: ['status'],
      match: 'ANY',
      offset: null,
    } as const;
    const ofExecution = {
      type: 'EXECUTION',
      fact: 'NAME',
      taskKey: null,
      phaseKey: null,
      offset: null,
    } as const;
    const statement = (source: Statement['source'], values: string[]): Statement => ({
      source,
      operator: 'EQUALS',
      values,
      valueType: 'STATIC',
    });
    const statements = [
      statement(ofEntity, ['won']),
      statement(ofExecution, ['won']),
      statement(ofEntity, []),
      statement({ ...ofEntity, paths: ['a b'] }, ['won']),
    ];
    expect(found({ triggers: [updated({ filter: { connective: 'OR', statements } })] })).toEqual([
      'ERROR INVALID_TRIGGER triggers[0].filter.statements[1].source',
      'ERROR INVALID_TRIGGER triggers[0].filter.statements[2].values',
      'ERROR INVALID_PATH triggers[0].filter.statements[3].source.paths[0]',
    ]);
  });
});
