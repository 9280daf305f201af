/**
 * The fields of actions' configs that plain zod does not have: choices that say what they mean, and names of things in the organization.
 *
 * A config is a `z.strictObject` of texts, numbers, truth values, choices, lists, objects of these, and `z.json()`, each with `.describe()`.
 * From it come the input types of the API (see config-shape.ts). An object that several actions use has `.meta({ id: 'AttributeMapping' })`,
 * which is what its input type is called then: `AttributeMappingInput`.
 */
import { z } from 'zod';

/** What a config can name by its id, and as what kind of reference. */
export const CONFIG_NODES = {
  WorkflowDefinition: 'DEFINITION',
  WebhookEndpoint: 'ENDPOINT',
  User: 'USER',
  Team: 'TEAM',
  ClosingReason: 'CLOSING_REASON',
} as const;

export type ConfigNode = keyof typeof CONFIG_NODES;

/** A reference of one of several types. */
export interface TypedReference<Node extends ConfigNode = ConfigNode> {
  readonly type: (typeof CONFIG_NODES)[Node];
  /** The key. */
  readonly id: string;
}

/** A field that names an object of this type: stored as its key, a global id outside. */
export function nodeId(node: ConfigNode): z.ZodType<string>;
/** A field that names an object of one of these types: stored as its type and key (`{ type: 'USER', id }`), a global id outside. */
export function nodeId<Node extends ConfigNode>(
  ...nodes: readonly [Node, Node, ...Node[]]
): z.ZodType<TypedReference<Node>>;
export function nodeId(...nodes: readonly ConfigNode[]): z.ZodType<string | TypedReference> {
  const kinds = nodes.map((node) => CONFIG_NODES[node]);
  const schema =
    nodes.length === 1 ? z.string().min(1) : z.strictObject({ type: z.enum(kinds), id: z.string().min(1) });
  return schema.meta({ nodes });
}

/** The types of objects that the field can name; null if it is not made by `nodeId`. */
export function nodesOf(schema: z.core.$ZodType): readonly ConfigNode[] | null {
  const nodes: unknown = z.globalRegistry.get(schema)?.['nodes'];
  return Array.isArray(nodes) ? (nodes as ConfigNode[]) : null;
}

/** One of several values, each with what it means, for people. */
export function choice<Value extends string>(
  meanings: Readonly<Record<Value, string>>,
): z.ZodType<Value, Value> {
  return z.enum(Object.keys(meanings) as Value[]).meta({ meanings });
}

/** What each value of a choice means; none for enums that are made otherwise. */
export function meaningsOf(schema: z.core.$ZodType): Readonly<Record<string, string>> {
  const meanings: unknown = z.globalRegistry.get(schema)?.['meanings'];
  return typeof meanings === 'object' && meanings !== null ? (meanings as Record<string, string>) : {};
}
