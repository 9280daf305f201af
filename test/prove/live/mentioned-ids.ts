/** Which objects an answer names. */

const ID_FIELD = /^(id|.*Id|.*Ids)$/;
const GLOBAL_ID = /^([A-Z]\w+):([0-9a-f-]{36})$/;

/** The keys of all objects that are named anywhere in the value, by fields that hold global ids. */
export function* mentionedIds(value: unknown, field = ''): Generator<string> {
  if (typeof value === 'string') {
    const [, , key] =
      (ID_FIELD.test(field) && GLOBAL_ID.exec(Buffer.from(value, 'base64url').toString())) || [];
    if (key !== undefined) yield key;
  } else if (Array.isArray(value)) {
    for (const part of value) yield* mentionedIds(part, field);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) yield* mentionedIds(part, name);
  }
}
