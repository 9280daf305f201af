/** Global ids: opaque text that names an object's type and key, the same for as long as the object lives. */
import { GraphQLError } from 'graphql';
import { refuseInput, type ObjectType } from '../commands/problem.ts';

/** The types with a global id. Phases, versions and events are only read. */
export type NodeType = ObjectType | 'Phase' | 'DefinitionVersion' | 'Event';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The global id of an object. */
export function encodeId(type: NodeType, key: string): string {
  return Buffer.from(`${type}:${key}`).toString('base64url');
}

/** The type and key of a global id; null if the text is none. */
export function parseId(id: string): { readonly type: string; readonly key: string } | null {
  const match = /^([A-Za-z]+):(.+)$/.exec(Buffer.from(id, 'base64url').toString('utf8'));
  const [, type, key] = match ?? [];
  if (type === undefined || key === undefined || encodeId(type as NodeType, key) !== id) return null;
  return { type, key };
}

/** For `node` and `nodes`: the type and key of an id of any type; ends the field with BAD_USER_INPUT for other text. */
export function decodeNodeId(id: string): { typename: string; id: string } {
  const parsed = parseId(id);
  if (!parsed || !(UUID.test(parsed.key) || (parsed.type === 'Event' && /^\d{1,15}$/.test(parsed.key)))) {
    throw new GraphQLError(`${JSON.stringify(id.slice(0, 100))} is no id.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  return { typename: parsed.type, id: parsed.key };
}

function keyOf(type: NodeType, id: string): string | null {
  const parsed = parseId(id);
  return parsed?.type === type && UUID.test(parsed.key) ? parsed.key : null;
}

function complaint(type: NodeType, id: string): string {
  const other = parseId(id);
  const what = other ? `is the id of a ${other.type}` : 'is no id';
  return `${JSON.stringify(id.slice(0, 100))} ${what}; the id of a ${type} is needed here.`;
}

/** The key in an argument of a query; ends the field with BAD_USER_INPUT if the id is malformed or of another type. */
export function argumentKey(type: NodeType, id: string): string {
  const key = keyOf(type, id);
  if (key === null) throw new GraphQLError(complaint(type, id), { extensions: { code: 'BAD_USER_INPUT' } });
  return key;
}

/** The key in a mutation's input; refuses with INVALID_INPUT, naming the field by `path`. Only in a mutation's `run`. */
export function inputKey(path: string, type: NodeType, id: string): string {
  return keyOf(type, id) ?? refuseInput(path, 'INVALID_ID', complaint(type, id));
}
