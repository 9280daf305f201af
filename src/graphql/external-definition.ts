/** What a task of a definition says to its workers. */
import type { ExternalInput, ExternalOutput, ExternalReference } from '../engine/definition.ts';
import { DEFAULT_LEASE_SECONDS, DEFAULT_RETRIES } from '../engine/limits.ts';
import { builder } from './builder.ts';

const OutputModeEnum = builder.enumType('ExternalOutputMode', {
  description: 'How a value of a worker’s result is written.',
  values: {
    SET: { description: 'The attribute is the value from then on.' },
    APPEND: {
      description:
        'The value, or each entry of a list, is added to the end of the attribute’s list. What is no list becomes one.',
    },
  } as const satisfies Readonly<Record<ExternalOutput['mode'], object>>,
});

const TOPIC = 'Which workers it is for: they ask for tasks by this name.';
const RETRIES = 'How many attempts may fail, 1 to 100; with the last of them the task is FAILED.';
const RETRY_AFTER =
  'How many seconds the task rests after the first failed attempt, the second, …; after further ones as after the last of the list. Empty: not at all.';
const LEASE_SECONDS =
  'How long a worker has the task that does not say for how long, in seconds: 5 to 86,400.';
const INPUT = 'What a worker is handed.';
const OUTPUT = 'Where a worker’s result goes, in this order.';
const INPUT_NAME = 'What the worker finds it under.';
const INPUT_PATH =
  'What it is: `entity.…` (attributes of the execution’s entity, lists by `[*]`), `entityId`, `entityTitle`, `entitySchema`, `execution.id`, `execution.name`, `task.id`, `task.key`, `task.name`. What is not there is handed as null.';
const SOURCE = 'The path of the value in the result: `offer.price`.';
const TARGET = 'The attribute: names joined by dots. Objects on the way are made.';
const SCHEMA =
  'Which of the execution’s entities is written to, by its schema; the one that it was started on';
const REQUIRED =
  'Whether a result without the value is refused; otherwise the attribute stays as it is then.';

const InputRef = builder.objectRef<ExternalInput>('ExternalInput').implement({
  description: 'One value that a worker is handed.',
  fields: (t) => ({
    name: t.exposeString('name', { description: INPUT_NAME }),
    path: t.exposeString('path', { description: INPUT_PATH }),
  }),
});

const OutputRef = builder.objectRef<ExternalOutput>('ExternalOutput').implement({
  description: 'Where one value of a worker’s result goes.',
  fields: (t) => ({
    source: t.exposeString('source', { description: SOURCE }),
    target: t.exposeString('target', { description: TARGET }),
    entitySchema: t.exposeString('entitySchema', { nullable: true, description: `${SCHEMA} if null.` }),
    mode: t.field({ type: OutputModeEnum, description: 'How it is written.', resolve: ({ mode }) => mode }),
    isRequired: t.exposeBoolean('isRequired', { description: REQUIRED }),
  }),
});

export const ExternalReferenceRef = builder.objectRef<ExternalReference>('ExternalReference').implement({
  description: 'What a task of type EXTERNAL says to its workers.',
  fields: (t) => ({
    topic: t.exposeString('topic', { description: TOPIC }),
    retries: t.exposeInt('retries', { description: RETRIES }),
    retryAfterSeconds: t.intList({
      description: RETRY_AFTER,
      resolve: ({ retryAfterSeconds }) => [...retryAfterSeconds],
    }),
    leaseSeconds: t.exposeInt('leaseSeconds', { description: LEASE_SECONDS }),
    input: t.field({ type: [InputRef], description: INPUT, resolve: ({ input }) => [...input] }),
    output: t.field({ type: [OutputRef], description: OUTPUT, resolve: ({ output }) => [...output] }),
  }),
});

const InputInput = builder.inputType('ExternalInputInput', {
  description: 'One value that a worker is handed.',
  fields: (t) => ({
    name: t.string({ required: true, description: INPUT_NAME }),
    path: t.string({ required: true, description: INPUT_PATH }),
  }),
});

const OutputInput = builder.inputType('ExternalOutputInput', {
  description: 'Where one value of a worker’s result goes.',
  fields: (t) => ({
    source: t.string({ required: true, description: SOURCE }),
    target: t.string({ required: true, description: TARGET }),
    entitySchema: t.string({ description: `${SCHEMA} if left out.` }),
    mode: t.field({ type: OutputModeEnum, description: 'How it is written; SET if left out.' }),
    isRequired: t.boolean({ description: `${REQUIRED} False if left out.` }),
  }),
});

export const ExternalReferenceInput = builder.inputType('ExternalReferenceInput', {
  description: 'What a task of type EXTERNAL says to its workers.',
  fields: (t) => ({
    topic: t.string({ required: true, description: TOPIC }),
    retries: t.int({ description: `${RETRIES} ${DEFAULT_RETRIES} if left out.` }),
    retryAfterSeconds: t.intList({ description: RETRY_AFTER }),
    leaseSeconds: t.int({ description: `${LEASE_SECONDS} ${DEFAULT_LEASE_SECONDS} if left out.` }),
    input: t.field({ type: [InputInput], description: INPUT }),
    output: t.field({ type: [OutputInput], description: OUTPUT }),
  }),
});

/** The engine's reference; null if there is none. */
export function toExternalReference(
  given: typeof ExternalReferenceInput.$inferInput | null | undefined,
): ExternalReference | null {
  if (!given) return null;
  const { topic, retries, retryAfterSeconds, leaseSeconds, input, output } = given;
  return {
    topic,
    retries: retries ?? DEFAULT_RETRIES,
    retryAfterSeconds: retryAfterSeconds ?? [],
    leaseSeconds: leaseSeconds ?? DEFAULT_LEASE_SECONDS,
    input: (input ?? []).map(({ name, path }) => ({ name, path })),
    output: (output ?? []).map(({ source, target, entitySchema, mode, isRequired }) => ({
      source,
      target,
      entitySchema: entitySchema ?? null,
      mode: mode ?? 'SET',
      isRequired: isRequired ?? false,
    })),
  };
}
