/** The schema builder that all noun files add to. */
import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { may } from '../commands/viewer.ts';
import type PrismaTypes from '../store/generated/pothos.ts';
import { getDatamodel } from '../store/generated/pothos.ts';
import type { Context } from './context.ts';
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
  plugins: [RelayPlugin, ScopeAuthPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  relay: {
    nodesOnConnection: true,
    encodeGlobalID: (typename, id) => encodeId(typename as NodeType, String(id)),
    decodeGlobalID: decodeNodeId,
    nodeTypeOptions: { description: 'Any object with a global id; see the query field `node`.' },
    idFieldOptions: {
      description: 'Opaque, unique among all objects of all types, the same for as long as the object lives.',
    },
    nodeQueryOptions: {
      description: 'Any object by its id; null if there is none (here).',
      args: { id: { description: 'The id of any object.' } },
    },
    nodesQueryOptions: {
      description:
        'Several objects by their ids, in the same order; null for each that does not exist (here).',
      args: { ids: { description: 'The ids of any objects.' } },
    },
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
  prisma: {
    client: ({ database }) => database.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: false,
    filterConnectionTotalCount: true,
    onUnusedQuery: null,
  },
});

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({
  description:
    'Everything that can be done. Each field answers a union of its payload and the problems that it can meet; authorisation and unexpected errors are top-level errors with `extensions.code`.',
});
builder.subscriptionType({
  description:
    'Everything that can be watched, from the organization’s event log: in order, without gaps, resumable with `after`.',
});
