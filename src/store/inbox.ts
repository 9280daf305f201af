/** The inbox: the tasks of somebody, over all executions. */
import type { ExecutionStatus, TaskStatus } from '../engine/state.ts';
import { ENTITY_COLUMNS, entityFromJson, type EntityRecord } from './entities.ts';
import { containsPattern } from './execution-lists.ts';
import {
  EXECUTION_COLUMNS,
  executionFromRow,
  PHASE_COLUMNS,
  phaseFromRow,
  TASK_COLUMNS,
  taskFromRow,
  type ExecutionRecord,
  type ExecutionRow,
  type PhaseRecord,
  type PhaseRow,
  type TaskRecord,
  type TaskRow,
} from './execution-records.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

/** When a task is due, seen from now. A task has exactly one. */
export type DueBucket = 'OVERDUE' | 'TODAY' | 'THIS_WEEK' | 'LATER' | 'WITHOUT_DATE';

export interface InboxFilter {
  /** Users and teams; a task belongs if it is assigned to one of them. */
  readonly assigneeIds: readonly string[];
  readonly statuses: readonly TaskStatus[];
  readonly due: readonly DueBucket[] | null;
  readonly definitionIds: readonly string[] | null;
  readonly entityIds: readonly string[] | null;
  readonly phaseKeys: readonly string[] | null;
  /** Part of the task's or execution's name or the entity's title. */
  readonly search: string | null;
  readonly isEnabled: boolean | null;
}

/** The bounds of the buckets, as instants. */
export interface DueBounds {
  readonly now: string;
  /** The first instant that is no longer today. */
  readonly endOfToday: string;
  /** The first instant that is no longer this week. */
  readonly endOfWeek: string;
}

export type InboxOrder = 'DUE_AT' | 'STARTED_AT' | 'NAME';

/** A task with the objects around it, so that a page needs no further reads for them. */
export interface InboxRow {
  readonly task: TaskRecord;
  readonly execution: ExecutionRecord;
  readonly phase: PhaseRecord | null;
  readonly entity: EntityRecord;
  readonly sortKey: string;
}

export interface InboxCounts {
  readonly total: number;
  readonly overdue: number;
  readonly today: number;
  readonly thisWeek: number;
  readonly later: number;
  readonly withoutDate: number;
  readonly blocked: number;
  /** The first due date that is still to come, whatever the filter says about due dates: until then no task becomes overdue. */
  readonly nextDueAt: string | null;
}

const BUCKET = `case when t.due_at is null then 'WITHOUT_DATE' when t.due_at < $11 then 'OVERDUE'
  when t.due_at < $12 then 'TODAY' when t.due_at < $13 then 'THIS_WEEK' else 'LATER' end`;

/** The same for one date. */
export function dueBucket(dueAt: string | null, { now, endOfToday, endOfWeek }: DueBounds): DueBucket {
  if (dueAt === null) return 'WITHOUT_DATE';
  if (dueAt < now) return 'OVERDUE';
  if (dueAt < endOfToday) return 'TODAY';
  return dueAt < endOfWeek ? 'THIS_WEEK' : 'LATER';
}

// Open tasks count only while their execution is open: those of a closed one keep their status but can't be worked on.
const FROM = `from task t
  join execution e on e.organization_id = t.organization_id and e.id = t.execution_id
  join entity n on n.organization_id = e.organization_id and n.id = e.entity_id
  left join phase p on p.organization_id = t.organization_id and p.id = t.phase_id
  where t.organization_id = $1
    and t.id in (select a.task_id from task_assignee a
                 where a.organization_id = $1 and (a.user_id = any($3::uuid[]) or a.team_id = any($3::uuid[])))
    and ${visibleThrough('$2')}
    and t.status = any($4::text[]) and (e.status in ('STARTED', 'FAILED') or t.status in ('COMPLETED', 'SKIPPED'))
    and ($5::uuid[] is null or e.definition_id = any($5::uuid[]))
    and ($6::uuid[] is null or exists (select 1 from execution_entity x
         where x.organization_id = e.organization_id and x.execution_id = e.id and x.entity_id = any($6::uuid[])))
    and ($7::text[] is null or p.key = any($7::text[]))
    and ($8::text is null or t.name ilike $8 or e.name ilike $8 or n.title ilike $8)
    and ($9::boolean is null or t.is_enabled = $9)`;

/** Tasks without a due date come last in either direction. */
const ORDERS: Readonly<
  Record<InboxOrder, { readonly type: string; readonly ascending: string; readonly descending: string }>
> = {
  DUE_AT: {
    type: 'timestamptz',
    ascending: `coalesce(t.due_at, 'infinity')`,
    descending: `coalesce(t.due_at, '-infinity')`,
  },
  STARTED_AT: { type: 'timestamptz', ascending: 'e.started_at', descending: 'e.started_at' },
  NAME: { type: 'text', ascending: 't.name', descending: 't.name' },
};

