/** Checks of what commands bring along. Each answers the issues that it found; an empty list is good. */
import type { AssigneeRef, Instant } from './definition.ts';
import { isInstant } from './instant.ts';
import { LIMITS, MAX_CONFIRMATION_HOURS, MAX_RETRIES, MAX_RETRY_AFTER_SECONDS } from './limits.ts';
import type { InputIssue } from './result.ts';
import type { TaskData } from './state.ts';
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

/** Of all entities that an execution is about. */
export function entitiesIssues(entityIds: readonly string[], path: string): InputIssue[] {
  const { hard } = LIMITS.entities;
  if (entityIds.length <= hard) return [];
  return [{ path, code: 'TOO_MANY', message: `An execution is about at most ${hard} entities.` }];
}

/** Of why somebody says that a task failed. */
export function failureReasonIssues(reason: string | null, path = 'reason'): InputIssue[] {
  return reason === null ? [] : textIssues(reason, path, LIMITS.nameLength.hard);
}

/** Of how long a link to confirm a task is to be good. */
export function expiryIssues(hours: number | null, path = 'expiresInHours'): InputIssue[] {
  const isRight =
    hours === null || (Number.isInteger(hours) && hours >= 1 && hours <= MAX_CONFIRMATION_HOURS);
  if (isRight) return [];
  const message = `${path} is ${hours}; it takes a whole number from 1 to ${MAX_CONFIRMATION_HOURS}.`;
  return [{ path, code: 'OUT_OF_RANGE', message }];
}

/** Of what a worker says about an attempt that failed. */
export function workerFailureIssues(failure: {
  readonly message: string;
  readonly retriesLeft?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
}): InputIssue[] {
  const { message, retriesLeft, retryAfterSeconds } = failure;
  return [
    ...nameIssues(message, 'message', LIMITS.valueLength.hard),
    ...countIssues(retriesLeft, 'retriesLeft', MAX_RETRIES),
    ...countIssues(retryAfterSeconds, 'retryAfterSeconds', MAX_RETRY_AFTER_SECONDS),
  ];
}

/** Of why a worker gives a task to people. */
export function handBackReasonIssues(reason: string): InputIssue[] {
  return nameIssues(reason, 'reason', LIMITS.valueLength.hard);
}

function countIssues(count: number | undefined, path: string, max: number): InputIssue[] {
  if (count === undefined || (Number.isInteger(count) && count >= 0 && count <= max)) return [];
  return [
    { path, code: 'OUT_OF_RANGE', message: `${path} is ${count}; it is a whole number from 0 to ${max}.` },
  ];
}

/** Of the branches that somebody chooses for a decision. */
export function branchIssues(
  { decision }: Pick<TaskData, 'decision'>,
  branchKeys: readonly string[],
  path = 'branchKeys',
): InputIssue[] {
  const known = (decision?.branches ?? []).map(({ key }) => key);
  const issues: InputIssue[] = branchKeys.flatMap((key, index) => {
    const at = `${path}[${index}]`;
    const message = `${at} is none of the branches ${known.map((name) => JSON.stringify(name)).join(', ')}.`;
    return known.includes(key) ? [] : [{ path: at, code: 'UNKNOWN_BRANCH', message }];
  });
  const count = new Set(branchKeys).size;
  if (count === 0)
    issues.push({ path, code: 'EMPTY', message: `${path} is empty; a decision takes at least one branch.` });
  if (count > 1 && decision?.takes === 'FIRST_MET')
    issues.push({ path, code: 'TOO_MANY', message: 'This decision takes exactly one branch.' });
  return issues;
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
