/** The executions on one entity as a list that keeps itself up to date. */
import type { ListUpdate, RowChange } from '../live/list/list.ts';
import { encodePosition } from '../store/event-cursor.ts';
import { builder } from './builder.ts';
import { ExecutionStatusEnum } from './enums.ts';
import { argumentKey, encodeId, notFound } from './ids.ts';
import { ListChangeKindEnum, previousIndexOf } from './list-change.ts';
import { listSource } from './list-source.ts';
import { pageSize } from './page.ts';
import { reachOf } from './reach.ts';
import { EntityRef, WorkflowExecutionRef } from './refs.ts';
import { sidebarQuery, type SidebarListRow, type SidebarListState } from './sidebar-list.ts';

const SidebarChangeRef = builder.objectRef<RowChange<SidebarListRow>>('SidebarChange').implement({
  description: 'What happened to one execution of a live sidebar.',
  fields: (t) => ({
    kind: t.field({ type: ListChangeKindEnum, description: 'What.', resolve: ({ kind }) => kind }),
    index: t.exposeInt('index', { description: 'Its place, from 0, when the change is applied.' }),
    previousIndex: t.int({
      nullable: true,
      description: 'For MOVED: its place before.',
      resolve: previousIndexOf,
    }),
    executionId: t.id({
      description: 'The id of the WorkflowExecution.',
      resolve: ({ id }) => encodeId('WorkflowExecution', id),
    }),
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'The execution as it is now; null if it left.',
      resolve: ({ row }) => row?.execution ?? null,
    }),
  }),
});

const SidebarUpdateRef = builder
  .objectRef<ListUpdate<SidebarListRow, SidebarListState>>('SidebarUpdate')
  .implement({
    description: 'What brings a live sidebar up to date.',
    fields: (t) => ({
      position: t.string({
        description: 'The event log’s position up to which everything is contained.',
        resolve: ({ position }) => encodePosition(position),
      }),
      isReset: t.exposeBoolean('isReset', {
        description: 'Whether the list is to be emptied first: the changes are the whole list.',
      }),
      changes: t.field({
        type: [SidebarChangeRef],
        complexity: { multiplier: 1 },
        description: 'To be applied one after the other.',
        resolve: ({ changes }) => [...changes],
      }),
      totalCount: t.int({
        description: 'How many executions fit, those beyond `first` included.',
        resolve: ({ state }) => state.totalCount,
      }),
      hasMore: t.boolean({
        description: 'Whether there are executions beyond `first`.',
        resolve: ({ state }) => state.hasMore,
      }),
      entity: t.field({
        type: EntityRef,
        nullable: true,
        description: 'The entity itself; null when it is out of the reader’s sight.',
        resolve: ({ state }) => state.entity,
      }),
    }),
  });

builder.subscriptionField('liveSidebar', (t) =>
  t.field({
    type: SidebarUpdateRef,
    description:
      'The executions on an entity, newest first, those included to which it is only related, as a list that keeps itself up to date: first all of it, then what changes. It is at any time what `Entity.executions` answers with the same arguments.',
    args: {
      entityId: t.arg.id({ required: true, description: 'The id of the Entity.' }),
      statuses: t.arg({ type: [ExecutionStatusEnum], description: 'Only those with one of these statuses.' }),
      first: t.arg.int({ defaultValue: 20, description: 'How many rows, 1 to 100.' }),
    },
    subscribe: async (_root, args, context, info) => {
      const asked = {
        entityId: argumentKey('Entity', args.entityId),
        statuses: args.statuses ?? null,
        size: pageSize(args.first),
      };
      if (!(await context.loaders.entities.load(asked.entityId))) {
        throw notFound('Entity');
      }
      const reach = reachOf(info);
      return listSource(
        ['SIDEBAR', asked],
        (present) => sidebarQuery(asked, reach, context, present),
        context,
      );
    },
    resolve: (update, _args, { loaders }) => {
      const { entity } = update.state;
      for (const { row } of update.changes) if (row) loaders.executions.prime(row.id, row.execution);
      if (entity) loaders.entities.prime(entity.id, entity);
      return update;
    },
  }),
);
