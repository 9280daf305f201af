/** How lists of entities are filtered and ordered. */
import { isStorable } from '../commands/attributes.ts';
import { isJsonObject, type JsonObject } from '../commands/merge-patch.ts';
import { visibilityScope, type Viewer } from '../commands/viewer.ts';
import type { EntityFilter, EntityOrder } from '../store/entity-list.ts';
import { badInput } from './bad-input.ts';
import { builder } from './builder.ts';
import { searchText } from './keyset.ts';

const MAX_CONDITIONS = 10;
const MAX_PATH_DEPTH = 20;

const AttributeFilterInput = builder.inputType('AttributeFilter', {
  description: 'One attribute that entities must have with a value.',
  fields: (t) => ({
    path: t.string({
      required: true,
      description: 'Where the attribute is: names from the outside to the inside with dots, `customer.city`.',
    }),
    equals: t.field({
      type: 'JSON',
      required: true,
      description:
        'Its value. An object stands for all objects with these members, an array for all arrays with these items.',
    }),
  }),
});

export const EntityFilterInput = builder.inputType('EntityFilter', {
  description: 'Which entities a list has: those that meet all conditions given.',
  fields: (t) => ({
    schema: t.string({ description: 'Only entities of this schema: `opportunity`.' }),
    search: t.string({ description: 'Only entities with this text in their title, in upper or lower case.' }),
    attributes: t.field({
      type: [AttributeFilterInput],
      description: 'Only entities with all these attributes, at most 10.',
    }),
    hasOpenExecution: t.boolean({
      description: 'Only entities with an execution that is STARTED, or only those without.',
    }),
  }),
});

export const EntityOrderEnum = builder.enumType('EntityOrder', {
  description: 'By what entities are ordered; those with equal values by their age.',
  values: {
    TITLE_ASC: { description: 'By title, A first.' },
    TITLE_DESC: { description: 'By title, A last.' },
    UPDATED_AT_ASC: { description: 'By their last change, oldest first.' },
    UPDATED_AT_DESC: { description: 'By their last change, newest first.' },
    CREATED_AT_ASC: { description: 'By their age, oldest first.' },
    CREATED_AT_DESC: { description: 'By their age, newest first.' },
  } as const,
});

/** What the enum's values mean to the store. */
export const ENTITY_ORDERS: Readonly<Record<typeof EntityOrderEnum.$inferType, EntityOrder>> = {
  TITLE_ASC: { field: 'title', isDescending: false },
  TITLE_DESC: { field: 'title', isDescending: true },
  UPDATED_AT_ASC: { field: 'updatedAt', isDescending: false },
  UPDATED_AT_DESC: { field: 'updatedAt', isDescending: true },
  CREATED_AT_ASC: { field: 'createdAt', isDescending: false },
  CREATED_AT_DESC: { field: 'createdAt', isDescending: true },
};

type Conditions = readonly (typeof AttributeFilterInput.$inferInput)[];

/** The object with the value at the path; members on the way are made. */
function withValue(object: JsonObject, [key = '', ...inner]: readonly string[], value: unknown): JsonObject {
  const member = Object.hasOwn(object, key) ? object[key] : {};
  const next = inner.length === 0 ? value : withValue(isJsonObject(member) ? member : {}, inner, value);
  return { ...object, [key]: next };
}

/** `{ customer: { city: 'Lindental' } }` of all conditions together. */
function containedAttributes(conditions: Conditions): JsonObject {
  if (conditions.length > MAX_CONDITIONS) {
    throw badInput(
      `filter.attributes has ${conditions.length} conditions; at most ${MAX_CONDITIONS} are allowed.`,
    );
  }
  const paths: string[] = [];
  let contained: JsonObject = {};
  for (const { path, equals } of conditions) {
    const keys = path.split('.');
    if (keys.length > MAX_PATH_DEPTH || keys.includes('')) {
      throw badInput(`${JSON.stringify(path.slice(0, 100))} is no path; one looks like customer.city.`);
    }
    if (paths.some((other) => `${other}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${other}.`))) {
      throw badInput(
        `filter.attributes speaks of ${path.slice(0, 100)} twice; give each attribute one value.`,
      );
    }
    paths.push(path);
    contained = withValue(contained, keys, equals);
  }
  if (!isStorable(JSON.stringify(contained))) {
    throw badInput('filter.attributes has text with NUL or half of a surrogate pair.');
  }
  return contained;
}

/** The filter for the store, as far as the viewer sees; ends the field with BAD_USER_INPUT if it can't be used. */
export function toEntityFilter(
  filter: typeof EntityFilterInput.$inferInput | null | undefined,
  viewer: Viewer,
): EntityFilter {
  const conditions = filter?.attributes ?? [];
  return {
    schema: searchText('filter.schema', filter?.schema),
    search: searchText('filter.search', filter?.search),
    attributes: conditions.length > 0 ? containedAttributes(conditions) : null,
    hasOpenExecution: filter?.hasOpenExecution ?? null,
    scope: visibilityScope(viewer),
  };
}
