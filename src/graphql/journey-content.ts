/** What a journey does with what is submitted, as the API has it. */
import { attributeMapping, type AttributeMapping } from '../automation/mapping.ts';
import { configShape, withoutGaps } from '../automation/config-shape.ts';
import { isJsonObject, type JsonObject } from '../commands/merge-patch.ts';
import { refuseInput } from '../commands/problem.ts';
import type { CreatedEntity, JourneyContent, JourneyKind } from '../journeys/content.ts';
import { sharedEnumType, sharedInputType } from './automation-config.ts';
import { builder } from './builder.ts';

export const JourneyKindEnum = builder.enumType('JourneyKind', {
  description: 'Where a journey is filled in.',
  values: {
    FORM: { description: 'Here: a form that is rendered from its JSON Schema.' },
    LINK: { description: 'In an outside form, which brings back what was filled in, signed.' },
  } as const satisfies Record<JourneyKind, object>,
});

/** As in the configs of actions. */
const MappingInput = sharedInputType(attributeMapping);

const ModeEnum = sharedEnumType<AttributeMapping['mode']>(attributeMapping, 'mode');

export const MappingRef = builder.objectRef<AttributeMapping>('AttributeMapping').implement({
  description: 'What is written into one attribute of an entity.',
  fields: (t) => ({
    target: t.exposeString('target', { description: 'Where it is written: names joined by dots.' }),
    mode: t.field({ type: ModeEnum, description: 'How it is written.', resolve: ({ mode }) => mode }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Of SET and APPEND: any JSON, with variables in its texts.',
      resolve: ({ value }) => value ?? null,
    }),
    source: t.exposeString('source', {
      nullable: true,
      description: 'Of COPY and APPEND: the path of a variable, such as `data.email`.',
    }),
    isUnique: t.exposeBoolean('isUnique', {
      description: 'Of APPEND: leaves out what is in the list already.',
    }),
    clearsIfEmpty: t.exposeBoolean('clearsIfEmpty', {
      description: 'Of COPY: removes the attribute if nothing stands at `source`.',
    }),
  }),
});

export const CreatedEntityRef = builder.objectRef<CreatedEntity>('JourneyCreates').implement({
  description: 'The entity that a submission makes if it belongs to none.',
  fields: (t) => ({
    entitySchema: t.exposeString('entitySchema', { description: 'What kind of object it is.' }),
    title: t.exposeString('title', { description: 'What it is called; may have variables.' }),
    attributes: t.field({
      type: [MappingRef],
      complexity: { multiplier: 10 },
      description: 'What is written into it before the journey’s own mapping.',
      resolve: ({ attributes }) => [...attributes],
    }),
  }),
});

const CreatedEntityInput = builder.inputType('JourneyCreatesInput', {
  description: 'The entity that a submission makes if it belongs to none.',
  fields: (t) => ({
    entitySchema: t.string({ required: true, description: 'What kind of object it is: `lead`.' }),
    title: t.string({
      required: true,
      description: 'What it is called; may have variables: `{{data.name}}`.',
    }),
    attributes: t.field({
      type: [MappingInput],
      description: 'What is written into it before the journey’s own mapping; nothing if left out.',
    }),
  }),
});

/** The fields of what a journey says, which all may be left out when it is changed. */
export const JourneyContentInput = builder.inputType('JourneyContentInput', {
  description: 'What a journey says. When one is changed, what is left out stays; null takes it away.',
  fields: (t) => ({
    name: t.string({ description: 'What people call it, 1 to 500 characters; needed to make one.' }),
    description: t.string({ description: 'What it is for, in Markdown; shown above the form.' }),
    schema: t.field({
      type: 'JSON',
      description:
        'JSON Schema, draft 2020-12 or 07, of what is submitted: an object. At most 64 KiB; it refers to nothing outside and not to itself, and its patterns are those of RE2. Needed for a FORM; of a LINK, validates what comes back.',
    }),
    uiSchema: t.field({
      type: 'JSON',
      description: 'Of a FORM: hints for who renders it, as react-jsonschema-form has them. At most 64 KiB.',
    }),
    url: t.string({ description: 'Of a LINK, which needs it: where the outside form is, `https://…`.' }),
    mapping: t.field({
      type: [MappingInput],
      description:
        'What is written into the attributes of the entity, in this order, at most 200. Variables: `{{data.…}}` (what was submitted), `{{entity.…}}`, `{{task.name}}`, `{{submission.at}}`…',
    }),
    creates: t.field({
      type: CreatedEntityInput,
      description: 'The entity that a submission makes if it belongs to none; none if left out.',
    }),
    sessionHours: t.int({
      description: 'How long a session can be used, in hours: 1 to 8,760. 168, a week, if left out.',
    }),
    isPublic: t.boolean({
      description: 'Whether anybody may open it by a permanent link; false if left out.',
    }),
  }),
});

type Input = typeof JourneyContentInput.$inferInput;

function toMappings(given: readonly unknown[] | null | undefined): readonly AttributeMapping[] {
  // What they are is checked when they are saved.
  return (given ?? []).map((one) => withoutGaps(configShape(attributeMapping), one) as AttributeMapping);
}

function toObject(path: string, value: unknown): JsonObject | null {
  if (value === null || value === undefined) return null;
  return isJsonObject(value)
    ? value
    : refuseInput(path, 'INVALID_TYPE', `${path} is a JSON object: { "type": "object" }.`);
}

function toCreates(input: NonNullable<Input['creates']>): CreatedEntity {
  const { entitySchema, title, attributes } = input;
  return { entitySchema, title, attributes: toMappings(attributes) };
}

/** What of the content is given. Only in a mutation's `run`. */
export function givenContent(input: Input): Partial<Omit<JourneyContent, 'kind'>> {
  const { name, description, schema, uiSchema, url, mapping, creates, sessionHours, isPublic } = input;
  return {
    ...(typeof name === 'string' && { name }),
    ...(description !== undefined && { description }),
    ...(schema !== undefined && { schema: toObject('schema', schema) }),
    ...(uiSchema !== undefined && { uiSchema: toObject('uiSchema', uiSchema) }),
    ...(url !== undefined && { url }),
    ...(mapping !== undefined && { mapping: toMappings(mapping) }),
    ...(creates !== undefined && { creates: creates && toCreates(creates) }),
    ...(typeof sessionHours === 'number' && { sessionHours }),
    ...(typeof isPublic === 'boolean' && { isPublic }),
  };
}

/** The content of a new journey, with what is left out. Only in a mutation's `run`. */
export function newContent(kind: JourneyKind, input: Input): JourneyContent {
  return {
    kind,
    name: '',
    description: null,
    schema: null,
    uiSchema: null,
    url: null,
    mapping: [],
    creates: null,
    sessionHours: 168,
    isPublic: false,
    ...givenContent(input),
  };
}
