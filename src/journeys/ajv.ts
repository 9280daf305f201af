/** The validators of JSON Schema: one for each draft, with formats, and patterns that no text can keep busy. */
import { Ajv, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { RE2JS } from 're2js';
import type { JsonObject } from '../commands/merge-patch.ts';

/** Which draft a schema says that it is of; 2020-12 if it does not say. */
export type Dialect = '2020-12' | '07';

const DIALECTS: Readonly<Record<string, Dialect>> = {
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'http://json-schema.org/draft-07/schema': '07',
};

/** The schema's dialect; null for one that is not known. */
export function dialectOf({ $schema }: JsonObject): Dialect | null {
  if ($schema === undefined) return '2020-12';
  return typeof $schema === 'string' ? (DIALECTS[$schema.replace(/#$/, '')] ?? null) : null;
}

/**
 * A pattern as RE2 runs it, in a time that grows with the text and not faster. (JavaScript's own engine can be kept busy for years by a pattern like `(a+)+$`, which
 * is the designer's, and a text, which is anybody's.) Throws for what RE2 does not have: looking ahead or behind, and references back.
 */
export function linearPattern(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  // Ajv knows compiled patterns by their text.
  return { test: (text) => compiled.test(text), toString: () => pattern };
}

const options: Options = {
  allErrors: true,
  // Words that mean nothing are mostly misspelt, and would let everything pass.
  strictSchema: true,
  // The other strict modes refuse schemas that are right but could be tidier, such as `minLength` beside no `type`.
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  // Schemas name nothing outside of themselves, so none has to be found again.
  addUsedSchema: false,
  // No object has a `constructor` that nobody filled in.
  ownProperties: true,
  logger: false,
  code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) },
};

/** What of a validator is used: the same for both drafts. */
type Validator = Pick<
  Ajv | Ajv2020,
  'compile' | 'removeSchema' | 'validateSchema' | 'errors' | 'RULES' | 'formats'
>;

function withFormats(ajv: Ajv | Ajv2020): Validator {
  formats.default(ajv);
  // What the widgets of react-jsonschema-form for files and colours write.
  ajv.addFormat('data-url', /^data:[\w.+-]*(?:\/[\w.+-]*)?;(?:name=[^;,]*;)?base64,[A-Za-z0-9+/]*={0,2}$/);
  ajv.addFormat('color', /^#(?:[0-9a-fA-F]{3}){1,2}$/);
  // Names for people of the values of `enum`; only those who render the form look at them.
  ajv.addVocabulary(['enumNames']);
  return ajv;
}

const made = new Map<string, Validator>();

/** The validator of a dialect. `isThorough`: it tells all errors, not only the first. */
export function ajvOf(dialect: Dialect, isThorough = true): Validator {
  const key = `${dialect} ${isThorough}`;
  const settings = { ...options, allErrors: isThorough };
  const ajv = made.get(key) ?? withFormats(dialect === '07' ? new Ajv(settings) : new Ajv2020(settings));
  made.set(key, ajv);
  return ajv;
}
