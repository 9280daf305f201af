/** Executions without their phases and tasks: by id, by entity, and as a list. */
import type { ExecutionStatus } from '../engine/state.ts';
import {
  EXECUTION_COLUMNS,
  executionFromRow,
  type ExecutionRecord,
  type ExecutionRow,
} from './execution-records.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

const byIds = statement<ExecutionRow>(
  'execution.byIds',
  `select ${EXECUTION_COLUMNS} from execution e
   where e.organization_id = $1 and e.id = any($2::uuid[]) and ${visibleThrough('$3')}`,
);

/** The executions with these ids that can be seen through the scope, in no order. */
export async function readExecutions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<ExecutionRecord[]> {
  const rows = await db.query(byIds, [organizationId, ids, scope]);
  return rows.map(executionFromRow);
}

/** One page of each entity's executions. */
export interface EntityExecutionsPage {
  /** Null for all. */
  readonly statuses: readonly ExecutionStatus[] | null;
  /** The execution after which to go on; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

// Newest first: ids are UUIDv7, so their order is that of the starts.
const byEntities = statement<ExecutionRow & { forEntityId: string }>(
  'execution.byEntities',
  `select n.id as "forEntityId", page.* from unnest($2::uuid[]) as n(id)
   cross join lateral (
     select ${EXECUTION_COLUMNS} from execution_entity x
     join execution e on e.organization_id = x.organization_id and e.id = x.execution_id
     where x.organization_id = $1 and x.entity_id = n.id and ${visibleThrough('$3')}
       and ($4::text[] is null or e.status = any($4::text[])) and ($5::uuid is null or e.id < $5::uuid)
     order by e.id desc limit $6) page`,
);

/** For each entity the executions on it, those of which it is only context included, newest first. */
export async function readExecutionsOfEntities(
  db: Queryable,
  organizationId: string,
  entityIds: readonly string[],
  scope: readonly string[] | null,
  page: EntityExecutionsPage,
): Promise<Map<string, ExecutionRecord[]>> {
  const rows = await db.query(byEntities, [
    organizationId,
    entityIds,
    scope,
    page.statuses,
    page.after,
    page.limit,
  ]);
  const byEntity = new Map<string, ExecutionRecord[]>(entityIds.map((id) => [id, []]));
  for (const { forEntityId, ...row } of rows) byEntity.get(forEntityId)?.push(executionFromRow(row));
  return byEntity;
}

export interface ExecutionFilter {
  readonly statuses: readonly ExecutionStatus[] | null;
  readonly definitionIds: readonly string[] | null;
  readonly entityIds: readonly string[] | null;
  /** Part of the execution's name or its entity's title. */
  readonly search: string | null;
}

export type ExecutionOrder = 'STARTED_AT' | 'NAME' | 'DUE_AT';

/** The sort key of each order, and how it compares going forward. Executions without a due date come last. */
const ORDERS: Readonly<
  Record<ExecutionOrder, { readonly key: string; readonly type: string; readonly isDescending: boolean }>
> = {
  STARTED_AT: { key: 'e.started_at', type: 'timestamptz', isDescending: true },
  NAME: { key: 'e.name', type: 'text', isDescending: false },
  DUE_AT: { key: `coalesce(e.due_at, 'infinity')`, type: 'timestamptz', isDescending: false },
};

const FILTER = `e.organization_id = $1 and ${visibleThrough('$2')}
  and ($3::text[] is null or e.status = any($3::text[]))
  and ($4::uuid[] is null or e.definition_id = any($4::uuid[]))
  and ($5::uuid[] is null or exists (select 1 from execution_entity x
       where x.organization_id = e.organization_id and x.execution_id = e.id and x.entity_id = any($5::uuid[])))
  and ($6::text is null or e.name ilike $6 or exists (select 1 from entity n
       where n.organization_id = e.organization_id and n.id = e.entity_id and n.title ilike $6))`;

function listStatement(order: ExecutionOrder) {
  const { key, type, isDescending } = ORDERS[order];
  const direction = isDescending ? 'desc' : 'asc';
  return statement<ExecutionRow>(
    `execution.list.${order}`,
    `select ${EXECUTION_COLUMNS} from execution e
     where ${FILTER} and ($7::text is null or (${key}, e.id) ${isDescending ? '<' : '>'} ($7::${type}, $8::uuid))
     order by ${key} ${direction}, e.id ${direction} limit $9`,
  );
}

const lists = {
  STARTED_AT: listStatement('STARTED_AT'),
  NAME: listStatement('NAME'),
  DUE_AT: listStatement('DUE_AT'),
};

const count = statement<{ count: number }>(
  'execution.count',
  `select count(*)::int as count from execution e where ${FILTER}`,
);

/** `%…%` for ILIKE, with the wildcards of the text itself taken literally. */
export function containsPattern(search: string | null): string | null {
  return search === null ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
}

function filterValues(organizationId: string, scope: readonly string[] | null, filter: ExecutionFilter) {
  return [
    organizationId,
    scope,
    filter.statuses,
    filter.definitionIds,
    filter.entityIds,
    containsPattern(filter.search),
  ];
}

/** What the list's statement sorts by, as it takes it back. */
function sortKeyOf({ startedAt, name, dueAt }: ExecutionRecord, order: ExecutionOrder): string {
  return { STARTED_AT: startedAt, NAME: name, DUE_AT: dueAt ?? 'infinity' }[order];
}

/** Executions that fit the filter, in the order, after the cursor (sort key and id), with their sort keys. */
export async function listExecutions(
  db: Queryable,
  organizationId: string,
  scope: readonly string[] | null,
  filter: ExecutionFilter,
  page: { readonly order: ExecutionOrder; readonly after: readonly string[] | null; readonly limit: number },
): Promise<{ readonly execution: ExecutionRecord; readonly sortKey: string }[]> {
  const [key, id] = page.after ?? [null, null];
  const rows = await db.query(lists[page.order], [
    ...filterValues(organizationId, scope, filter),
    key,
    id,
    page.limit,
  ]);
  return rows.map((row) => {
    const execution = executionFromRow(row);
    return { execution, sortKey: sortKeyOf(execution, page.order) };
  });
}

/** How many executions fit the filter. */
export async function countExecutions(
  db: Queryable,
  organizationId: string,
  scope: readonly string[] | null,
  filter: ExecutionFilter,
): Promise<number> {
  const [row] = await db.query(count, filterValues(organizationId, scope, filter));
  return row?.count ?? 0;
}
