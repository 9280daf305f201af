/** Checks of what commands bring along. Each answers the issues that it found; an empty list is good. */
import type { AssigneeRef, Instant } from './definition.ts';
import { isInstant } from './instant.ts';
import { LIMITS } from './limits.ts';
import type { InputIssue } from './result.ts';
import { isUnstorable } from './text.ts';

/** Of a name as it is without the white space around it. */
export function nameIssues(
  name: string | undefined,
  path = 'name',
  limit: number = LIMITS.nameLength.hard,
): InputIssue[] {
  if (name === undefined) return [];
  const trimmed = name.trim();
  if (trimmed === '')
    return [{ path, code: 'EMPTY', message: `${path} is empty; it needs at least one visible character.` }];
  return textIssues(trimmed, path, limit);
}

export function descriptionIssues(
  description: string | null | undefined,
  path = 'description',
): InputIssue[] {
  return description == null ? [] : textIssues(description, path, LIMITS.descriptionLength.hard);
}

export function dueAtIssues(dueAt: Instant | null, path = 'dueAt'): InputIssue[] {
  if (dueAt === null || isInstant(dueAt)) return [];
  return [{ path, code: 'INVALID_DATE', message: `${JSON.stringify(dueAt)} is no date and time.` }];
}

export function assigneesIssues(assignees: readonly AssigneeRef[], path = 'assignees'): InputIssue[] {
  const { hard } = LIMITS.assignees;
  if (assignees.length <= hard) return [];
  return [{ path, code: 'TOO_MANY', message: `There can be at most ${hard} assignees.` }];
}

function textIssues(text: string, path: string, limit: number): InputIssue[] {
  if (text.length > limit)
    return [
      {
        path,
        code: 'TOO_LONG',
        message: `${path} has ${text.length} characters; at most ${limit} are allowed.`,
      },
    ];
  if (isUnstorable(text))
    return [
      {
        path,
        code: 'INVALID_CHARACTER',
        message: `${path} contains the character NUL or half of a surrogate pair, which can't be stored.`,
      },
    ];
  return [];
}
