/** The executions on an entity as a list that is read again and again: what may have changed it, and when. */
import { visibilityScope } from '../commands/viewer.ts';
import { isExecutionOpen } from '../engine/transition.ts';
import type { ExecutionStatus } from '../engine/state.ts';
import type { ListRow } from '../live/list/concern.ts';
import type { ListQuery, ListReading } from '../live/list/list.ts';
import { readEntities, type EntityRecord } from '../store/entities.ts';
import { countExecutions, readExecutionsOfEntities } from '../store/execution-lists.ts';
import type { ExecutionRecord } from '../store/execution-records.ts';
import type { Context } from './context.ts';
import { firstMoment, nextDueBeyond, overdueFrom } from './list-moments.ts';
import { mayMoveScope, readAs, type Present } from './list-source.ts';
import type { SelectionReach } from './reach.ts';

/** A row, with what is watched of it. */
export type SidebarListRow = ListRow & { readonly execution: ExecutionRecord };

/** What is told beside the rows. */
export interface SidebarListState {
  readonly totalCount: number;
  readonly hasMore: boolean;
  /** Null also if it is not selected. */
  readonly entity: EntityRecord | null;
}

/** What is asked for, whoever asks. */
interface SidebarQuestion {
  readonly entityId: string;
  /** Null for all. */
  readonly statuses: readonly ExecutionStatus[] | null;
  readonly size: number;
}

interface Rights {
  readonly scope: readonly string[] | null;
}

function isSame(one: Rights, other: Rights): boolean {
  return JSON.stringify(one.scope) === JSON.stringify(other.scope);
}

/** `beyond`: what of that which the row leads to changes with the time. */
function toRow(execution: ExecutionRecord, now: string, beyond: string | null): SidebarListRow {
  const { id, status, dueAt, entityIds } = execution;
  const isLate = isExecutionOpen(status) && dueAt !== null && dueAt < now;
  return { id, executionId: id, entityIds, execution, timed: [isLate, beyond].join() };
}

/** From when on one more of the rows is overdue. */
function nextOverdue(rows: readonly SidebarListRow[], now: string): number {
  return Math.min(
    ...rows.map(({ execution: { status, dueAt } }) =>
      isExecutionOpen(status) && dueAt !== null && dueAt >= now ? overdueFrom(dueAt) : Infinity,
    ),
  );
}

/** The list as its reader sees it. */
export function sidebarQuery(
  { entityId, statuses, size }: SidebarQuestion,
  reach: SelectionReach,
  { database, clock, viewer: { organizationId } }: Context,
  present: Present,
): ListQuery<SidebarListRow, SidebarListState> {
  const hasEntity = reach.fields.has('entity');
  const filter = { statuses, definitionIds: null, entityIds: [entityId], search: null };
  const page = { statuses, after: null, limit: size + 1 };
  let known: Rights | null = null;

  async function readRights(): Promise<Rights | null> {
    const viewer = await present();
    return viewer && { scope: visibilityScope(viewer) };
  }

  async function readPage({ scope }: Rights): Promise<ListReading<SidebarListRow, SidebarListState>> {
    const now = clock().toISOString();
    const [found, totalCount, [entity = null]] = await Promise.all([
      readExecutionsOfEntities(database, organizationId, [entityId], scope, page),
      countExecutions(database, organizationId, scope, filter),
      hasEntity ? readEntities(database, organizationId, [entityId], scope) : [],
    ]);
    const executions = found.get(entityId) ?? [];
    const shown = executions.slice(0, size);
    const entityIds = [entityId, ...shown.flatMap((execution) => execution.entityIds)];
    const beyond = await nextDueBeyond(reach, database, organizationId, now, entityIds);
    const rows = shown.map((execution) => toRow(execution, now, beyond));
    return {
      rows,
      state: { totalCount, hasMore: executions.length > size, entity },
      header: hasEntity
        ? { id: 'entity', executionId: '', entityIds: [entityId], timed: String(beyond) }
        : null,
      nextAt: firstMoment([
        overdueFrom(beyond),
        reach.overdue === 'NOWHERE' ? Infinity : nextOverdue(rows, now),
      ]),
    };
  }

  return {
    organizationId,
    reach,
    async read() {
      const read = await readAs(known, readRights, isSame, readPage);
      known = read?.rights ?? null;
      return read?.reading ?? null;
    },
    mayChange: (event) => event.entityIds.includes(entityId) || mayMoveScope(event, known?.scope),
  };
}
