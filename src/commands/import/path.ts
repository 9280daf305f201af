/** Places in a JSON document. */

/** From the outside in: names of fields, and indexes of items. */
export type Path = readonly (string | number)[];

const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;

function textOf(path: Path, indexText: (index: number) => string): string {
  const text = path
    .map((step) => {
      if (typeof step === 'number') return `[${indexText(step)}]`;
      return PLAIN_NAME.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('');
  return text.startsWith('.') ? text.slice(1) : text;
}

/** `['tasks', 3, 'name']` → `tasks[3].name`; names that would read as something else are quoted: `tasks[3]["a.b"]`. */
export function pathText(path: Path): string {
  return textOf(path, String);
}

/** The same place in every item of each list: `tasks[*].name`. */
export function patternText(path: Path): string {
  return textOf(path, () => '*');
}
