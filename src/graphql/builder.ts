/** The schema builder that all noun files add to. */
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { may } from '../commands/viewer.ts';
import type PrismaTypes from '../store/generated/pothos.ts';
import { getDatamodel } from '../store/generated/pothos.ts';
import type { Context } from './context.ts';
import { fieldCost } from './cost.ts';
import { decodeNodeId, encodeId, type NodeType } from './ids.ts';

interface SchemaTypes {
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  AuthScopes: {
    /** Users, teams, the organization. */
    administer: boolean;
    /** Definitions and closing reasons. */
    design: boolean;
    /** Everything else inside the organization; partners lack it. */
    work: boolean;
  };
  Scalars: {
    ID: { Input: string; Output: string };
    /** An instant as ISO text in UTC with milliseconds. */
    DateTime: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [RelayPlugin, ScopeAuthPlugin, ComplexityPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  relay: {
    nodesOnConnection: true,
    encodeGlobalID: (typename, id) => encodeId(typename as NodeType, String(id)),
    decodeGlobalID: (id) => {
      const node = decodeNodeId(id);
      if (node instanceof GraphQLError) throw node;
      return node;
    },
    nodeTypeOptions: { description: 'Any object with a global id; see the query field `node`.' },
    idFieldOptions: {
      description: 'Opaque, unique among all objects of all types, the same for as long as the object lives.',
    },
    // In node.ts instead: there, one bad id among many is the error of that one.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
  scopeAuth: {
    authScopes: ({ viewer }) => ({
      administer: may(viewer, 'administer'),
      design: may(viewer, 'design'),
      work: may(viewer, 'work'),
    }),
    unauthorizedError: (_parent, _context, info) =>
      new GraphQLError(`Your role may not read ${info.parentType.name}.${info.fieldName}.`, {
        extensions: { code: 'FORBIDDEN' },
      }),
  },
  complexity: {
    // The transport compares the cost with the limit before anything is executed; here it would be once for each root field and event.
    disabled: true,
    fieldComplexity: (args, _context, field) => fieldCost(args, field),
  },
  prisma: {
    client: ({ database }) => database.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: false,
    filterConnectionTotalCount: true,
    onUnusedQuery: null,
  },
});

/** The builder's types, for helpers that make fields of any noun. */
export type ApiTypes = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({
  description:
    'Everything that can be done. Each field answers a union of its payload and the problems that it can meet; authorisation and unexpected errors are top-level errors with `extensions.code`.',
});
builder.subscriptionType({
  description:
    'Everything that can be watched, from the organization’s event log: in order, without gaps, resumable with `after`.',
});
