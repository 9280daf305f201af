/**
 * Bounds what one step may read, whatever was estimated: `cost.ts` knows how long lists usually are, and tasks of an execution of 1,000 that lead
 * to their execution and to its tasks again are a million.
 */
import { getNamedType, getNullableType, GraphQLError, isLeafType, isListType, isObjectType } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';
import type { Loaders } from './loaders.ts';

/** How many objects all lists may have together in one step: one query, one mutation field, one delivered event. */
export const MAX_ROWS = 20_000;

type Resolver = GraphQLFieldResolver<unknown, Context>;

interface Budget {
  spent: number;
  /** Thrown by every list from then on: there may be very many, and a new error costs a stack trace. */
  error?: GraphQLError;
}

/** Each step has loaders of its own. */
const budgets = new WeakMap<Loaders, Budget>();

function budgetOf(loaders: Loaders): Budget {
  const budget = budgets.get(loaders) ?? { spent: 0 };
  budgets.set(loaders, budget);
  return budget;
}

function count<Found>(found: Found, { loaders }: Context): Found {
  if (!Array.isArray(found)) return found;
  const budget = budgetOf(loaders);
  budget.spent += found.length;
  if (budget.spent <= MAX_ROWS) return found;
  throw (budget.error ??= new GraphQLError(
    `The answer would have more than ${MAX_ROWS} objects in its lists: ask for less.`,
    { extensions: { code: 'QUERY_TOO_COMPLEX' } },
  ));
}

function counted(resolve: Resolver): Resolver {
  return (parent, args: unknown, context, info) => {
    const found: unknown = resolve(parent, args, context, info);
    return found instanceof Promise
      ? found.then((list: unknown) => count(list, context))
      : count(found, context);
  };
}

/** Lets all lists of objects in the schema count what they find, and end with QUERY_TOO_COMPLEX when it is too much. */
export function withRowBudget(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const isList = isListType(getNullableType(field.type)) && !isLeafType(getNamedType(field.type));
      if (isList && field.resolve) field.resolve = counted(field.resolve as Resolver);
    }
  }
  return schema;
}
