/** What the server says is wrong, at the fields of the form. */
import { ERRORS_KEY, type ErrorSchema } from '@rjsf/utils';
import type { DataError } from './session.ts';
import type { Texts } from './texts.ts';

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
  for (const { path, keyword, message } of errors) {
    let node = root;
    for (const step of stepsOf(path)) {
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
    (node[ERRORS_KEY] ??= []).push(texts.errors[keyword] ?? message);
  }
  return root as ErrorSchema;
}
