/** The inbox as a list that keeps itself up to date. */
import type { ListUpdate, RowChange } from '../live/list/list.ts';
import { encodePosition } from '../store/event-cursor.ts';
import { builder } from './builder.ts';
import { encodeId } from './ids.ts';
import { InboxCountsRef, inboxOwner, primeRow } from './inbox.ts';
import { inboxArguments, toFilter, toOrder } from './inbox-filter.ts';
import { inboxQuery, type InboxListRow, type InboxListState } from './inbox-list.ts';
import { ListChangeKindEnum, previousIndexOf } from './list-change.ts';
import { listSource } from './list-source.ts';
import { pageSize } from './page.ts';
import { reachOf } from './reach.ts';
import { TaskRef } from './refs.ts';

const InboxChangeRef = builder.objectRef<RowChange<InboxListRow>>('InboxChange').implement({
  description: 'What happened to one task of a live inbox.',
  fields: (t) => ({
    kind: t.field({ type: ListChangeKindEnum, description: 'What.', resolve: ({ kind }) => kind }),
    index: t.exposeInt('index', { description: 'Its place, from 0, when the change is applied.' }),
    previousIndex: t.int({
      nullable: true,
      description: 'For MOVED: its place before.',
      resolve: previousIndexOf,
    }),
    taskId: t.id({ description: 'The id of the Task.', resolve: ({ id }) => encodeId('Task', id) }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task as it is now; null if it left.',
      resolve: ({ row }) => row?.task ?? null,
    }),
  }),
});

const InboxUpdateRef = builder.objectRef<ListUpdate<InboxListRow, InboxListState>>('InboxUpdate').implement({
  description: 'What brings a live inbox up to date.',
  fields: (t) => ({
    position: t.string({
      description: 'The event log’s position up to which everything is contained.',
      resolve: ({ position }) => encodePosition(position),
    }),
    isReset: t.exposeBoolean('isReset', {
      description: 'Whether the list is to be emptied first: the changes are the whole list.',
    }),
    changes: t.field({
      type: [InboxChangeRef],
      complexity: { multiplier: 1 },
      description: 'To be applied one after the other.',
      resolve: ({ changes }) => [...changes],
    }),
    counts: t.field({
      type: InboxCountsRef,
      description: 'The counts for the whole inbox.',
      resolve: ({ state }) => state.counts,
    }),
    totalCount: t.int({
      description: 'How many tasks fit the filter, those beyond `first` included.',
      resolve: ({ state }) => state.counts.total,
    }),
    hasMore: t.boolean({
      description: 'Whether there are tasks beyond `first`.',
      resolve: ({ state }) => state.hasMore,
    }),
  }),
});

builder.subscriptionField('liveInbox', (t) =>
  t.field({
    type: InboxUpdateRef,
    description:
      'An inbox that keeps itself up to date: first the whole list, then what changes of it, also by the time alone. Its tasks, their order and the counts are at any time those of `inbox` with the same arguments.',
    args: {
      ...inboxArguments(),
      first: t.arg.int({ defaultValue: 50, description: 'How many rows, 1 to 100.' }),
    },
    subscribe: (_root, args, context, info) => {
      const asked = {
        owner: inboxOwner(args.assignee, context.viewer),
        filter: toFilter(args.filter),
        ...toOrder(args.orderBy),
        size: pageSize(args.first ?? 50),
      };
      const reach = reachOf(info);
      return listSource(['INBOX', asked], (present) => inboxQuery(asked, reach, context, present), context);
    },
    resolve: (update, _args, { loaders }) => {
      for (const { row } of update.changes) if (row) primeRow(row, loaders);
      return update;
    },
  }),
);
