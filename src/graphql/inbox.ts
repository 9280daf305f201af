/** The inbox: somebody's tasks over all executions. */
import { DateTime } from 'luxon';
import { ForbiddenError } from '../commands/execute.ts';
import { assigneeIds, may, visibilityScope, type Viewer } from '../commands/viewer.ts';
import { encodePosition } from '../store/event-cursor.ts';
import { readPosition } from '../store/event-log.ts';
import {
  readInboxCounts,
  readInboxPage,
  type DueBounds,
  type InboxCounts,
  type InboxRow,
} from '../store/inbox.ts';
import { readMemberships, type Membership } from '../store/people.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { argumentKey, parseId } from './ids.ts';
import { inboxArguments, toFilter, toOrder } from './inbox-filter.ts';
import { decodeKeyset } from './keyset.ts';
import type { Loaders } from './loaders.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { TaskRef } from './refs.ts';

export const InboxCountsRef = builder.objectRef<InboxCounts>('InboxCounts').implement({
  description: 'How many tasks fit the filter in each bucket, whatever the filter says about due dates.',
  fields: (t) => ({
    overdue: t.exposeInt('overdue', { description: 'Due date has passed.' }),
    today: t.exposeInt('today', { description: 'Due later today.' }),
    thisWeek: t.exposeInt('thisWeek', { description: 'Due after today, until Sunday.' }),
    later: t.exposeInt('later', { description: 'Due after this week.' }),
    withoutDate: t.exposeInt('withoutDate', { description: 'Without a due date.' }),
    blocked: t.exposeInt('blocked', {
      description: 'Open, but not to be worked on now; also counted in their bucket.',
    }),
  }),
});

interface InboxExtra {
  readonly counts: () => Promise<InboxCounts>;
  readonly position: string;
}

const InboxConnection = defineConnection<typeof TaskRef.$inferType, InboxExtra>('Inbox', TaskRef, {
  description: 'One page of an inbox, with its counts.',
  fields: (t) => ({
    counts: t.field({
      type: InboxCountsRef,
      description: 'The counts for the whole inbox; one statement, shared with `totalCount`.',
      resolve: ({ counts }) => counts(),
    }),
    position: t.exposeString('position', {
      description:
        'The event log’s position before the page was read: `inboxEvents(after:)` from here misses nothing.',
    }),
  }),
});

/** A user (their teams, and those for whom they stand in, included) or a team. */
export interface InboxOwner {
  readonly type: 'USER' | 'TEAM';
  readonly id: string;
}

/** Whose tasks: the viewer's own by default; another user's or a team's for those with the permission `work`. */
export function inboxOwner(assignee: string | null | undefined, viewer: Viewer): InboxOwner {
  if (assignee === null || assignee === undefined) return { type: 'USER', id: viewer.userId };
  if (parseId(assignee)?.type === 'Team') {
    const id = argumentKey('Team', assignee);
    if (!may(viewer, 'work') && !viewer.teamIds.includes(id)) {
      throw new ForbiddenError('Partners may only see the inboxes of their own teams.');
    }
    return { type: 'TEAM', id };
  }
  const id = argumentKey('User', assignee);
  if (id !== viewer.userId && !may(viewer, 'work'))
    throw new ForbiddenError('Partners may only see their own inbox.');
  return { type: 'USER', id };
}

/** The users and teams whose tasks are in the inbox of a user: that user first. */
export function assigneesOf(userId: string, membership: Membership | null | undefined): readonly string[] {
  return [userId, ...(membership?.teamIds ?? []), ...(membership?.standsInFor ?? [])];
}

/** The users and teams whose tasks are in the inbox. */
export async function inboxAssignees(
  assignee: string | null | undefined,
  { viewer, database, clock }: Pick<Context, 'viewer' | 'database' | 'clock'>,
): Promise<readonly string[]> {
  const { type, id } = inboxOwner(assignee, viewer);
  if (type === 'TEAM') return [id];
  if (id === viewer.userId) return assigneeIds(viewer);
  const found = await readMemberships(database, viewer.organizationId, [id], clock().toISOString());
  return assigneesOf(id, found.get(id));
}

/** What was read with the row needs not be read again in this step. */
export function primeRow({ task, execution, phase, entity }: InboxRow, loaders: Loaders): void {
  loaders.tasks.prime(task.id, task);
  loaders.executions.prime(execution.id, execution);
  if (phase) loaders.phases.prime(phase.id, phase);
  loaders.entities.prime(entity.id, entity);
}

/** Where the buckets begin and end, in the organization's time zone; weeks begin on Monday. */
export function dueBounds(now: Date, timeZone: string): DueBounds {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  const iso = (at: DateTime) => at.toJSDate().toISOString();
  return {
    now: now.toISOString(),
    endOfToday: iso(local.startOf('day').plus({ days: 1 })),
    endOfWeek: iso(local.startOf('week').plus({ weeks: 1 })),
  };
}

builder.queryField('inbox', (t) =>
  t.field({
    type: InboxConnection,
    nullable: true,
    description:
      'The tasks that are assigned to somebody, also through teams, over all executions; and those of absent users for whom they stand in.',
    args: {
      ...pageArguments(),
      ...inboxArguments(),
    },
    resolve: async (_root, args, context) => {
      const { database, viewer, clock, loaders } = context;
      const { organizationId } = viewer;
      const size = pageSize(args.first);
      const order = toOrder(args.orderBy);
      const after = decodeKeyset(args.after, [order.order === 'NAME' ? 'text' : 'date', 'uuid']);
      const scope = visibilityScope(viewer);
      const asked = toFilter(args.filter);
      const filter = { ...asked, assigneeIds: await inboxAssignees(args.assignee, context) };
      const bounds = dueBounds(clock(), viewer.timeZone);
      // Before the page: what is committed between the two is then sent once too often, but never missed.
      const position = await readPosition(database, organizationId);
      const rows = await readInboxPage(database, organizationId, scope, filter, bounds, {
        ...order,
        after,
        limit: size + 1,
      });
      for (const row of rows) primeRow(row, loaders);
      let counted: Promise<InboxCounts> | undefined;
      const counts = () => (counted ??= readInboxCounts(database, organizationId, scope, filter, bounds));
      const { edges, pageInfo } = toPage(rows, size, args.after, ({ sortKey, task }) => [sortKey, task.id]);
      return {
        edges: edges.map(({ cursor, node }) => ({ cursor, node: node.task })),
        pageInfo,
        totalCount: async () => (await counts()).total,
        counts,
        position: encodePosition(position),
      };
    },
  }),
);
