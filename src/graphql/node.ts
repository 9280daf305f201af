/** Any object by its id. */
import { resolveNodes } from '@pothos/plugin-relay';
import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';
import { decodeNodeId, limitArgumentList, MAX_LIST } from './ids.ts';
import { leaveOutUnknown } from './known-people.ts';

const NodeInterface = builder.nodeInterfaceRef();

builder.queryFields((t) => ({
  node: t.field({
    type: NodeInterface,
    nullable: true,
    description: 'Any object by its id; null if there is none (here).',
    args: { id: t.arg.id({ required: true, description: 'The id of any object.' }) },
    resolve: async (_root, { id }, context, info) => {
      const node = decodeNodeId(id);
      if (node instanceof GraphQLError) throw node;
      const [found] = await resolveNodes(builder, context, info, await leaveOutUnknown([node], context));
      return found;
    },
  }),
  nodes: t.field({
    type: [NodeInterface],
    nullable: { list: false, items: true },
    complexity: ({ ids }) => ({ multiplier: ids.length }),
    description:
      'Several objects by their ids, in the same order; null for each that does not exist (here), and null with an error at its place for what is no id.',
    args: {
      ids: t.arg.idList({ required: true, description: `The ids of any objects, at most ${MAX_LIST}.` }),
    },
    resolve: async (_root, { ids }, context, info) => {
      limitArgumentList('ids', ids);
      const nodes = ids.map((id) => decodeNodeId(id));
      const askedFor = nodes.map((node) => (node instanceof GraphQLError ? null : node));
      const found = await resolveNodes(builder, context, info, await leaveOutUnknown(askedFor, context));
      // An error in a list is that item's own.
      return found.map((object, index) =>
        nodes[index] instanceof GraphQLError ? nodes[index] : (object as object | null),
      );
    },
  }),
}));
