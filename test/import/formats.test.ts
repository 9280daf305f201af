/** Which documents are taken, and what hostile ones do. */
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../src/commands/import/read-document.ts';
import {
  FIXTURES,
  fixtureText,
  flowTemplate,
  leftOut,
  readValue,
  refusals,
  refusedIssues,
  sectionWorkflow,
  templateWithTask,
} from './documents.ts';

describe('The format', () => {
  test.each([
    ['HANDRAIL', { format: 'handrail/definition', formatVersion: 1, name: 'A', tasks: [] }],
    ['FLOW_TEMPLATE', flowTemplate()],
    ['SECTION_WORKFLOW', sectionWorkflow()],
    ['HANDRAIL', { format: 'handrail/definition', formatVersion: 1, name: 'A', tasks: [], edges: [] }],
  ])('%s is told by the shape', (format, document) => {
    expect(readValue(document).format).toBe(format);
  });

  test('is refused if it has the shape of none', () => {
    expect(refusals({})).toEqual(['INVALID_VALUE document']);
    expect(refusals({ name: 'A', tasks: [] })).toEqual(['INVALID_VALUE document']);
    expect(refusedIssues(() => readValue({}))[0]?.message).toContain('a flow template "tasks" and "edges"');
  });

  test('is refused if it has the shape of two', () => {
    expect(refusals({ ...flowTemplate(), ...sectionWorkflow() })).toEqual(['AMBIGUOUS document']);
  });

  test('is not told by what an object inherits', () => {
    expect(refusals(JSON.parse('{"__proto__": {"flow": [], "name": "A"}}'))).toEqual([
      'INVALID_VALUE document',
    ]);
  });

  test.each([
    ['INVALID_JSON document', '{'],
    ['INVALID_TYPE document', '[]'],
    ['INVALID_TYPE document', 'null'],
    ['INVALID_TYPE document', '7'],
  ])('%s: %s is no document', (issue, text) => {
    const issues = refusedIssues(() => readDocument(text));
    expect(issues.map(({ code, path }) => `${code} ${path}`)).toEqual([issue]);
  });
});

describe('A wrong value is refused with its path', () => {
  const statement = (parts: object): object =>
    templateWithTask({
      task_type: 'DECISION',
      trigger_mode: 'manual',
      conditions: [
        {
          id: 'c',
          branch_name: 'C',
          logical_operator: 'AND',
          statements: [{ id: 's', source: { attribute: 'a' }, operator: 'equals', values: ['1'], ...parts }],
        },
      ],
    });
  const relative = (parts: object): object =>
    templateWithTask({
      task_type: 'AUTOMATION',
      automation_config: {},
      schedule: { mode: 'relative', direction: 'after', duration: 1, unit: 'days', ...parts },
    });
  const step = (parts: object): object =>
    sectionWorkflow({ flow: [{ name: 'A', type: 'STEP', order: 1, ...parts }] });

  test.each<[issue: string, document: object]>([
    ['INVALID_TYPE document.name', flowTemplate({ name: 1 })],
    ['EMPTY document.name', flowTemplate({ name: '  ' })],
    ['TOO_LONG document.name', flowTemplate({ name: 'x'.repeat(501) })],
    ['INVALID_CHARACTER document.description', flowTemplate({ description: 'a\0' })],
    ['INVALID_TYPE document.tasks', flowTemplate({ tasks: {} })],
    ['INVALID_TYPE document.edges', flowTemplate({ edges: null })],
    ['INVALID_TYPE document.tasks[0]', flowTemplate({ tasks: [null] })],
    ['INVALID_TYPE document.tasks[0].id', templateWithTask({ id: 3 })],
    ['INVALID_CHARACTER document.tasks[0].id', templateWithTask({ id: '\ud800' })],
    ['INVALID_VALUE document.tasks[0].task_type', templateWithTask({ task_type: 'ROBOT' })],
    ['INVALID_VALUE document.tasks[0].assigned_to[0]', templateWithTask({ assigned_to: [{}] })],
    ['INVALID_DATE document.tasks[0].due_date', templateWithTask({ due_date: '2025-02-30T00:00:00Z' })],
    ['INVALID_DATE document.tasks[0].due_date', templateWithTask({ due_date: '' })],
    ['INVALID_VALUE document.due_date', flowTemplate({ due_date: '0000-01-01T00:00:00Z' })],
    [
      'INVALID_VALUE document.due_date_config.unit',
      flowTemplate({ due_date_config: { duration: 1, unit: 'lustra', type: 'WORKFLOW_STARTED' } }),
    ],
    [
      'INVALID_TYPE document.tasks[0].automation_config',
      templateWithTask({ task_type: 'AUTOMATION', automation_config: 'x' }),
    ],
    [
      'OUT_OF_RANGE document.tasks[0].schedule.duration',
      relative({ duration: 0, reference: { id: '', origin: 'flow_started' } }),
    ],
    [
      'INVALID_VALUE document.tasks[0].schedule.reference.origin',
      relative({ reference: { id: 'x', origin: 'moon' } }),
    ],
    ['INVALID_VALUE document.tasks[0].schedule.mode', relative({ mode: 'later' })],
    ['INVALID_VALUE document.tasks[0].conditions[0].statements[0].operator', statement({ operator: 'like' })],
    ['INVALID_TYPE document.tasks[0].conditions[0].statements[0].values[0]', statement({ values: [1] })],
    [
      'OUT_OF_RANGE document.tasks[0].conditions[0].statements[0].source.attributes',
      statement({ source: { attributes: 'abcdefghijk'.split('') } }),
    ],
    ['INVALID_VALUE document.trigger.type', flowTemplate({ trigger: { type: 'moon' } })],
    ['INVALID_TYPE document.edges[0].from_id', flowTemplate({ edges: [{ id: 'e' }] })],
    ['INVALID_TYPE document.closing_reasons[0].id', flowTemplate({ closing_reasons: [{}] })],
    [
      'INVALID_VALUE document.entity_sync[0].trigger.event',
      flowTemplate({
        entity_sync: [
          {
            trigger: { event: 'Moon' },
            value: { source: 'task_name' },
            target: { entitySchema: 'a', entityAttribute: 'b' },
          },
        ],
      }),
    ],
    ['INVALID_TYPE document.flow', sectionWorkflow({ flow: 'x' })],
    ['INVALID_VALUE document.flow[0].type', step({ type: 'PHASE' })],
    ['INVALID_TYPE document.flow[0].order', step({ order: '1' })],
    [
      'INVALID_VALUE document.flow[0].requirements[0].condition',
      step({ requirements: [{ definitionId: 'a', type: 'STEP', condition: 'OPEN' }] }),
    ],
    ['INVALID_TYPE document.flow[0].userIds[0]', step({ userIds: ['1'] })],
    [
      'INVALID_VALUE document.flow[0].steps[0].type',
      sectionWorkflow({
        flow: [{ name: 'S', type: 'SECTION', order: 1, steps: [{ name: 'S', type: 'SECTION', order: 1 }] }],
      }),
    ],
  ])('%s', (issue, document) => {
    expect(refusals(document)).toEqual([issue]);
  });

  test('and all of them at once', () => {
    expect(refusals(flowTemplate({ name: 1, tasks: [{ task_type: 'MANUAL' }], linear: 'yes' }))).toEqual([
      'INVALID_TYPE document.name',
      'INVALID_TYPE document.tasks[0].id',
      'INVALID_TYPE document.tasks[0].name',
      'INVALID_TYPE document.linear',
    ]);
  });
});