interface PageRow extends TaskRow {
  executionStatus: ExecutionStatus;
  execution: ExecutionRow;
  phase: PhaseRow | null;
  entity: EntityRecord;
}

function pageStatement(order: InboxOrder, isDescending: boolean) {
  const { type, ascending, descending } = ORDERS[order];
  const key = isDescending ? descending : ascending;
  const direction = isDescending ? 'desc' : 'asc';
  return statement<PageRow>(
    `inbox.page.${order}.${direction}`,
    `select ${TASK_COLUMNS}, e.status as "executionStatus",
       (select row_to_json(r) from (select ${EXECUTION_COLUMNS}) r) as execution,
       case when p.id is not null then (select row_to_json(r) from (select ${PHASE_COLUMNS}) r) end as phase,
       (select row_to_json(r) from (select ${ENTITY_COLUMNS}) r) as entity
     ${FROM}
       and ($10::text[] is null or ${BUCKET} = any($10::text[]))
       and ($14::text is null or (${key}, t.id) ${isDescending ? '<' : '>'} ($14::${type}, $15::uuid))
     order by ${key} ${direction}, t.id ${direction} limit $16`,
  );
}

const pages = {
  DUE_AT: [pageStatement('DUE_AT', false), pageStatement('DUE_AT', true)],
  STARTED_AT: [pageStatement('STARTED_AT', false), pageStatement('STARTED_AT', true)],
  NAME: [pageStatement('NAME', false), pageStatement('NAME', true)],
} as const;

const counts = statement<InboxCounts>(
  'inbox.counts',
  `select count(*) filter (where $10::text[] is null or bucket = any($10::text[]))::int as total,
     count(*) filter (where bucket = 'OVERDUE')::int as overdue, count(*) filter (where bucket = 'TODAY')::int as today,
     count(*) filter (where bucket = 'THIS_WEEK')::int as "thisWeek", count(*) filter (where bucket = 'LATER')::int as later,
     count(*) filter (where bucket = 'WITHOUT_DATE')::int as "withoutDate",
     count(*) filter (where is_blocked)::int as blocked,
     min(due_at) filter (where bucket <> 'OVERDUE') as "nextDueAt"
   from (select ${BUCKET} as bucket, t.due_at, not t.is_enabled and t.status not in ('COMPLETED', 'SKIPPED') as is_blocked ${FROM}) b`,
);

function filterValues(
  organizationId: string,
  scope: readonly string[] | null,
  filter: InboxFilter,
  bounds: DueBounds,
): unknown[] {
  return [
    organizationId,
    scope,
    filter.assigneeIds,
    filter.statuses,
    filter.definitionIds,
    filter.entityIds,
    filter.phaseKeys,
    containsPattern(filter.search),
    filter.isEnabled,
    filter.due,
    bounds.now,
    bounds.endOfToday,
    bounds.endOfWeek,
  ];
}

function rowToInbox({
  executionStatus,
  execution,
  phase,
  entity,
  ...task
}: PageRow): Omit<InboxRow, 'sortKey'> {
  return {
    task: taskFromRow(task, executionStatus),
    execution: executionFromRow(execution),
    phase: phase ? phaseFromRow(phase) : null,
    entity: entityFromJson(entity),
  };
}

/** What the page's statement sorts by, as it takes it back. */
function sortKeyOf(
  { task, execution }: Omit<InboxRow, 'sortKey'>,
  { order, isDescending }: { readonly order: InboxOrder; readonly isDescending: boolean },
): string {
  switch (order) {
    case 'DUE_AT':
      return task.dueAt ?? (isDescending ? '-infinity' : 'infinity');
    case 'STARTED_AT':
      return execution.startedAt;
    case 'NAME':
      return task.name;
  }
}

/** The tasks that fit the filter, in the order, after the cursor (sort key and task id). */
export async function readInboxPage(
  db: Queryable,
  organizationId: string,
  scope: readonly string[] | null,
  filter: InboxFilter,
  bounds: DueBounds,
  page: {
    readonly order: InboxOrder;
    readonly isDescending: boolean;
    readonly after: readonly string[] | null;
    readonly limit: number;
  },
): Promise<InboxRow[]> {
  const [key, id] = page.after ?? [null, null];
  const values = [...filterValues(organizationId, scope, filter, bounds), key, id, page.limit];
  const rows = await db.query(pages[page.order][page.isDescending ? 1 : 0], values);
  return rows.map((row) => {
    const found = rowToInbox(row);
    return { ...found, sortKey: sortKeyOf(found, page) };
  });
}

/** How many tasks fit the filter, and how many would in each bucket if the filter did not ask for due dates. */
export async function readInboxCounts(
  db: Queryable,
  organizationId: string,
  scope: readonly string[] | null,
  filter: InboxFilter,
  bounds: DueBounds,
): Promise<InboxCounts> {
  const [row] = await db.query(counts, filterValues(organizationId, scope, filter, bounds));
  if (!row) throw new Error('a count answered no row');
  return row;
}
