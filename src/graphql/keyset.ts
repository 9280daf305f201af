/** Cursors whose sort values have the kinds that their list's SQL casts them to; anything else is a bad cursor, not a failing statement. */
import { isInstant } from '../engine/instant.ts';
import { decodePosition } from '../store/event-cursor.ts';
import { UUID } from '../store/uuid.ts';
import { badCursor, badInput } from './bad-input.ts';
import { decodeCursor } from './page.ts';

/**
 * `instant`: RFC 3339 with milliseconds and Z. `date`: the same, or PostgreSQL's `infinity` of either sign for a row without a date.
 * `position`: a place in the event log.
 */
export type SortKind = 'text' | 'uuid' | 'instant' | 'date' | 'position';

const FITS: Readonly<Record<SortKind, (value: string) => boolean>> = {
  // PostgreSQL's text can't hold a NUL.
  text: (value) => !value.includes('\0'),
  uuid: (value) => UUID.test(value),
  instant: isInstant,
  date: (value) => /^-?infinity$/.test(value) || isInstant(value),
  position: (value) => decodePosition(value) !== null,
};

/** The cursor's sort values, one for each kind, or null for none; ends the field with BAD_USER_INPUT if it is not of this list. */
export function decodeKeyset<const Kinds extends readonly SortKind[]>(
  after: string | null | undefined,
  kinds: Kinds,
): { readonly [Place in keyof Kinds]: string } | null {
  const values = decodeCursor(after, kinds.length);
  if (values === null) return null;
  const fits = kinds.every((kind, place) => {
    const value = values[place];
    return typeof value === 'string' && FITS[kind](value);
  });
  if (!fits) throw badCursor();
  return values as { readonly [Place in keyof Kinds]: string };
}

/** A text to search for, without surrounding white space; null for none. Ends the field with BAD_USER_INPUT if nothing can hold it. */
export function searchText(argument: string, value: string | null | undefined): string | null {
  const text = value?.trim() ?? '';
  if (text.length > 500 || text.includes('\0')) {
    throw badInput(`${argument} has at most 500 characters, none of which is NUL.`);
  }
  return text === '' ? null : text;
}
