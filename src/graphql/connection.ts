/** The form of every list that is read in pages: edges, nodes, where one is, and how many there are. */
import type { FieldMap, ObjectRef } from '@pothos/core';
import { builder, type ApiTypes } from './builder.ts';
import type { Page } from './page.ts';

/** What a resolver answers for a connection: a page (see `toPage`), and how to count the whole list if it can be counted. */
export interface Connection<Row> extends Page<Row> {
  /** Counts the rows of all pages. Only called when `totalCount` is selected; left out, `totalCount` is null. */
  readonly totalCount?: () => Promise<number>;
}

type ConnectionFields<Row, Extra> = (
  t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Connection<Row> & Extra>,
) => FieldMap;

const PageInfoRef = builder.objectRef<Page<unknown>['pageInfo']>('PageInfo').implement({
  description: 'Where a page is in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether rows follow this page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether the page was asked for with `after`, so that rows may come before it.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the page’s first row; null if it has none.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the page’s last row, the `after` of the next page; null if it has none.',
    }),
  }),
});

/** The rows have been counted with the connection, where `first` is known. */
const ONCE = { multiplier: 1 };

function article(name: string): string {
  return /^[AEIO]/.test(name) ? 'an' : 'a';
}

/**
 * Adds the types `<name>Connection` and `<name>Edge` for lists of `ref` and answers the first. Its fields take a `Connection` value:
 *
 *     t.field({ type: TeamConnection, args: { ...pageArguments() }, resolve: () => ({ ...toPage(…), totalCount: () => … }) })
 *
 * `fields` adds more beside `edges`, `nodes`, `pageInfo` and `totalCount`; they read what `Extra` says that the value has.
 */
export function defineConnection<Row, Extra extends object = object>(
  name: string,
  ref: ObjectRef<ApiTypes, Row>,
  options: { readonly description?: string; readonly fields?: ConnectionFields<Row, Extra> } = {},
): ObjectRef<ApiTypes, Connection<Row> & Extra> {
  const Edge = builder.objectRef<Page<Row>['edges'][number]>(`${name}Edge`);
  Edge.implement({
    description: `One row of ${article(name)} \`${name}Connection\`.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'Where the row is in the list: the `after` of a page that begins behind it.',
        resolve: ({ cursor }) => cursor,
      }),
      node: t.field({ type: ref, description: 'The object itself.', resolve: ({ node }) => node as never }),
    }),
  });
  const Connection = builder.objectRef<Connection<Row> & Extra>(`${name}Connection`);
  Connection.implement({
    description: options.description ?? `One page of a list of ${ref.name} objects.`,
    fields: (t) => ({
      edges: t.field({
        type: [Edge],
        complexity: ONCE,
        description: 'The page’s rows with their cursors, in order.',
        resolve: ({ edges }) => edges,
      }),
      nodes: t.field({
        type: [ref],
        complexity: ONCE,
        description: 'The page’s rows without cursors, in order.',
        resolve: ({ edges }) => edges.map(({ node }) => node) as never,
      }),
      pageInfo: t.field({
        type: PageInfoRef,
        description: 'Where this page is in the list.',
        resolve: ({ pageInfo }) => pageInfo,
      }),
      totalCount: t.int({
        nullable: true,
        description:
          'How many rows all pages have together, counted now; null if this list is not counted. Costs a statement of its own.',
        resolve: ({ totalCount }) => totalCount?.() ?? null,
      }),
    }),
  });
  if (options.fields) builder.objectFields(Connection, options.fields);
  return Connection;
}
