/** The configs of actions: input types made of what the registry says, and the ids in them. */
import type { EnumRef, InputRef, InputTypeParam } from '@pothos/core';
import type { z } from 'zod';
import { CONFIG_NODES, type ConfigNode } from '../automation/config-fields.ts';
import {
  changeIds,
  configShape,
  storedReference,
  withoutGaps,
  type ConfigShape,
  type IdChange,
  type ObjectShape,
} from '../automation/config-shape.ts';
import type { ActionType } from '../automation/action-type.ts';
import type { ActionDefinition } from '../automation/content.ts';
import { actionType } from '../automation/registry.ts';
import { refuseInput } from '../commands/problem.ts';
import type { Json } from '../engine/definition.ts';
import { builder, type ApiTypes } from './builder.ts';
import { encodeId, inputKey, parseId } from './ids.ts';

type Config = ActionDefinition['config'];

const SCALARS = {
  TEXT: 'String',
  WHOLE_NUMBER: 'Int',
  NUMBER: 'Float',
  TRUTH_VALUE: 'Boolean',
  JSON: 'JSON',
  NODE: 'ID',
} as const;

/** Types that several configs share, by their names. */
const shared = new Map<string, InputRef>();

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `START_WORKFLOW` → `startWorkflow`: the field of an action's input. */
export function configFieldName({ type }: ActionType): string {
  return type.toLowerCase().replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}

/** The type that is already there under this name, or a new one. */
function once(name: string, make: () => InputRef): InputRef {
  const known = shared.get(name) ?? make();
  shared.set(name, known);
  return known;
}

/** `name` is what the type is called if it belongs to one config only. */
function inputTypeOf(shape: ConfigShape, name: string): InputTypeParam<ApiTypes> {
  switch (shape.kind) {
    case 'LIST':
      // A list in a list has no input type of its own.
      if (shape.item.kind === 'LIST') return 'JSON';
      return [inputTypeOf(shape.item, name)] as InputTypeParam<ApiTypes>;
    case 'OBJECT':
      return objectType(shape, name);
    case 'CHOICE':
      return once(shape.id ?? name, () => choiceType(shape.id ?? name, shape.values));
    default:
      return SCALARS[shape.kind];
  }
}

function choiceType(name: string, meanings: ReadonlyMap<string, string>): InputRef {
  const values = Object.fromEntries([...meanings].map(([value, description]) => [value, { description }]));
  return builder.enumType(name, { description: 'A choice in the config of an action.', values });
}

function objectType(shape: ObjectShape, ownName: string): InputRef {
  const name = shape.id ?? ownName;
  return once(name, () =>
    builder.inputType(`${name}Input`, {
      description: shape.description,
      fields: (t) =>
        Object.fromEntries(
          shape.fields.map(({ name: field, shape: inner, ...rest }) => [
            field,
            t.field({
              type: inputTypeOf(inner, `${name}${capitalized(field)}`),
              required: rest.isRequired,
              description: rest.description,
            }),
          ]),
        ),
    }),
  );
}

/** The input type of an action type's config: `StartWorkflowConfigInput`. */
export function configInputType(type: ActionType): InputRef {
  const description = `What an action of type ${type.type} is told. ${type.description}`;
  return objectType(
    { ...configShape(type.config), description },
    `${capitalized(configFieldName(type))}Config`,
  );
}

/** The input type of a part that has a name of its own, the same for all who use it. */
export function sharedInputType(schema: z.core.$ZodType): InputRef {
  const shape = configShape(schema);
  return objectType(shape, shape.id ?? '');
}

/** The enum of a field of such a part, for what is answered. */
export function sharedEnumType<Value extends string>(
  schema: z.core.$ZodType,
  field: string,
): EnumRef<ApiTypes, Value> {
  const { id, fields } = configShape(schema);
  const found = fields.find(({ name }) => name === field);
  if (found?.shape.kind !== 'CHOICE') throw new Error(`${field} is no choice`);
  return inputTypeOf(found.shape, `${id}${capitalized(field)}`) as unknown as EnumRef<ApiTypes, Value>;
}

const toKey: IdChange = (nodes, value, path) => {
  const id = String(value);
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return inputKey(path, only, id);
  const node = nodes.find((candidate) => candidate === parseId(id)?.type);
  if (node !== undefined) return { type: CONFIG_NODES[node], id: inputKey(path, node, id) };
  return refuseInput(
    path,
    'INVALID_ID',
    `${JSON.stringify(id.slice(0, 100))} is not the id of one of: ${nodes.join(', ')}.`,
  );
};

function toGlobalId(nodes: readonly ConfigNode[], value: unknown): unknown {
  const reference = storedReference(nodes, value);
  return reference ? encodeId(reference.node, reference.key) : value;
}

/** The stored config of an input. Refuses ids that are none, at `path`. */
export function storedConfig(type: ActionType, input: unknown, path: string): Config {
  const shape = configShape(type.config);
  return changeIds(shape, withoutGaps(shape, input), path, toKey) as Config;
}

/** The config as the API gives it, with global ids; as it is stored if there is no such type any more. */
export function presentedConfig({ type: name, config }: Pick<ActionDefinition, 'type' | 'config'>): Json {
  const type = actionType(name);
  return type ? (changeIds(configShape(type.config), config, '', toGlobalId) as Json) : config;
}
