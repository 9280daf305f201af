/** Texts that are too long, or can't be stored; lists that are too long. */
import type { Limit } from '../limits.ts';
import { isUnstorable } from '../text.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';

/** Of one text. `what` is what people call it: "name". */
export function lengthIssues(
  path: string,
  what: string,
  text: string,
  { soft, hard }: Limit,
): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  if (isUnstorable(text))
    issues.push(error('INVALID_CHARACTER', path, `The ${what} holds a character that can't be stored.`));
  const length = `The ${what} has ${text.length} characters`;
  if (text.length > hard) issues.push(error('TOO_LONG', path, `${length}; at most ${hard} are possible.`));
  else if (text.length > soft)
    issues.push(
      warning(
        'TOO_LONG',
        path,
        `${length}; more than ${soft} are hard to read (at most ${hard} are possible).`,
      ),
    );
  return issues;
}

/** Of one list. `what` is what people call its items: "labels". */
export function countIssues(
  path: string,
  what: string,
  items: readonly unknown[],
  { soft, hard }: Limit,
): DefinitionIssue[] {
  const count = items.length;
  if (count > hard)
    return [error('TOO_MANY', path, `There are ${count} ${what}; at most ${hard} are possible.`)];
  if (count > soft)
    return [
      warning(
        'TOO_MANY',
        path,
        `There are ${count} ${what}; more than ${soft} are hard to work with (at most ${hard} are possible).`,
      ),
    ];
  return [];
}

/** Of the schema that something looks for among the execution's entities; null means the one that it was started on. */
export function schemaIssues(path: string, schema: string | null, limit: Limit): DefinitionIssue[] {
  if (schema === null) return [];
  if (schema.trim() !== '') return lengthIssues(path, 'entity schema', schema, limit);
  const message =
    'The entity schema is empty; name one, or leave it out for the entity that the execution was started on.';
  return [error('MISSING_VALUE', path, message)];
}
