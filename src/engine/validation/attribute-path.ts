/** Paths among the attributes of an entity, as they are written in a definition. */
import { parsePath, parsePlainPath } from '../condition/path.ts';
import { LIMITS } from '../limits.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { lengthIssues } from './lengths.ts';

/** Of a path that is read: `address.city`, `contacts[0].email`, `items[*].price`. */
export function pathIssues(path: string, text: string): DefinitionIssue[] {
  const issues = lengthIssues(path, 'path', text, LIMITS.pathLength);
  // What is too long or can't be stored is told as that only.
  if (issues.length > 0 || parsePath(text) !== null) return issues;
  const message = `${JSON.stringify(text)} is no path such as "address.city", "contacts[0].email" or "items[*].price".`;
  return [error('INVALID_PATH', path, message)];
}

/** Of a path that is written: only names of fields, joined by dots. */
export function targetPathIssues(path: string, text: string): DefinitionIssue[] {
  const issues = lengthIssues(path, 'path', text, LIMITS.pathLength);
  if (issues.length > 0 || parsePlainPath(text) !== null) return issues;
  const message = `${JSON.stringify(text)} is no path that can be written, such as "status" or "progress.phase": names of fields, joined by dots.`;
  return [error('INVALID_PATH', path, message)];
}
