import { expect, test } from 'vitest';
import { configJsonSchema, configShape, type ConfigShape } from '../../src/automation/config-shape.ts';
import { ACTION_TYPES } from '../../src/automation/registry.ts';

/** The fields without a description, by their paths. */
function undescribed(shape: ConfigShape, path: string): string[] {
  if (shape.kind === 'LIST') return undescribed(shape.item, `${path}[]`);
  if (shape.kind !== 'OBJECT') return [];
  return shape.fields.flatMap(({ name, description, shape: inner }) => [
    ...(description === '' ? [`${path}.${name}`] : []),
    ...undescribed(inner, `${path}.${name}`),
  ]);
}

test('No two types of actions are called the same', () => {
  expect(new Set(ACTION_TYPES.map(({ type }) => type)).size).toBe(ACTION_TYPES.length);
});

test.each(ACTION_TYPES.map(({ type, config }) => [type, config] as const))(
  'Every field of the config of %s says what it is for, also as JSON Schema',
  (type, config) => {
    expect(undescribed(configShape(config), type)).toEqual([]);
    expect(configJsonSchema(config)).toMatchObject({ type: 'object', additionalProperties: false });
  },
);
