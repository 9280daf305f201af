/** Checks of plain fields that several commands share. Each refuses with the field's path, or answers the clean value. */
import { isUnstorable } from '../engine/text.ts';
import { refuseInput } from './problem.ts';

/** Longest name, title and label of anything, in characters. */
export const MAX_NAME_LENGTH = 500;
/** Longest Markdown text (descriptions, notes), in characters. */
export const MAX_TEXT_LENGTH = 20_000;

function checkCharacters(path: string, value: string): void {
  if (isUnstorable(value)) {
    refuseInput(
      path,
      'INVALID_CHARACTER',
      `${path} contains the character NUL or half of a surrogate pair, which can't be stored.`,
    );
  }
}

/** A name without surrounding white space, 1 to 500 characters. */
export function checkName(path: string, value: string): string {
  checkCharacters(path, value);
  const name = value.trim();
  if (name.length === 0)
    refuseInput(path, 'EMPTY', `${path} is empty; it needs at least one visible character.`);
  if (name.length > MAX_NAME_LENGTH) {
    refuseInput(
      path,
      'TOO_LONG',
      `${path} has ${name.length} characters; at most ${MAX_NAME_LENGTH} are allowed.`,
    );
  }
  return name;
}

/** A text of at most 20,000 characters. */
export function checkText(path: string, value: string): string {
  checkCharacters(path, value);
  if (value.length > MAX_TEXT_LENGTH) {
    refuseInput(
      path,
      'TOO_LONG',
      `${path} has ${value.length} characters; at most ${MAX_TEXT_LENGTH} are allowed.`,
    );
  }
  return value;
}
