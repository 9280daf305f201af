/** Lists of definitions and of automations: what they can be limited to, their order, their pages. */
import type { DesignFilter, DesignList, DesignOrder } from '../store/design-list.ts';
import type { ApiTypes } from './builder.ts';
import type { Connection } from './connection.ts';
import type { Context } from './context.ts';
import { decodeKeyset, searchText } from './keyset.ts';
import { pageSize, toPage } from './page.ts';

/** The fields that the filters of both have. */
export function designFilterFields(t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) {
  return {
    search: t.string({ description: 'Only those with this text in their name, in upper or lower case.' }),
    isEnabled: t.boolean({ description: 'Only enabled ones, or only disabled ones.' }),
    isArchived: t.boolean({
      description: 'Only archived ones, or (false, and if left out) only those that are not.',
    }),
    isPublished: t.boolean({ description: 'Only those that have a published version, or that have none.' }),
  };
}

/** The values of an enum of orders. */
export const DESIGN_ORDERS = {
  NAME: { description: 'From A to Z.' },
  UPDATED_AT: { description: 'Last changed first.' },
} as const satisfies Readonly<Record<DesignOrder, object>>;

interface Arguments {
  readonly filter?: DesignFilter | null | undefined;
  /** NAME if left out. */
  readonly orderBy?: DesignOrder | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** The page that is asked for, of what the list has as `shape` makes it. Archived ones are only in it if asked for. */
export async function designPage<Row extends { readonly id: string }, Shape>(
  list: DesignList<Row>,
  shape: (row: Row, organizationId: string) => Shape,
  { filter, orderBy, first, after }: Arguments,
  { database, viewer: { organizationId } }: Context,
): Promise<Connection<Shape>> {
  const size = pageSize(first);
  const order = orderBy ?? 'NAME';
  const keyset = decodeKeyset(after, order === 'NAME' ? ['text', 'uuid'] : ['instant', 'uuid']);
  const conditions: DesignFilter = {
    ...filter,
    search: searchText('search', filter?.search),
    label: searchText('label', filter?.label),
    isArchived: filter?.isArchived ?? false,
  };
  const place = keyset && { value: keyset[0], id: keyset[1] };
  const rows = await list.read(database, organizationId, conditions, order, place, size + 1);
  const { edges, pageInfo } = toPage(rows, size, after, ({ sortValue, id }) => [sortValue, id]);
  return {
    edges: edges.map(({ cursor, node }) => ({ cursor, node: shape(node, organizationId) })),
    pageInfo,
    totalCount: () => list.count(database, organizationId, conditions),
  };
}
