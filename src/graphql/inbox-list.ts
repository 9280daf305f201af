/** The inbox as a list that is read again and again: what may have changed it, and when. */
import { visibilityScope, type Viewer } from '../commands/viewer.ts';
import { isExecutionOpen, isFinished } from '../engine/transition.ts';
import type { ListRow } from '../live/list/concern.ts';
import type { ListQuery, ListReading } from '../live/list/list.ts';
import type { StoredEvent, SubjectType } from '../store/event-log.ts';
import {
  dueBucket,
  readInboxCounts,
  readInboxPage,
  type DueBounds,
  type InboxCounts,
  type InboxFilter,
  type InboxOrder,
  type InboxRow,
} from '../store/inbox.ts';
import { readCalendar } from '../store/organizations.ts';
import { readMemberships, type Membership } from '../store/people.ts';
import type { Context } from './context.ts';
import { assigneesOf, dueBounds, type InboxOwner } from './inbox.ts';
import { firstMoment, nextDueBeyond, overdueFrom } from './list-moments.ts';
import { mayMoveScope, readAs, type Present } from './list-source.ts';
import type { SelectionReach } from './reach.ts';

/** A row, with what is watched of it. */
export type InboxListRow = InboxRow & ListRow;

/** What is told beside the rows. */
export interface InboxListState {
  readonly counts: InboxCounts;
  readonly hasMore: boolean;
}

/** What is asked for, whoever asks. */
interface InboxQuestion {
  readonly owner: InboxOwner;
  readonly filter: Omit<InboxFilter, 'assigneeIds'>;
  readonly order: InboxOrder;
  readonly isDescending: boolean;
  readonly size: number;
}

/** What the reader may have, and whose tasks are in the inbox, at one moment. */
interface Rights {
  readonly scope: readonly string[] | null;
  readonly assigneeIds: readonly string[];
}

function isSame(one: Rights, other: Rights): boolean {
  return JSON.stringify([one.scope, one.assigneeIds]) === JSON.stringify([other.scope, other.assigneeIds]);
}

/** Whose tasks the viewer gets: nobody's any more for a partner who has left the team. */
function assigneesFor(
  { type, id }: InboxOwner,
  viewer: Viewer,
  membership: Membership | null,
): readonly string[] {
  if (type === 'USER') return assigneesOf(id, membership);
  const scope = visibilityScope(viewer);
  return scope === null || scope.includes(id) ? [id] : [];
}

/** `beyond`: what of that which the row leads to changes with the time. */
function toRow(row: InboxRow, bounds: DueBounds, beyond: string | null): InboxListRow {
  const { id, executionId, dueAt, status, executionStatus } = row.task;
  const isLate =
    dueAt !== null && dueAt < bounds.now && isExecutionOpen(executionStatus) && !isFinished(status);
  const timed = [dueBucket(dueAt, bounds), isLate, beyond].join();
  return { ...row, id, executionId, entityIds: row.execution.entityIds, timed };
}

/** The list as its reader sees it. Its assignees follow their teams and absences, its buckets the clock and the organization's time zone. */
export function inboxQuery(
  { owner, filter, order, isDescending, size }: InboxQuestion,
  reach: SelectionReach,
  { database, clock, viewer: { organizationId } }: Context,
  present: Present,
): ListQuery<InboxListRow, InboxListState> {
  let known: Rights | null = null;
  let timeZone: string | null = null;
  let ofOwner: Membership | null = null;

  async function readRights(): Promise<Rights | null> {
    const viewer = await present();
    if (viewer === null) return null;
    // Not the viewer's own, also in their own inbox: who shares the list reads as nobody in particular.
    if (owner.type === 'USER') {
      const moment = clock().toISOString();
      ofOwner ??= (await readMemberships(database, organizationId, [owner.id], moment)).get(owner.id) ?? null;
    }
    return { scope: visibilityScope(viewer), assigneeIds: assigneesFor(owner, viewer, ofOwner) };
  }

  async function readPage({
    scope,
    assigneeIds,
  }: Rights): Promise<ListReading<InboxListRow, InboxListState>> {
    timeZone ??= (await readCalendar(database, organizationId)).calendar.timeZone;
    const bounds = dueBounds(clock(), timeZone);
    const asked = { ...filter, assigneeIds };
    const page = { order, isDescending, after: null, limit: size + 1 };
    const [found, counts] = await Promise.all([
      readInboxPage(database, organizationId, scope, asked, bounds, page),
      readInboxCounts(database, organizationId, scope, asked, bounds),
    ]);
    const shown = found.slice(0, size);
    const entityIds = shown.flatMap(({ execution }) => execution.entityIds);
    const beyond = await nextDueBeyond(reach, database, organizationId, bounds.now, entityIds);
    // Those who are due later come into another bucket when the day ends.
    const endOfDay = counts.thisWeek + counts.later > 0 ? Date.parse(bounds.endOfToday) : Infinity;
    return {
      rows: shown.map((row) => toRow(row, bounds, beyond)),
      state: { counts, hasMore: found.length > size },
      header: null,
      nextAt: firstMoment([overdueFrom(counts.nextDueAt), overdueFrom(beyond), endOfDay]),
    };
  }

  return {
    organizationId,
    reach,
    async read(seen: ReadonlySet<SubjectType> | null) {
      if (seen?.has('ORGANIZATION')) timeZone = null;
      if (seen?.has('TEAM') || seen?.has('USER') || seen?.has('ABSENCE')) ofOwner = null;
      const read = await readAs(known, readRights, isSame, readPage);
      known = read?.rights ?? null;
      return read?.reading ?? null;
    },
    mayChange(event: StoredEvent) {
      const { subjectType, audience, entityIds, changedFields } = event;
      // It concerns its user, not their tasks.
      if (subjectType === 'NOTIFICATION') return false;
      if (audience.some((id) => known?.assigneeIds.includes(id))) return true;
      if (mayMoveScope(event, known?.scope)) return true;
      // The context of an execution concerns none of those who work in it.
      if (subjectType === 'EXECUTION' && entityIds.some((id) => filter.entityIds?.includes(id))) return true;
      if (filter.search === null) return false;
      return (
        (subjectType === 'ENTITY' && changedFields.includes('title')) ||
        (subjectType === 'EXECUTION' && changedFields.includes('name'))
      );
    },
  };
}
