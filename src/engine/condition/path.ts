/**
 * Paths into an entity's attributes: `address.city`, `contacts[0].email`, `items[*].price`, `["delivery.date"].from`.
 *
 * A name that meets a list is looked up in each of its elements, so `contacts.email` is every contact's address.
 */
import type { Json } from '../definition.ts';
import type { Attributes } from '../facts.ts';
import { sameJson } from '../json.ts';
import { isList, isObject, MAX_VALUES, unfold } from './shape.ts';

export type PathPart =
  | { readonly type: 'NAME'; readonly name: string }
  /** The element at this place of a list, counted from 0. */
  | { readonly type: 'INDEX'; readonly index: number }
  /** Every element of a list. */
  | { readonly type: 'EACH' };

/** In UTF-16 code units. */
export const MAX_PATH_LENGTH = 500;

// The alternatives begin differently, and so do those within the quotes: no text makes this go back and forth.
const PART =
  /(?<dot>\.?)(?<name>[^.[\]"\s]+)|\[(?:(?<index>\d{1,6})|(?<each>\*)|"(?<quoted>(?:[^"\\]|\\["\\])+)")\]/gy;

/**
 * The parts of a path, or null if the text is none. It begins with a name; names with spaces, dots, brackets or quotes stand in
 * brackets and quotes, where `\"` and `\\` mean the character itself.
 */
export function parsePath(text: string): readonly PathPart[] | null {
  if (text.length > MAX_PATH_LENGTH) return null;
  const parts: PathPart[] = [];
  let end = 0;
  for (const match of text.matchAll(PART)) {
    const part = partOf(match.groups ?? {}, parts.length === 0);
    if (!part) return null;
    parts.push(part);
    end += match[0].length;
  }
  return end === text.length && parts.length > 0 ? parts : null;
}

function partOf(groups: Readonly<Record<string, string | undefined>>, isFirst: boolean): PathPart | null {
  const { dot, name, index, each, quoted } = groups;
  if (name !== undefined) return (dot === '') === isFirst ? nameOf(name) : null;
  if (quoted !== undefined) return nameOf(quoted.replace(/\\(["\\])/g, '$1'));
  if (isFirst) return null;
  if (index !== undefined) return { type: 'INDEX', index: Number(index) };
  return each === undefined ? null : { type: 'EACH' };
}

/** No attribute is called `__proto__`: code elsewhere that assigned to it would change more than a field. */
function nameOf(name: string): PathPart | null {
  return name === '__proto__' ? null : { type: 'NAME', name };
}

/** The names of a path that consists of names only, as one that is written to has to; null if it does not. */
export function parsePlainPath(text: string): readonly string[] | null {
  const parts = parsePath(text);
  if (!parts) return null;
  const names = parts.flatMap((part) => (part.type === 'NAME' ? [part.name] : []));
  return names.length === parts.length ? names : null;
}

/**
 * What stands at the path: one value, several where it crosses a list (the first thousand), none where nothing stands or the
 * text is no path. A list at the end of the path is one value.
 */
export function readPath(attributes: Attributes, path: string): readonly Json[] {
  const parts = parsePath(path);
  return parts ? parts.reduce<readonly Json[]>(follow, [attributes]) : [];
}

function follow(values: readonly Json[], part: PathPart): readonly Json[] {
  const found: Json[] = [];
  for (const value of part.type === 'NAME' ? unfold(values, listElements) : values) {
    for (const next of within(value, part)) {
      if (found.length === MAX_VALUES) return found;
      found.push(next);
    }
  }
  return found;
}

function listElements(value: Json): readonly Json[] | null {
  return isList(value) ? value : null;
}

function within(value: Json, part: PathPart): readonly Json[] {
  switch (part.type) {
    case 'NAME': {
      const field = isObject(value) && Object.hasOwn(value, part.name) ? value[part.name] : undefined;
      return field === undefined ? [] : [field];
    }
    case 'INDEX': {
      const element = isList(value) ? value[part.index] : undefined;
      return element === undefined ? [] : [element];
    }
    case 'EACH':
      return isList(value) ? value : [];
  }
}

/**
 * The attributes with the value at a path of plain names; `attributes` itself if it stands there already or the path is not
 * such a one. Objects on the way are made, also in place of a text, number, boolean or null. A list on the way has no
 * single place to write to: it and everything else stay as they are.
 */
export function writePath(attributes: Attributes, path: string, value: Json): Attributes {
  const names = parsePlainPath(path);
  return names ? writeAt(attributes, names, value) : attributes;
}

function writeAt(object: Attributes, names: readonly string[], value: Json): Attributes {
  const [name, ...rest] = names;
  if (name === undefined) return object;
  const current = Object.hasOwn(object, name) ? object[name] : undefined;
  if (rest.length === 0) return sameJson(current, value) ? object : { ...object, [name]: value };
  if (current !== undefined && isList(current)) return object;
  const inner = current !== undefined && isObject(current) ? current : {};
  const written = writeAt(inner, rest, value);
  return written === inner ? object : { ...object, [name]: written };
}
