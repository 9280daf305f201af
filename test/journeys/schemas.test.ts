import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/commands/merge-patch.ts';
import { Refusal } from '../../src/commands/problem.ts';
import { MAX_SCHEMAS, schemaIssues } from '../../src/journeys/schema-issues.ts';
import { checkData, dataErrors } from '../../src/journeys/validator.ts';
import { form } from '../support/journeys.ts';

const OBJECT = { type: 'object' } as const;

function issues(schema: JsonObject): string[] {
  return schemaIssues('schema', { ...OBJECT, ...schema }).map(({ path, code }) => `${code} ${path}`);
}

function properties(parts: JsonObject): JsonObject {
  return { properties: parts };
}

function refused(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'INVALID_INPUT')
      return error.problem.issues.map(({ path, code }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

describe('the schema of a form', () => {
  test.each<[what: string, schema: JsonObject]>([
    ['of draft 2020-12, unless it says so', form().schema ?? {}],
    ['of draft 2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema', ...OBJECT }],
    ['of draft 07', { $schema: 'http://json-schema.org/draft-07/schema#', definitions: { a: true } }],
    ['with a name of its own', { $id: 'https://example.com/a' }],
    [
      'with references inside of it',
      { $defs: { a: { type: 'string' } }, ...properties({ a: { $ref: '#/$defs/a' } }) },
    ],
    ['with formats, also those of widgets', properties({ a: { format: 'date' }, b: { format: 'data-url' } })],
    ['with names of the values of enum', properties({ a: { enum: [1], enumNames: ['One'] } })],
  ])('may be %s', (_what, schema) => {
    expect(issues(schema)).toEqual([]);
  });

  test.each<[what: string, schema: JsonObject, issue: string]>([
    [
      'of another draft',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      'INVALID_VALUE schema/$schema',
    ],
    ['of anything but an object', { type: 'string' }, 'INVALID_VALUE schema/type'],
    [
      'with a misspelt keyword',
      properties({ a: { typ: 'string' } }),
      'UNKNOWN_FIELD schema/properties/a/typ',
    ],
    [
      'with a wrong value',
      properties({ a: { minLength: 'x' } }),
      'INVALID_VALUE schema/properties/a/minLength',
    ],
    [
      'with an unknown format',
      properties({ a: { format: 'x' } }),
      'INVALID_VALUE schema/properties/a/format',
    ],
    [
      'with a reference to elsewhere',
      properties({ a: { $ref: 'https://example.com/a' } }),
      'NOT_ALLOWED schema/properties/a/$ref',
    ],
    [
      'with a reference to nothing',
      properties({ a: { $ref: '#/$defs/b' } }),
      'INVALID_VALUE schema/properties/a/$ref',
    ],
    ['with an anchor', { $anchor: 'a' }, 'NOT_ALLOWED schema/$anchor'],
    [
      'with a name inside of it',
      properties({ a: { $id: 'https://example.com/a' } }),
      'NOT_ALLOWED schema/properties/a/$id',
    ],
    [
      'with a broken pattern',
      properties({ a: { pattern: '(' } }),
      'INVALID_VALUE schema/properties/a/pattern',
    ],
    [
      'that looks ahead',
      properties({ 'a/b': { pattern: '(?=a)' } }),
      'INVALID_VALUE schema/properties/a~1b/pattern',
    ],
    [
      'with such a pattern of names',
      { patternProperties: { '(?=a)': true } },
      'INVALID_VALUE schema/patternProperties/(?=a)',
    ],
  ])('may not be one %s', (_what, schema, issue) => {
    expect(issues(schema)).toEqual([issue]);
  });

  test('has an end', () => {
    const tree = { $defs: { node: { properties: { next: { $ref: '#/$defs/node' } } } } };
    expect(issues({ ...tree, ...properties({ root: { $ref: '#/$defs/node' } }) })).toEqual([
      'NOT_ALLOWED schema/$defs/node',
    ]);
    expect(issues({ allOf: [{ $ref: '#' }] })).toEqual(['NOT_ALLOWED schema']);
  });

  test('comes down to no more schemas than a form can have', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `d${at}`,
        at === 0 ? {} : { anyOf: [{ $ref: `#/$defs/d${at - 1}` }, { $ref: `#/$defs/d${at - 1}` }] },
      ]),
    );
    expect(issues({ $defs, allOf: [{ $ref: '#/$defs/d29' }] })).toEqual(['TOO_MANY schema']);
    const flat = Object.fromEntries(Array.from({ length: MAX_SCHEMAS }, (_, at) => [`p${at}`, {}]));
    expect(issues(properties(flat))).toEqual(['TOO_MANY schema']);
  });
});

