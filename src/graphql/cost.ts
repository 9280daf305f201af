/** What fields cost that do not say so themselves. The unit is one resolved field; the limit is in `http/limits.ts`. */
import { getNamedType, getNullableType, isLeafType, isListType, type GraphQLOutputType } from 'graphql';
import { DEFAULT_PAGE_SIZE } from './page-size.ts';

/** How many objects a plain list is taken to have; lists that usually have more, or less, carry `complexity: { multiplier }`. */
const LIST_SIZE = 5;

interface Field {
  readonly type: GraphQLOutputType;
  readonly args: readonly { readonly name: string }[];
}

/**
 * The cost of a field, and how many times what is selected in it counts: a page as many times as rows are asked for, a list of objects as many
 * times as such lists are long.
 */
export function fieldCost(
  args: Readonly<Record<string, unknown>>,
  { type, args: parameters }: Field,
): { field: number; multiplier: number } {
  if (isLeafType(getNamedType(type))) return { field: 1, multiplier: 1 };
  if (parameters.some(({ name }) => name === 'first')) {
    return { field: 1, multiplier: typeof args['first'] === 'number' ? args['first'] : DEFAULT_PAGE_SIZE };
  }
  return { field: 1, multiplier: isListType(getNullableType(type)) ? LIST_SIZE : 1 };
}
