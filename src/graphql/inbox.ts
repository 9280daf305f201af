/** The inbox: somebody's tasks over all executions. */
import { DateTime } from 'luxon';
import { ForbiddenError } from '../commands/execute.ts';
import { assigneeIds, may, visibilityScope } from '../commands/viewer.ts';
import type { TaskStatus } from '../engine/state.ts';
import {
  readInboxCounts,
  readInboxPage,
  type DueBounds,
  type DueBucket,
  type InboxCounts,
  type InboxFilter,
} from '../store/inbox.ts';
import { encodePosition } from '../store/event-cursor.ts';
import { readPosition } from '../store/event-log.ts';
import { teamsOf } from '../store/people.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { TaskStatusEnum } from './enums.ts';
import { argumentKey, argumentKeys, limitArgumentList, parseId } from './ids.ts';
import { decodeKeyset, searchText } from './keyset.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { TaskRef } from './refs.ts';

const OPEN: readonly TaskStatus[] = ['PENDING', 'IN_PROGRESS', 'ON_HOLD'];

const DueBucketEnum = builder.enumType('DueBucket', {
  description:
    'When a task is due, seen from now in the organization’s time zone. Each task is in exactly one.',
  values: {
    OVERDUE: { description: 'Its date has passed.' },
    TODAY: { description: 'Later today.' },
    THIS_WEEK: { description: 'After today, until Sunday.' },
    LATER: { description: 'After this week.' },
    WITHOUT_DATE: { description: 'It has no due date.' },
  } as const,
});

const TaskFilterInput = builder.inputType('TaskFilter', {
  description: 'Which tasks of an inbox; all given conditions must hold.',
  fields: (t) => ({
    statuses: t.field({
      type: [TaskStatusEnum],
      description: 'With one of these statuses; PENDING, IN_PROGRESS and ON_HOLD if left out.',
    }),
    due: t.field({ type: [DueBucketEnum], description: 'Due at one of these times.' }),
    definitionIds: t.idList({
      description: 'Of executions of one of these WorkflowDefinitions, at most 100.',
    }),
    entityIds: t.idList({
      description: 'Of executions on, or related to, one of these Entities, at most 100.',
    }),
    phaseKeys: t.stringList({ description: 'In a phase with one of these keys, at most 100.' }),
    search: t.string({
      description:
        'With this text in the task’s or execution’s name or the entity’s title, in any case of letters.',
    }),
    isEnabled: t.boolean({ description: 'Only those that can be worked on now, or only those that can’t.' }),
  }),
});

const TaskOrderFieldEnum = builder.enumType('TaskOrderField', {
  description: 'By what the tasks of an inbox are ordered.',
  values: {
    DUE_AT: { description: 'By due date; tasks without one come last in either direction.' },
    STARTED_AT: { description: 'By the start of their execution.' },
    NAME: { description: 'By name.' },
  } as const,
});

const OrderDirectionEnum = builder.enumType('OrderDirection', {
  description: 'Which end comes first.',
  values: {
    ASC: { description: 'The smallest, earliest.' },
    DESC: { description: 'The largest, latest.' },
  } as const,
});

const TaskOrderInput = builder.inputType('TaskOrder', {
  description: 'The order of an inbox.',
  fields: (t) => ({
    field: t.field({ type: TaskOrderFieldEnum, required: true, description: 'By what.' }),
    direction: t.field({
      type: OrderDirectionEnum,
      defaultValue: 'ASC',
      description: 'Which end comes first.',
    }),
  }),
});

const InboxCountsRef = builder.objectRef<InboxCounts>('InboxCounts').implement({
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

/** Whose tasks: the viewer's own by default; another user's or a team's for those with the permission `work`. */
export async function inboxAssignees(
  assignee: string | null | undefined,
  context: Context,
): Promise<readonly string[]> {
  const { viewer, database } = context;
  if (assignee === null || assignee === undefined) return assigneeIds(viewer);
  if (parseId(assignee)?.type === 'Team') {
    const teamId = argumentKey('Team', assignee);
    if (!may(viewer, 'work') && !viewer.teamIds.includes(teamId)) {
      throw new ForbiddenError('Partners may only see the inboxes of their own teams.');
    }
    return [teamId];
  }
  const userId = argumentKey('User', assignee);
  if (userId === viewer.userId) return assigneeIds(viewer);
  if (!may(viewer, 'work')) throw new ForbiddenError('Partners may only see their own inbox.');
  return [userId, ...(await teamsOf(database, viewer.organizationId, userId))];
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

function phaseKeys(keys: readonly string[] | null | undefined): string[] | null {
  if (!keys) return null;
  limitArgumentList('filter.phaseKeys', keys);
  return keys.map((key) => searchText('filter.phaseKeys', key) ?? '');
}

function toFilter(
  ids: readonly string[],
  input: typeof TaskFilterInput.$inferInput | null | undefined,
): InboxFilter {
  return {
    assigneeIds: ids,
    statuses: (input?.statuses as TaskStatus[] | null | undefined) ?? OPEN,
    due: (input?.due as DueBucket[] | null | undefined) ?? null,
    definitionIds: argumentKeys('filter.definitionIds', 'WorkflowDefinition', input?.definitionIds),
    entityIds: argumentKeys('filter.entityIds', 'Entity', input?.entityIds),
    phaseKeys: phaseKeys(input?.phaseKeys),
    search: searchText('filter.search', input?.search),
    isEnabled: input?.isEnabled ?? null,
  };
}

builder.queryField('inbox', (t) =>
  t.field({
    type: InboxConnection,
    nullable: true,
    description: 'The tasks that are assigned to somebody, also through teams, over all executions.',
    args: {
      ...pageArguments(),
      assignee: t.arg.id({
        description: 'Whose: the id of a User (their teams included) or a Team; the viewer if left out.',
      }),
      filter: t.arg({ type: TaskFilterInput, description: 'Which tasks; all open ones if left out.' }),
      orderBy: t.arg({ type: TaskOrderInput, description: 'Their order; by due date if left out.' }),
    },
    resolve: async (_root, args, context) => {
      const { database, viewer, clock, loaders } = context;
      const { organizationId } = viewer;
      const size = pageSize(args.first);
      const after = decodeKeyset(args.after, [args.orderBy?.field === 'NAME' ? 'text' : 'date', 'uuid']);
      const scope = visibilityScope(viewer);
      const filter = toFilter(await inboxAssignees(args.assignee, context), args.filter);
      const bounds = dueBounds(clock(), viewer.timeZone);
      // Before the page: what is committed between the two is then sent once too often, but never missed.
      const position = await readPosition(database, organizationId);
      const rows = await readInboxPage(database, organizationId, scope, filter, bounds, {
        order: args.orderBy?.field ?? 'DUE_AT',
        isDescending: args.orderBy?.direction === 'DESC',
        after,
        limit: size + 1,
      });
      for (const { task, execution, phase, entity } of rows) {
        loaders.tasks.prime(task.id, task);
        loaders.executions.prime(execution.id, execution);
        if (phase) loaders.phases.prime(phase.id, phase);
        loaders.entities.prime(entity.id, entity);
      }
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
