/** Random automations as inputs of the API: whatever the registry says that actions can be told. */
import fc from 'fast-check';
import { configShape, type ConfigField, type ConfigShape } from '../../src/automation/config-shape.ts';
import { ACTION_TYPES } from '../../src/automation/registry.ts';
import { TRIGGERING_EVENTS } from '../../src/automation/triggering-events.ts';
import { configFieldName } from '../../src/graphql/automation-config.ts';
import { encodeId } from '../../src/graphql/ids.ts';

/** Most of them are right in most places. */
const text = fc.constantFrom('order', 'status', 'customer.email', 'entity.city', '{{entity.name}}');
const schema = fc.constantFrom('order', 'site');

function valueOf(shape: ConfigShape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'TEXT':
      return text;
    case 'WHOLE_NUMBER':
      return fc.integer({ min: 0, max: 100 });
    case 'NUMBER':
      return fc.double({ min: 0, max: 100, noNaN: true });
    case 'TRUTH_VALUE':
      return fc.boolean();
    case 'JSON':
      return fc.oneof(text, fc.dictionary(fc.constantFrom('a', 'b'), text, { maxKeys: 2 }));
    case 'CHOICE':
      return fc.constantFrom(...shape.values.keys());
    case 'NODE':
      return fc
        .tuple(fc.constantFrom(...shape.nodes), fc.uuid({ version: 7 }))
        .map(([node, id]) => encodeId(node, id));
    case 'LIST':
      return fc.array(valueOf(shape.item), { maxLength: 2 });
    case 'OBJECT':
      return objectOf(shape.fields);
  }
}

function objectOf(fields: readonly ConfigField[]): fc.Arbitrary<object> {
  const values = Object.fromEntries(
    fields.map(({ name, shape }) => [name, name === 'schema' ? schema : valueOf(shape)]),
  );
  const requiredKeys = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  // As it is in JSON, where objects have a prototype.
  return fc.record(values, { requiredKeys }).map((value) => ({ ...value }));
}

/** What an action does, as the field of its type and that field's value. */
export const arbitraryConfig = fc.oneof(
  ...ACTION_TYPES.map((type) =>
    valueOf(configShape(type.config)).map((config) => ({ type, field: configFieldName(type), config })),
  ),
);

const trigger = fc.oneof(
  fc.record({ type: fc.constant('MANUAL') }),
  fc.record({
    type: fc.constant('ENTITY_UPDATED'),
    entitySchema: schema,
    paths: fc.array(text, { maxLength: 2 }),
  }),
  fc.record({
    type: fc.constant('EXECUTION_EVENT'),
    eventTypes: fc.subarray([...TRIGGERING_EVENTS], { minLength: 1, maxLength: 2 }),
  }),
);

/** Inputs for automations with up to two actions, with and without errors; the ids in them name nothing. */
export const arbitraryAutomation = fc.record({
  name: fc.constant('Automation'),
  triggers: fc.array(trigger, { maxLength: 2 }),
  actions: fc
    .array(arbitraryConfig, { minLength: 1, maxLength: 2 })
    .map((actions) => actions.map(({ field, config }, at) => ({ key: `step-${at}`, [field]: config }))),
});