describe('A hostile document', () => {
  test('of any depth is read no deeper than the format goes', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = JSON.stringify(flowTemplate({ extra: 0, _manifest: 1 }))
      .replace('"extra":0', `"extra":${deep}`)
      .replace('"_manifest":1', `"_manifest":${deep}`);
    expect(leftOut(readDocument(text))).toEqual(['UNKNOWN_FIELD extra', 'OTHER_SYSTEM _manifest']);
  });

  test('with the names of prototypes changes nothing but the list of unknown fields', () => {
    const text = `{"name": "A", "edges": [], "tasks": [{"id": "__proto__", "name": "constructor", "task_type": "MANUAL", "__proto__": {"phase_id": "x"}}], "constructor": {"prototype": 1}, "__proto__": {"description": "x"}, "toString": 1}`;
    const read = readDocument(text);
    expect(leftOut(read)).toEqual([
      'UNKNOWN_FIELD tasks[0].__proto__',
      'UNKNOWN_FIELD constructor',
      'UNKNOWN_FIELD __proto__',
      'UNKNOWN_FIELD toString',
    ]);
    expect(read.content).toMatchObject({ description: null, tasks: [{ key: '__proto__', phaseKey: null }] });
  });

  test('with ids that are names of prototypes finds nothing in the mapping', () => {
    const read = readValue(templateWithTask({ assigned_to: ['__proto__', 'constructor'] }));
    expect(leftOut(read)).toEqual([
      'UNMAPPED_ASSIGNEE tasks[0].assigned_to[0]',
      'UNMAPPED_ASSIGNEE tasks[0].assigned_to[1]',
    ]);
  });

  test('with more unknown fields than anybody reads is told a thousand', () => {
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x${index}`, index]));
    const { notTakenOver } = readValue(flowTemplate(unknown));
    expect(notTakenOver).toHaveLength(1_000);
    expect(notTakenOver.at(-1)).toEqual({
      path: '',
      code: 'MORE',
      message: 'There are 4001 more places that were not taken over.',
    });
  });

  test('with an endless id has messages of bounded length', () => {
    const { notTakenOver } = readValue(templateWithTask({ assigned_to: ['x'.repeat(100_000)] }));
    expect(notTakenOver[0]?.message.length).toBeLessThan(200);
  });

  test('of thousands of tasks and edges is read whole', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `t${index}`);
    const document = flowTemplate({
      tasks: ids.map((id) => ({
        id,
        name: id,
        task_type: 'DECISION',
        trigger_mode: 'manual',
        conditions: [{ id: 'c', branch_name: 'C', logical_operator: 'OR', statements: [] }],
      })),
      edges: ids.map((id) => ({ id, from_id: id, to_id: 't0', condition_id: 'c' })),
    });
    const { content } = readValue(document);
    expect(content.edges).toHaveLength(5_000);
  });
});

test('Names that would read as something else are quoted in paths', () => {
  expect(leftOut(readValue(flowTemplate({ 'a.b': 1, '*': 2, 'c d': 3, '': 4 })))).toEqual([
    'UNKNOWN_FIELD ["a.b"]',
    'UNKNOWN_FIELD ["*"]',
    'UNKNOWN_FIELD ["c d"]',
    'UNKNOWN_FIELD [""]',
  ]);
});

test.each(FIXTURES)('%s is read the same again', (name) => {
  expect(readDocument(fixtureText(name))).toEqual(readDocument(fixtureText(name)));
});
