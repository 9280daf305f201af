import { expect, test } from 'vitest';
import type { EntitySyncRule } from '../../src/engine/definition.ts';
import { withPresets, type SyncPresetName } from '../../src/engine/sync-presets.ts';

const preset = (name: SyncPresetName) => ({ preset: name, entitySchema: 'order', path: 'flow.state' });
const rule: EntitySyncRule = {
  event: 'TASK_COMPLETED',
  taskKey: 'visit',
  phaseKey: null,
  entitySchema: 'order',
  path: 'visited',
  source: 'CUSTOM_VALUE',
  customValue: 'yes',
};

test.each<[name: SyncPresetName, rules: string[]]>([
  [
    'EXECUTION_STATUS',
    [
      'EXECUTION_STARTED EXECUTION_STATUS',
      'EXECUTION_DONE EXECUTION_STATUS',
      'EXECUTION_CLOSED EXECUTION_STATUS',
      'EXECUTION_REOPENED EXECUTION_STATUS',
    ],
  ],
  ['CURRENT_TASK', ['CURRENT_TASK_CHANGED TASK_NAME']],
  ['CURRENT_PHASE', ['CURRENT_TASK_CHANGED PHASE_NAME']],
])('The preset %s stands for its rules', (name, rules) => {
  expect(withPresets([preset(name)], []).map(({ event, source }) => `${event} ${source}`)).toEqual(rules);
});

test('The rules of a preset write to its path, whichever task or phase it is about', () => {
  expect(withPresets([preset('CURRENT_TASK')], [])).toEqual([
    {
      event: 'CURRENT_TASK_CHANGED',
      taskKey: null,
      phaseKey: null,
      entitySchema: 'order',
      path: 'flow.state',
      source: 'TASK_NAME',
      customValue: null,
    },
  ]);
});

test('Rules come after those of the presets, so that they win', () => {
  expect(withPresets([preset('CURRENT_PHASE')], [rule]).at(-1)).toEqual(rule);
});

test('Adding the presets once more changes nothing', () => {
  const presets = [preset('EXECUTION_STATUS'), preset('CURRENT_TASK')];
  const once = withPresets(presets, [rule]);
  expect(withPresets(presets, once)).toEqual(once);
});

test('A preset that is named twice counts once', () => {
  expect(withPresets([preset('CURRENT_TASK'), preset('CURRENT_TASK')], [])).toHaveLength(1);
});
