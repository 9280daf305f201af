/** Global ids: opaque text that names an object's type and key, the same for as long as the object lives. */
import { GraphQLError } from 'graphql';
import { refuseInput, type ObjectType } from '../commands/problem.ts';
import { globalId, parseGlobalId } from '../store/global-id.ts';
import { UUID } from '../store/uuid.ts';
import { badInput } from './bad-input.ts';

/** The types with a global id. Phases and events are only read. */
export type NodeType = ObjectType | 'Phase' | 'Event';

/** The form of each type's keys. */
const KEYS: Readonly<Record<NodeType, RegExp>> = {
  User: UUID,
  Team: UUID,
  Entity: UUID,
  ClosingReason: UUID,
  WorkflowDefinition: UUID,
  DefinitionVersion: UUID,
  WorkflowExecution: UUID,
  Phase: UUID,
  Task: UUID,
  Note: UUID,
  Organization: UUID,
  Automation: UUID,
  AutomationVersion: UUID,
  AutomationRun: UUID,
  Journey: UUID,
  JourneySession: UUID,
  JourneySubmission: UUID,
  WebhookEndpoint: UUID,
  Delivery: UUID,
  Notification: UUID,
  Absence: UUID,
  // The place in the log; few enough digits for a number.
  Event: /^\d{1,15}$/,
};

/** The most entries in a list that an argument or input has: ids, keys. */
export const MAX_LIST = 100;

/** The global id of an object. */
export function encodeId(type: NodeType, key: string): string {
  return globalId(type, key);
}

/** The type and key of a global id; null if the text is none. */
export function parseId(id: string): { readonly type: string; readonly key: string } | null {
  return parseGlobalId(id);
}

/** The type and key of an object of any type. */
export interface NodeId {
  readonly typename: NodeType;
  readonly id: string;
}

/** For `node` and `nodes`: the type and key of an id of any type, or the error with BAD_USER_INPUT for other text. */
export function decodeNodeId(id: string): NodeId | GraphQLError {
  const { type = '', key = '' } = parseId(id) ?? {};
  const typename = Object.hasOwn(KEYS, type) ? (type as NodeType) : null;
  if (typename && KEYS[typename].test(key)) return { typename, id: key };
  return badInput(`${JSON.stringify(id.slice(0, 100))} is no id.`);
}

function keyOf(type: NodeType, id: string): string | null {
  const parsed = parseId(id);
  return parsed?.type === type && KEYS[type].test(parsed.key) ? parsed.key : null;
}

/** `an Entity`, `a User`: by how it sounds. */
function withArticle(type: string): string {
  return `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;
}

function complaint(type: NodeType, id: string): string {
  const other = parseId(id);
  const what = other ? `is the id of ${withArticle(other.type)}` : 'is no id';
  return `${JSON.stringify(id.slice(0, 100))} ${what}; the id of ${withArticle(type)} is needed here.`;
}

/** The key in an argument of a query; ends the field with BAD_USER_INPUT if the id is malformed or of another type. */
export function argumentKey(type: NodeType, id: string): string {
  const key = keyOf(type, id);
  if (key === null) throw badInput(complaint(type, id));
  return key;
}

function tooMany(name: string, count: number): string {
  return `${name} has ${count} entries; at most ${MAX_LIST} are allowed.`;
}

/** Ends the field with BAD_USER_INPUT if the list `name` among its arguments has more than 100 entries. */
export function limitArgumentList(name: string, list: readonly unknown[]): void {
  if (list.length > MAX_LIST) throw badInput(tooMany(name, list.length));
}

/**
 * The keys in a list among a query's arguments, null if it is left out; ends the field with BAD_USER_INPUT if there are more than 100, or one is no
 * id of the type.
 */
export function argumentKeys(
  name: string,
  type: NodeType,
  ids: readonly string[] | null | undefined,
): string[] | null {
  if (!ids) return null;
  limitArgumentList(name, ids);
  return ids.map((id) => argumentKey(type, id));
}

/** The key in a mutation's input; refuses with INVALID_INPUT, naming the field by `path`. Only in a mutation's `run`. */
export function inputKey(path: string, type: NodeType, id: string): string {
  return keyOf(type, id) ?? refuseInput(path, 'INVALID_ID', complaint(type, id));
}

/** Refuses with INVALID_INPUT if the list at `path` has more than 100 entries. Only in a mutation's `run`. */
export function limitInputList(path: string, list: readonly unknown[]): void {
  if (list.length > MAX_LIST) refuseInput(path, 'TOO_MANY', tooMany(path, list.length));
}

/** The keys in a list of a mutation's input, at most 100; refuses with INVALID_INPUT at `path`, or at `path[i]`. Only in a mutation's `run`. */
export function inputKeys(path: string, type: NodeType, ids: readonly string[]): string[] {
  limitInputList(path, ids);
  return ids.map((id, index) => inputKey(`${path}[${index}]`, type, id));
}

/** The error with which a field ends whose argument names an object that does not exist, or that the viewer may not see: `NOT_FOUND`. */
export function notFound(type: NodeType): GraphQLError {
  return new GraphQLError(`There is no such ${type}.`, { extensions: { code: 'NOT_FOUND' } });
}
