/** Ids of what a definition points to outside of itself. */
import { LIMITS } from '../limits.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { lengthIssues } from './lengths.ts';

/** Of an id alone, whether or not there is what it names; null names none and is right. */
export function idIssues(
  code: 'NO_AUTOMATION' | 'NO_JOURNEY',
  path: string,
  what: string,
  id: string | null,
): DefinitionIssue[] {
  if (id === null) return [];
  if (id.trim() === '') return [error(code, path, `The ${what}'s id is empty.`)];
  return lengthIssues(path, 'id', id, LIMITS.idLength);
}
