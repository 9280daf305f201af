/** What the page says of errors, against everything that the server can report. */
import { describe, expect, test } from 'vitest';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { dataErrors } from '../../src/journeys/validator.ts';
import { errorText, textsFor } from '../../src/pages/journey/texts.ts';

/** Words that report nothing by themselves: they hold other schemas, bound other words, or say something to people. */
const SILENT = new Set(
  `$async $dynamicAnchor $dynamicRef $recursiveAnchor $recursiveRef $schema $id $defs $vocabulary $comment $ref definitions id title description default deprecated
   readOnly writeOnly examples contentMediaType contentEncoding contentSchema allOf then else properties patternProperties prefixItems nullable dependentSchemas
   maxContains minContains if`.split(/\s+/),
);

const drafts = [new Ajv(), new Ajv2020()];
for (const ajv of drafts) formats.default(ajv);
const reporting = [...new Set(drafts.flatMap(({ RULES }) => Object.keys(RULES.keywords)))].filter(
  (keyword) => !SILENT.has(keyword),
);

describe.each(['en', 'de'])('in the language %s', (language) => {
  const texts = textsFor(language);

  test('each keyword of JSON Schema that data can fail to meet has a sentence', () => {
    expect(reporting.filter((keyword) => !Object.hasOwn(texts.errors, keyword))).toEqual([]);
  });

  test.each([
    { maxLength: 2 },
    { minLength: 9 },
    { maxItems: 1 },
    { minItems: 5 },
    { maxProperties: 0 },
    { minProperties: 3 },
    { minimum: 100 },
    { exclusiveMinimum: 100 },
    { maximum: -1.5 },
    { exclusiveMaximum: -1.5 },
    { multipleOf: 0.25 },
    { prefixItems: [{}], items: false },
    { prefixItems: [{}], unevaluatedItems: false },
  ])('a limit is told: %j', (rule) => {
    const data = { text: 'abc', list: [1, 2], object: { a: 1 }, number: 1.1 };
    const properties = Object.fromEntries(Object.keys(data).map((name) => [name, rule]));
    const errors = dataErrors({ properties }, data);
    expect(errors).toHaveLength(1);
    const [limit] = Object.values(rule).filter((value) => typeof value === 'number');
    const told = (limit ?? 1).toLocaleString(language);
    for (const error of errors) expect(errorText(error, texts)).toContain(told);
  });

  test('what has no sentence is told as the server says it', () => {
    expect(errorText({ keyword: 'mapping', message: 'It is taken.' }, texts)).toBe('It is taken.');
  });
});
