/** The table that says what the ids of another system mean here. */
import { expect, test } from 'vitest';
import { mappingOf, type MappingInput } from '../../src/commands/import/mapping.ts';
import { leftOut, MAPPING, readValue, refusedIssues, templateWithTask } from './documents.ts';

const EMPTY: MappingInput = { assignees: [], journeys: [], automations: [], closingReasons: [] };

function refused(parts: Partial<MappingInput>): string[] {
  return refusedIssues(() => mappingOf({ ...EMPTY, ...parts })).map(({ code, path }) => `${code} ${path}`);
}

test('An id may be mapped twice to the same, but not to something else', () => {
  const entry = { from: 'a', to: 'x' };
  expect(mappingOf({ ...EMPTY, journeys: [entry, entry] }).journeys.get('a')).toBe('x');
  expect(refused({ journeys: [entry, { from: 'a', to: 'y' }] })).toEqual([
    'AMBIGUOUS mapping.journeys[1].from',
  ]);
});

test('Two ids may be mapped to the same, who is responsible once', () => {
  const to = { type: 'USER', id: 'anna' } as const;
  const assignees = ['a', 'b'].map((from) => ({ from, to }));
  const read = readValue(templateWithTask({ assigned_to: ['a', 'b'] }), { ...EMPTY, assignees });
  expect(read.content.tasks[0]?.assignees).toEqual([to]);
  expect(leftOut(read)).toEqual([]);
});

test('Texts must not be empty, and must be such as can be stored', () => {
  expect(
    refused({
      automations: [
        { from: '', to: 'x' },
        { from: 'a', to: '' },
        { from: 'b\0', to: '\ud800' },
      ],
    }),
  ).toEqual([
    'EMPTY mapping.automations[0].from',
    'EMPTY mapping.automations[1].to',
    'INVALID_CHARACTER mapping.automations[2].from',
    'INVALID_CHARACTER mapping.automations[2].to',
  ]);
});

test('A table has at most a thousand entries', () => {
  const entries = Array.from({ length: 1_001 }, (_, index) => ({ from: `${index}`, to: 'x' }));
  expect(mappingOf({ ...EMPTY, journeys: entries.slice(1) }).journeys.size).toBe(1_000);
  expect(refused({ journeys: entries })).toEqual(['TOO_MANY mapping.journeys']);
});

test('Without a table nobody and nothing is known', () => {
  const document = templateWithTask({
    task_type: 'AUTOMATION',
    automation_config: { flow_id: 'auto-order' },
    journey: { journeyId: 'jrn-site' },
    assigned_to: ['usr-lead'],
  });
  expect(leftOut(readValue(document, MAPPING))).toEqual([]);
  expect(leftOut(readValue(document, EMPTY)).sort()).toEqual([
    'UNMAPPED_ASSIGNEE tasks[0].assigned_to[0]',
    'UNMAPPED_AUTOMATION tasks[0].automation_config',
    'UNMAPPED_JOURNEY tasks[0].journey',
  ]);
});
