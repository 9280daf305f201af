/** What a draft must be like to be kept at all. Everything else that is wrong with it is validation's business, and can be saved. */
import type { DefinitionContent } from '../engine/definition.ts';
import { isInstant } from '../engine/instant.ts';
import type { InputIssue } from '../engine/result.ts';
import { isUnstorable } from '../engine/text.ts';
import { checkName } from './input.ts';
import { refuseIssues } from './problem.ts';

/** What can't be kept in the value or below it. */
function unstorable(path: string, value: unknown): InputIssue[] {
  if (typeof value === 'string') {
    const field = path.slice(path.lastIndexOf('.') + 1);
    if (field === 'dueAt' && !isInstant(value))
      return [{ path, code: 'INVALID_DATE', message: `${path} is no date and time in the years 1 to 9999.` }];
    if (isUnstorable(value))
      return [
        { path, code: 'INVALID_CHARACTER', message: `${path} holds a character that can't be stored.` },
      ];
    return [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => unstorable(`${path}[${index}]`, item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, part]) => unstorable(`${path}.${field}`, part));
}

/**
 * The content with a clean name. Refuses (INVALID_INPUT) an empty name and one that is too long, which no list could show, dates that
 * do not exist, and characters that can't be stored. `path` is the field of the input that holds the content.
 */
export function checkContent(path: string, content: DefinitionContent): DefinitionContent {
  refuseIssues(unstorable(path, content));
  return { ...content, name: checkName(`${path}.name`, content.name) };
}
