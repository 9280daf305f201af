/** What is wrong with the JSON Schema of a journey. */
import type { ErrorObject } from 'ajv';
import type { InputIssueCode } from '../engine/input-issue-code.ts';
import type { InputIssue } from '../engine/result.ts';
import { isJsonObject, type JsonObject } from '../commands/merge-patch.ts';
import { ajvOf, dialectOf, linearPattern, type Dialect } from './ajv.ts';
import { allParts, localPointer, partOf, pointerStep, type SchemaPart } from './schema-parts.ts';
import { sizeOf } from './schema-size.ts';

/**
 * How many schemas one may come down to. It bounds the code that is generated for it and the work that data can make: forms that people fill in have some dozens, a
 * long one a few hundred.
 */
export const MAX_SCHEMAS = 2_000;

/** They would make a schema depend on what is elsewhere, or on how it was reached. */
const UNSUPPORTED = [
  '$anchor',
  '$dynamicAnchor',
  '$dynamicRef',
  '$recursiveAnchor',
  '$recursiveRef',
  '$vocabulary',
];

type Issue = (pointer: string, code: InputIssueCode, message: string) => InputIssue;

/** Issues at `path`, the input's field, and the JSON pointer in it: `schema/properties/zip/pattern`. */
function issuesAt(path: string): Issue {
  return (pointer, code, text) => {
    const at = `${path}${pointer}`;
    return { path: at, code, message: `${at} ${text}` };
  };
}

function patternIssues(part: SchemaPart, issue: Issue): InputIssue[] {
  const { pointer, schema } = part;
  const named = isJsonObject(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : [];
  const patterns: [string, unknown][] = [
    [`${pointer}/pattern`, schema['pattern']],
    ...named.map((text): [string, unknown] => [`${pointer}/patternProperties${pointerStep(text)}`, text]),
  ];
  return patterns.flatMap(([at, pattern]) => {
    if (typeof pattern !== 'string') return [];
    try {
      linearPattern(pattern);
      return [];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [
        issue(
          at,
          'INVALID_VALUE',
          `is no pattern that can be used: ${why}. Patterns are those of RE2: without looking ahead or behind, and without references back.`,
        ),
      ];
    }
  });
}

function referenceIssues({ pointer, schema }: SchemaPart, known: ReadonlySet<string>, issue: Issue) {
  const issues: InputIssue[] = [];
  const { $ref } = schema;
  const at = `${pointer}/$ref`;
  if ($ref !== undefined) {
    const target = localPointer($ref);
    if (target === null)
      issues.push(
        issue(at, 'NOT_ALLOWED', 'leads elsewhere; a form holds everything that it needs: #/$defs/address.'),
      );
    else if (!known.has(target))
      issues.push(issue(at, 'INVALID_VALUE', 'leads to no schema of this document.'));
  }
  for (const keyword of [...UNSUPPORTED, ...(pointer === '' ? [] : ['$id', '$schema'])])
    if (schema[keyword] !== undefined)
      issues.push(
        issue(
          `${pointer}/${keyword}`,
          'NOT_ALLOWED',
          'is not possible in forms; refer by JSON pointers: #/$defs/address.',
        ),
      );
  return issues;
}

function wordIssues({ pointer, schema }: SchemaPart, dialect: Dialect, issue: Issue): InputIssue[] {
  const ajv = ajvOf(dialect);
  const issues = Object.keys(schema).flatMap((keyword) =>
    Object.hasOwn(ajv.RULES.keywords, keyword) || UNSUPPORTED.includes(keyword)
      ? []
      : [
          issue(
            `${pointer}${pointerStep(keyword)}`,
            'UNKNOWN_FIELD',
            'is no keyword of JSON Schema. Hints for who renders the form belong into uiSchema.',
          ),
        ],
  );
  const { format } = schema;
  if (typeof format === 'string' && !Object.hasOwn(ajv.formats, format))
    issues.push(
      issue(
        `${pointer}/format`,
        'INVALID_VALUE',
        `is no format that is known here: ${Object.keys(ajv.formats).sort().join(', ')}.`,
      ),
    );
  return issues;
}

function draftIssues(errors: readonly ErrorObject[] | null | undefined, issue: Issue): InputIssue[] {
  return (errors ?? []).map(({ instancePath, message = 'is not valid' }) =>
    issue(instancePath, 'INVALID_VALUE', `is not as JSON Schema has it: it ${message}.`),
  );
}

/** What is wrong with the parts, one by one. */
function partIssues(schema: JsonObject, dialect: Dialect, issue: Issue): InputIssue[] {
  const parts = allParts(partOf(schema));
  const known = new Set(parts.map(({ pointer }) => pointer));
  return parts.flatMap((part) => [
    ...wordIssues(part, dialect, issue),
    ...referenceIssues(part, known, issue),
    ...patternIssues(part, issue),
  ]);
}

function sizeIssues(schema: JsonObject, issue: Issue): InputIssue[] {
  const size = sizeOf(schema);
  if ('cycleAt' in size)
    return [issue(size.cycleAt, 'NOT_ALLOWED', 'refers to itself, so it has no end; forms have one.')];
  if (size.count <= MAX_SCHEMAS) return [];
  const message = `comes down to ${size.count} schemas when its references are followed; at most ${MAX_SCHEMAS} are possible.`;
  return [issue('', 'TOO_MANY', message)];
}

/**
 * Every reason why the schema can't be used for a form; empty if it can. It is of draft 2020-12 or 07, stands for itself, has an end and describes an object.
 *
 * @param path - the input's field that holds it, where issues are.
 */
export function schemaIssues(path: string, schema: JsonObject): readonly InputIssue[] {
  const issue = issuesAt(path);
  const dialect = dialectOf(schema);
  if (!dialect)
    return [
      issue(
        '/$schema',
        'INVALID_VALUE',
        'is no draft that is known here: https://json-schema.org/draft/2020-12/schema or http://json-schema.org/draft-07/schema#.',
      ),
    ];
  if (schema['type'] !== 'object')
    return [issue('/type', 'INVALID_VALUE', 'is not "object": what a form submits is an object.')];
  const ajv = ajvOf(dialect);
  if (ajv.validateSchema(schema) !== true) return draftIssues(ajv.errors, issue);
  const issues = [...partIssues(schema, dialect, issue), ...sizeIssues(schema, issue)];
  return issues.length > 0 ? issues : compileIssues(schema, dialect, issue);
}

/** What the rest did not find: what Ajv can't make a validator of. */
function compileIssues({ $id: _id, ...schema }: JsonObject, dialect: Dialect, issue: Issue): InputIssue[] {
  const ajv = ajvOf(dialect);
  try {
    ajv.compile(schema);
    return [];
  } catch (error) {
    return [
      issue('', 'INVALID_VALUE', `can't be used: ${error instanceof Error ? error.message : String(error)}.`),
    ];
  } finally {
    // Ajv would keep every schema that it has ever seen.
    ajv.removeSchema(schema);
  }
}
