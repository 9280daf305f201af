/** What the server says is wrong, at the fields of the form. */
import { errorId, ERRORS_KEY, retrieveSchema, type ErrorSchema, type RJSFSchema } from '@rjsf/utils';
import type { DataError, FormData } from './session.ts';
import { errorText, type Texts } from './texts.ts';
import { validator } from './validator.ts';

/** What the ids of the form's fields begin with. */
export const ID_PREFIX = 'field';

/** The steps of a JSON pointer. https://www.rfc-editor.org/rfc/rfc6901 */
function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

interface Node {
  [ERRORS_KEY]?: string[];
  [name: string]: Node | string[] | undefined;
}

/** The errors as react-jsonschema-form takes them, in the reader's language where it has a sentence for them. */
export function errorSchema(errors: readonly DataError[], texts: Texts): ErrorSchema {
  const root: Node = {};
  for (const error of errors) {
    let node = root;
    for (const step of stepsOf(error.path)) {
      const next = Object.hasOwn(node, step) ? (node[step] as Node) : {};
      // `defineProperty`: a field may be called __proto__.
      Object.defineProperty(node, step, {
        value: next,
        enumerable: true,
        configurable: true,
        writable: true,
      });
      node = next;
    }
    (node[ERRORS_KEY] ??= []).push(errorText(error, texts));
  }
  return root as ErrorSchema;
}

/** What people can do something about: that an `if` asks for something comes along with what it asks for. */
export function toldErrors(errors: readonly DataError[]): readonly DataError[] {
  return errors.filter(({ keyword }) => keyword !== 'if');
}

/** Whether the form shows the field that the error is about, and so the error beside it. */
export function isShown({ path }: DataError): boolean {
  const id = [ID_PREFIX, ...stepsOf(path)].join('_');
  return document.getElementById(errorId(id))?.checkVisibility() ?? false;
}

/** The name of the field at a path, after those of the parts that it is in; empty for the whole. */
export function fieldName(path: string, schema: RJSFSchema, data: FormData): string {
  const names: string[] = [];
  let part = schema;
  let value: unknown = data;
  for (const step of stepsOf(path)) {
    const { properties, items } = retrieveSchema(validator, part, schema, value);
    const inner = properties?.[step] ?? (Array.isArray(items) ? items[Number(step)] : items);
    part = typeof inner === 'object' ? inner : {};
    names.push(part.title ?? (Array.isArray(value) ? `${Number(step) + 1}` : step));
    value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[step];
  }
  return names.join(' › ');
}
