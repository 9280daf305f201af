/** The texts of actions with their variables (`engine/template.ts`) put in. */
import { isList, isObject } from '../engine/condition/shape.ts';
import type { Json } from '../engine/definition.ts';
import { fillTemplate, valueText } from '../engine/template.ts';
import { escapeHtml, oneLine } from '../outgoing/text.ts';
import { ActionError } from './action-type.ts';
import type { Variables } from './variables.ts';

/**
 * What is done to values so that they stay text where they go.
 *
 * - `html`: they can be no markup, neither between tags nor in a quoted attribute.
 * - `line`: the whole result has no line breaks or other control characters, and no white space around it, as subjects and addresses must not.
 */
export type Escape = 'none' | 'html' | 'line';

/** In UTF-16 code units, of one text or of all texts of one JSON value: a few variables could name the same large value again and again. */
const MAX_RENDERED_LENGTH = 1_000_000;

/** Throws when more has been made than a text may have. */
type Spend = (text: string) => string;

function createSpending(): Spend {
  let left = MAX_RENDERED_LENGTH;
  return (text) => {
    left -= text.length;
    if (left < 0)
      throw new ActionError(
        'TEXT_TOO_LONG',
        `A text with its variables is longer than ${MAX_RENDERED_LENGTH}.`,
      );
    return text;
  };
}

function fill(text: string, variables: Variables, escape: Escape, spend: Spend): string {
  const filled = fillTemplate(text, (path) => {
    const value = valueText(variables.read(path));
    return spend(escape === 'html' ? escapeHtml(value) : value);
  });
  return escape === 'line' ? oneLine(filled) : filled;
}

/**
 * The text with every `{{path}}` replaced by what stands there: texts as they are, numbers and truth values as text, lists with commas,
 * objects as JSON, nothing as nothing. What is put in is not looked at again. Braces that are not closed, or in each other, stay.
 *
 * @throws ActionError TEXT_TOO_LONG for more than a million characters of values.
 */
export function render(text: string, variables: Variables, escape: Escape): string {
  return fill(text, variables, escape, createSpending());
}

/**
 * The value with the variables in its texts replaced. A text that is one variable and nothing else becomes the value itself: `"{{entity.price}}"`
 * a number, null if there is nothing, a list if there are several.
 *
 * @throws ActionError TEXT_TOO_LONG as above.
 */
export function renderJson(json: Json, variables: Variables): Json {
  const spend = createSpending();
  const change = (value: Json): Json => {
    if (typeof value === 'string') {
      const path = /^\{\{([^{}]*)\}\}$/.exec(value.trim())?.[1];
      if (path === undefined) return fill(value, variables, 'none', spend);
      const [first = null, ...more] = variables.read(path.trim());
      const found: Json = more.length === 0 ? first : [first, ...more];
      spend(JSON.stringify(found));
      return found;
    }
    if (isList(value)) return value.map(change);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]));
  };
  return change(json);
}

/** A text of a config that may have variables. */
export interface Template {
  /** Where it is: `data.items[2].name`. */
  readonly path: string;
  readonly text: string;
}

/** Of these fields the texts that are there. */
export function templatesOf(fields: Readonly<Record<string, string | null | undefined>>): Template[] {
  return Object.entries(fields).flatMap(([path, text]) => (typeof text === 'string' ? [{ path, text }] : []));
}

/** All texts in a JSON value that stands at the path. */
export function templatesIn(path: string, value: Json | undefined): Template[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.flatMap((item, index) => templatesIn(`${path}[${index}]`, item));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => templatesIn(`${path}.${name}`, inner));
}
