/** What a task says to its workers, as a definition's document holds it: read, and written in its canonical form. */
import { z } from 'zod';
import type { ExternalReference } from '../engine/definition.ts';
import { DEFAULT_LEASE_SECONDS, DEFAULT_RETRIES } from '../engine/limits.ts';
import { choice, optionalText, wholeNumber } from './definition-document-fields.ts';
import { sparse } from './definition-document-rules-text.ts';

const output = z.strictObject({
  source: z.string(),
  target: z.string(),
  entitySchema: optionalText,
  mode: choice({ SET: true, APPEND: true }).default('SET'),
  isRequired: z.boolean().default(false),
});

export const external = z.strictObject({
  topic: z.string(),
  retries: wholeNumber.default(DEFAULT_RETRIES),
  retryAfterSeconds: z.array(wholeNumber).default([]),
  leaseSeconds: wholeNumber.default(DEFAULT_LEASE_SECONDS),
  input: z.array(z.strictObject({ name: z.string(), path: z.string() })).default([]),
  output: z.array(output).default([]),
});

const DEFAULTS = {
  retries: DEFAULT_RETRIES,
  retryAfterSeconds: [],
  leaseSeconds: DEFAULT_LEASE_SECONDS,
  input: [],
  output: [],
  entitySchema: null,
  mode: 'SET',
  isRequired: false,
};

export function writtenExternal(reference: ExternalReference): object {
  const { topic, retries, retryAfterSeconds, leaseSeconds, input } = reference;
  const outputs = reference.output.map(({ source, target, entitySchema, mode, isRequired }) =>
    sparse({ source, target, entitySchema, mode, isRequired }, DEFAULTS),
  );
  return sparse(
    {
      topic,
      retries,
      retryAfterSeconds,
      leaseSeconds,
      input: input.map(({ name, path }) => ({ name, path })),
      output: outputs,
    },
    DEFAULTS,
  );
}
