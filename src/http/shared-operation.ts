/** What subscribers must have in common to share their messages: the document and its variables, except where in the log each of them starts. */
import {
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ArgumentNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { RenderedOperation } from './rendering.ts';

/** Arguments of subscription fields that say where to start, and nothing about what comes. */
const STARTS: ReadonlySet<string> = new Set(['after', 'atLeast']);

interface SharedDocument {
  readonly text: string;
  /** The names of the variables that are used for anything but the start. */
  readonly variables: ReadonlySet<string>;
}

const known = new WeakMap<DocumentNode, SharedDocument>();

/** The document without where to start. */
function sharedDocument(schema: GraphQLSchema, document: DocumentNode): SharedDocument {
  const remembered = known.get(document);
  if (remembered) return remembered;
  const typeInfo = new TypeInfo(schema);
  const isStart = ({ name }: ArgumentNode): boolean =>
    typeInfo.getParentType() === schema.getSubscriptionType() && STARTS.has(name.value);
  const stripped = visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Argument: (node) => (isStart(node) ? null : undefined),
    }),
  );
  const variables = new Set<string>();
  visit(stripped, {
    [Kind.VARIABLE_DEFINITION]: () => false,
    Variable(node) {
      variables.add(node.name.value);
    },
  });
  const shared = { text: print(stripped), variables };
  known.set(document, shared);
  return shared;
}

/** Equal for operations that mean the same, wherever they start. */
export function operationKey({ schema, document, operationName, variableValues }: RenderedOperation): string {
  const { text, variables } = sharedDocument(schema, document);
  const values = Object.entries(variableValues ?? {})
    .filter(([name]) => variables.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([text, operationName ?? null, values]);
}
