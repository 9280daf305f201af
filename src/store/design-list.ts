/** Lists of what is drawn up as a draft and published in versions (definitions, automations), in keyset pages. None reads a draft, which may be large. */
import { statement, type Queryable, type Statement } from './statement.ts';

/** Where designs of one kind are kept. */
export interface DesignTable {
  readonly name: 'definition' | 'automation';
  /** What `columns` and `labels` call it. */
  readonly alias: string;
  /** All but the draft. */
  readonly columns: string;
  /** SQL for its labels. */
  readonly labels: string;
}

/** What a list is limited to; null or left out: no limit. */
export interface DesignFilter {
  /** A part of the name, in any case. */
  readonly search?: string | null | undefined;
  /** One of its labels. */
  readonly label?: string | null | undefined;
  readonly isEnabled?: boolean | null | undefined;
  readonly isArchived?: boolean | null | undefined;
  readonly isPublished?: boolean | null | undefined;
}

/** NAME: from A to Z, whatever the case. UPDATED_AT: last changed first. */
export type DesignOrder = 'NAME' | 'UPDATED_AT';

/** The place of a row in its list: its sort value and its id. */
export interface DesignKey {
  readonly value: string;
  readonly id: string;
}

/** A design, and the text that its list is sorted by. */
export type Listed<Row> = Row & { readonly sortValue: string };

export interface DesignList<Row> {
  /** At most `limit` that match, those after `after`. */
  readonly read: (
    db: Queryable,
    organizationId: string,
    filter: DesignFilter,
    orderBy: DesignOrder,
    after: DesignKey | null,
    limit: number,
  ) => Promise<Listed<Row>[]>;
  /** How many match. */
  readonly count: (db: Queryable, organizationId: string, filter: DesignFilter) => Promise<number>;
}

function filterValues(organizationId: string, filter: DesignFilter): unknown[] {
  return [
    organizationId,
    filter.search ?? null,
    filter.label ?? null,
    filter.isEnabled ?? null,
    filter.isArchived ?? null,
    filter.isPublished ?? null,
  ];
}

/** The list of all designs of an organization that are kept in this table, whose columns make a `Row`. */
export function designList<Row>({ name, alias: d, columns, labels }: DesignTable): DesignList<Row> {
  const matches = `${d}.organization_id = $1
    and ($2::text is null or strpos(lower(${d}.name), lower($2)) > 0)
    and ($3::text is null or $3 = any(${labels}))
    and ($4::boolean is null or ${d}.is_enabled = $4)
    and ($5::boolean is null or ${d}.is_archived = $5)
    and ($6::boolean is null or (${d}.published_number is not null) = $6)`;

  const pages: Readonly<Record<DesignOrder, Statement<Listed<Row>>>> = {
    NAME: statement(
      `${name}.listByName`,
      `select ${columns}, lower(${d}.name) as "sortValue" from ${name} ${d}
       where ${matches} and ($7::text is null or (lower(${d}.name), ${d}.id) > ($7, $8::uuid))
       order by lower(${d}.name), ${d}.id limit $9`,
    ),
    UPDATED_AT: statement(
      `${name}.listByUpdatedAt`,
      `select ${columns}, ${d}.updated_at as "sortValue" from ${name} ${d}
       where ${matches} and ($7::timestamptz is null or (${d}.updated_at, ${d}.id) < ($7, $8::uuid))
       order by ${d}.updated_at desc, ${d}.id desc limit $9`,
    ),
  };
  const all = statement<{ count: number }>(
    `${name}.count`,
    `select count(*) as count from ${name} ${d} where ${matches}`,
  );

  return {
    read: (db, organizationId, filter, orderBy, after, limit) =>
      db.query(pages[orderBy], [
        ...filterValues(organizationId, filter),
        after?.value ?? null,
        after?.id ?? null,
        limit,
      ]),
    count: async (db, organizationId, filter) => {
      const [row] = await db.query(all, filterValues(organizationId, filter));
      return row?.count ?? 0;
    },
  };
}