describe('what was filled in', () => {
  const errors = (schema: JsonObject, data: JsonObject): string[] =>
    dataErrors({ ...OBJECT, ...schema }, data).map(({ path, keyword }) => `${keyword} ${path}`);

  test('is told every error, each with where it is', () => {
    const schema = {
      properties: {
        address: {
          type: 'object',
          properties: { zip: { pattern: '^[0-9]{5}$' } },
          required: ['zip', 'city'],
        },
        email: { format: 'email' },
        size: { enum: ['S', 'M'] },
        'a/b': { type: 'number', minimum: 3 },
      },
      additionalProperties: false,
    };
    const data = { address: { zip: '1234' }, email: 'nobody', size: 'X', 'a/b': 2, more: 1 };
    expect(errors(schema, data)).toEqual([
      'additionalProperties /more',
      'required /address/city',
      'pattern /address/zip',
      'format /email',
      'enum /size',
      'minimum /a~1b',
    ]);
    expect(dataErrors({ ...OBJECT, ...schema }, data).map(({ message }) => message)).toEqual([
      'is not asked for',
      'is required',
      'must match pattern "^[0-9]{5}$"',
      'must match format "email"',
      'must be one of ["S","M"]',
      'must be >= 3',
    ]);
    expect(errors(schema, { address: { zip: '12345', city: 'L' }, size: 'S' })).toEqual([]);
  });

  test('is told a hundred errors at most, and how many more there are', () => {
    const schema = properties({ list: { items: { type: 'string' } } });
    const list = Array.from({ length: 150 }, (_, at) => at);
    const found = dataErrors({ ...OBJECT, ...schema }, { list });
    expect(found).toHaveLength(100);
    expect(found.at(-1)).toEqual({ path: '', keyword: 'more', message: 'There are 51 more errors.' });
  });

  test('is told in texts of 500 characters at most, without half of one at their end', () => {
    const long = `x${'🙂'.repeat(30_000)}`;
    const schema = properties({
      size: { enum: [long] },
      [long]: { items: { type: 'string' } },
    });
    const list = Array.from({ length: 150 }, (_, at) => at);
    const closed = { ...OBJECT, ...schema, additionalProperties: false };
    const found = dataErrors(closed, { size: 'S', [long]: list, [`${long}!`]: 1 });
    expect(found.map(({ keyword }) => keyword)).toEqual(
      expect.arrayContaining(['additionalProperties', 'enum', 'type', 'more']),
    );
    for (const text of found.flatMap(({ path, message }) => [path, message])) {
      expect(text.length).toBeLessThanOrEqual(500);
      expect(text).not.toMatch(/\p{Surrogate}/u);
    }
    expect(found.find(({ keyword }) => keyword === 'enum')?.message).toMatch(/^must be one of \["x.*…$/u);
  });

  test('is looked at until the first error only, where looking for all would take too much', () => {
    const schema = properties({
      list: { items: { allOf: Array.from({ length: 1_000 }, () => ({ type: 'string' })) } },
    });
    const list = Array.from({ length: 2_000 }, (_, at) => at);
    expect(errors(schema, { list })).toEqual(['type /list/0']);
  });

  test('is not searched for what every object inherits', () => {
    expect(dataErrors({ type: 'object', required: ['toString'] }, {})).toMatchObject([{ path: '/toString' }]);
    expect(dataErrors(properties({ constructor: { type: 'string' } }), {})).toEqual([]);
  });

  test('is judged by the format of files in no longer than it takes to read it', () => {
    const schema = properties({ photo: { type: 'string', format: 'data-url' } });
    expect(dataErrors(schema, { photo: 'data:image/png;name=roof.png;base64,iVBORw0KGgo=' })).toEqual([]);
    // Once this took half a minute, in which nobody else was answered: far more than a test may take.
    expect(dataErrors(schema, { photo: `data:${'a'.repeat(250_000)}` })).toMatchObject([{ path: '/photo' }]);
  }, 5_000);

  test('is validated by the draft that the schema is of', () => {
    const dependent = { dependentRequired: { a: ['b'] } };
    expect(errors(dependent, { a: 1 })).toEqual(['dependentRequired /b']);
    const older = { $schema: 'http://json-schema.org/draft-07/schema#', dependencies: { a: ['b'] } };
    expect(errors(older, { a: 1 })).toEqual(['dependencies /b']);
  });

  test('keeps no pattern busy', () => {
    const schema = properties({ a: { pattern: '^(([a-z])+.)+[A-Z]([a-z])+$' } });
    const started = performance.now();
    expect(errors(schema, { a: 'a'.repeat(20_000) })).toEqual(['pattern /a']);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('is matched by the pattern of each property, not of another', () => {
    const schema = properties({ a: { pattern: '^a$' }, b: { pattern: '^b$' } });
    expect(errors(schema, { a: 'a', b: 'b' })).toEqual([]);
    expect(errors(schema, { a: 'b', b: 'a' })).toEqual(['pattern /a', 'pattern /b']);
  });

  test('is an object of a size and depth that can be kept, with lists of a length that can be compared', () => {
    expect(refused(() => checkData('data', [1]))).toEqual(['INVALID_TYPE data']);
    expect(refused(() => checkData('data', { a: 'x'.repeat(300_000) }))).toEqual(['TOO_LONG data']);
    expect(refused(() => checkData('data', { a: [Array.from({ length: 2_001 }, () => 0)] }))).toEqual([
      'TOO_MANY data',
    ]);
    expect(refused(() => checkData('data', { a: Array.from({ length: 2_000 }, () => 0) }))).toEqual([]);
  });
});
