/** Executions: running workflows. */
import type { ExecutionStatus } from '../engine/state.ts';
import type { Closing, ClosingReasonSnapshot } from '../engine/state.ts';
import { may, visibilityScope } from '../commands/viewer.ts';
import { countExecutions, listExecutions, type ExecutionFilter } from '../store/execution-lists.ts';
import type { ExecutionRecord, ExecutionSnapshot, TaskRecord } from '../store/execution-records.ts';
import { isExecutionOpen, isFinished } from '../engine/transition.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { ExecutionStatusEnum, TaskStatusEnum } from './enums.ts';
import { argumentKey, argumentKeys, encodeId } from './ids.ts';
import { decodeKeyset, searchText } from './keyset.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { ActorRef, AssigneeUnion, resolveActor, resolveAssignees } from './people.ts';
import { ProgressRef } from './progress.ts';
import {
  DefinitionVersionRef,
  EntityRef,
  PhaseRef,
  TaskRef,
  WorkflowDefinitionRef,
  WorkflowExecutionRef,
} from './refs.ts';

const ClosingReasonSnapshotRef = builder
  .objectRef<ClosingReasonSnapshot>('ExecutionClosingReason')
  .implement({
    description: 'A closing reason as it was when the execution started.',
    fields: (t) => ({
      id: t.id({
        description: 'The id of the ClosingReason.',
        resolve: ({ id }) => encodeId('ClosingReason', id),
      }),
      title: t.exposeString('title', { description: 'Its title then.' }),
    }),
  });

const ClosingRef = builder.objectRef<Closing>('Closing').implement({
  description: 'Why an execution was ended early.',
  fields: (t) => ({
    reasons: t.field({
      type: [ClosingReasonSnapshotRef],
      description: 'The reasons given.',
      resolve: ({ reasons }) => [...reasons],
    }),
    description: t.exposeString('description', { nullable: true, description: 'The reason in free words.' }),
  }),
});

async function snapshotOf({ id }: ExecutionRecord, { loaders }: Context) {
  return loaders.snapshots.load(id);
}

/** Open tasks that the flow has reached, while the execution is open. */
export function currentTasksOf({ tasks }: ExecutionSnapshot): TaskRecord[] {
  return tasks.filter(
    ({ executionStatus, isReached, status }) =>
      isExecutionOpen(executionStatus) && isReached && !isFinished(status),
  );
}

builder.node(WorkflowExecutionRef, {
  description: 'One run of one definition version, started on one entity.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id, { loaders }) => loaders.executions.load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name: the definition’s, if it was not given another.' }),
    status: t.field({
      type: ExecutionStatusEnum,
      description: 'Where it is.',
      resolve: ({ status }) => status,
    }),
    version: t.exposeInt('version', {
      description: 'Rises by one with every change; see `expectedVersion`.',
    }),
    definition: t.field({
      type: WorkflowDefinitionRef,
      nullable: true,
      description: 'The definition that it runs. Partners can’t read it.',
      authScopes: { work: true },
      resolve: ({ definitionId }, _args, { loaders }) => loaders.definitions.load(definitionId),
    }),
    definitionVersion: t.field({
      type: DefinitionVersionRef,
      nullable: true,
      description:
        'The published version that it runs, however the definition has changed since. Partners can’t read it.',
      authScopes: { work: true },
      resolve: ({ definitionVersionId }, _args, { loaders }) =>
        loaders.definitionVersions.load(definitionVersionId),
    }),
    entity: t.field({
      type: EntityRef,
      nullable: true,
      description: 'The entity that it was started on.',
      resolve: ({ entityId }, _args, { loaders }) => loaders.entities.load(entityId),
    }),
    contextEntities: t.field({
      type: [EntityRef],
      description: 'Related entities.',
      resolve: async ({ entityIds }, _args, { loaders }) => {
        const entities = await Promise.all(entityIds.slice(1).map((id) => loaders.entities.load(id)));
        return entities.flatMap((entity) => entity ?? []);
      },
    }),
    phases: t.field({
      type: [PhaseRef],
      complexity: { multiplier: 6 },
      description: 'Its phases, top to bottom.',
      resolve: async (execution, _args, context) => [
        ...((await snapshotOf(execution, context))?.phases ?? []),
      ],
    }),
    tasks: t.field({
      type: [TaskRef],
      complexity: { multiplier: 30 },
      description: 'Its tasks, top to bottom; those without a phase last.',
      args: {
        statuses: t.arg({ type: [TaskStatusEnum], description: 'Only tasks with one of these statuses.' }),
      },
      resolve: async (execution, { statuses }, context) => {
        const tasks = (await snapshotOf(execution, context))?.tasks ?? [];
        return tasks.filter(({ status }) => !statuses || statuses.includes(status));
      },
    }),
    currentTask: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The first open task from top to bottom among those that the flow has reached.',
      resolve: async (execution, _args, context) => {
        const snapshot = await snapshotOf(execution, context);
        return snapshot?.tasks.find(({ id }) => id === execution.currentTaskId) ?? null;
      },
    }),
    currentTasks: t.field({
      type: [TaskRef],
      description: 'All open tasks that the flow has reached.',
      resolve: async (execution, _args, context) => {
        const snapshot = await snapshotOf(execution, context);
        return snapshot ? currentTasksOf(snapshot) : [];
      },
    }),
    currentPhase: t.field({
      type: PhaseRef,
      nullable: true,
      description: 'The phase of the current task.',
      resolve: async (execution, _args, context) => {
        const snapshot = await snapshotOf(execution, context);
        return snapshot?.phases.find(({ id }) => id === execution.currentPhaseId) ?? null;
      },
    }),
    phasesInProgress: t.field({
      type: [PhaseRef],
      complexity: { multiplier: 3 },
      description: 'Its phases with the status IN_PROGRESS.',
      resolve: async (execution, _args, context) =>
        (await snapshotOf(execution, context))?.phases.filter(({ status }) => status === 'IN_PROGRESS') ?? [],
    }),
    progress: t.field({
      type: ProgressRef,
      description: 'How many of its tasks are finished.',
      resolve: ({ progress }) => progress,
    }),
    assignees: t.field({
      type: [AssigneeUnion],
      complexity: { multiplier: 3 },
      description: 'Who is responsible for the execution as a whole.',
      resolve: ({ assignees }, _args, context) => resolveAssignees(assignees, context),
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it should be finished.',
      resolve: ({ dueAt }) => dueAt,
    }),
    isOverdue: t.boolean({
      description: 'Whether it is open and its due date has passed.',
      resolve: ({ status, dueAt }, _args, { clock }) =>
        isExecutionOpen(status) && dueAt !== null && dueAt < clock().toISOString(),
    }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it was started.',
      resolve: ({ startedAt }) => startedAt,
    }),
    startedBy: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who started it.',
      resolve: ({ startedBy }, _args, context) => resolveActor(startedBy, context),
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it became DONE or CLOSED; null while it is open.',
      resolve: ({ finishedAt }) => finishedAt,
    }),
    finishedBy: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who finished its last task or closed it.',
      resolve: ({ finishedBy }, _args, context) => resolveActor(finishedBy, context),
    }),
    closing: t.field({
      type: ClosingRef,
      nullable: true,
      description: 'Why it was ended early; null unless it is CLOSED.',
      resolve: ({ closing }) => closing,
    }),
    configuredClosingReasons: t.field({
      type: [ClosingReasonSnapshotRef],
      description:
        'The reasons that `closeExecution` may give; if there are any, at least one must be given.',
      resolve: ({ configuredClosingReasons }) => [...configuredClosingReasons],
    }),
    hasSingleClosingReason: t.exposeBoolean('hasSingleClosingReason', {
      description: 'Whether closing takes exactly one reason.',
    }),
    viewerCanClose: t.boolean({
      description: 'Whether the viewer could close it now.',
      resolve: ({ status }, _args, { viewer }) => isExecutionOpen(status) && may(viewer, 'work'),
    }),
    viewerCanReopen: t.boolean({
      description: 'Whether the viewer could reopen it now.',
      resolve: ({ status }, _args, { viewer }) => !isExecutionOpen(status) && may(viewer, 'work'),
    }),
    viewerCanAddTask: t.boolean({
      description: 'Whether the viewer could add a task to it now.',
      resolve: ({ status }, _args, { viewer }) => isExecutionOpen(status) && may(viewer, 'work'),
    }),
  }),
});

builder.queryField('workflowExecution', (t) =>
  t.field({
    type: WorkflowExecutionRef,
    nullable: true,
    description: 'An execution by its id; null if there is none that the viewer may see.',
    args: { id: t.arg.id({ required: true, description: 'The id of a WorkflowExecution.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.executions.load(argumentKey('WorkflowExecution', id)),
  }),
);

export const WorkflowExecutionConnection = defineConnection('WorkflowExecution', WorkflowExecutionRef);

const ExecutionFilterInput = builder.inputType('WorkflowExecutionFilter', {
  description: 'Which executions; all given conditions must hold.',
  fields: (t) => ({
    statuses: t.field({ type: [ExecutionStatusEnum], description: 'With one of these statuses.' }),
    definitionIds: t.idList({ description: 'Of one of these WorkflowDefinitions, at most 100.' }),
    entityIds: t.idList({ description: 'On, or related to, one of these Entities, at most 100.' }),
    search: t.string({
      description: 'With this text in their name or in their entity’s title, in any case of letters.',
    }),
  }),
});

const ExecutionOrderEnum = builder.enumType('WorkflowExecutionOrder', {
  description: 'The order of executions.',
  values: {
    STARTED_AT: { description: 'Newest first.' },
    NAME: { description: 'By name.' },
    DUE_AT: { description: 'By due date, those without one last.' },
  } as const,
});

function toFilter(input: typeof ExecutionFilterInput.$inferInput | null | undefined): ExecutionFilter {
  return {
    statuses: (input?.statuses as ExecutionStatus[] | null | undefined) ?? null,
    definitionIds: argumentKeys('filter.definitionIds', 'WorkflowDefinition', input?.definitionIds),
    entityIds: argumentKeys('filter.entityIds', 'Entity', input?.entityIds),
    search: searchText('filter.search', input?.search),
  };
}

builder.queryField('workflowExecutions', (t) =>
  t.field({
    type: WorkflowExecutionConnection,
    nullable: true,
    description: 'Executions that the viewer may see.',
    args: {
      ...pageArguments(),
      filter: t.arg({ type: ExecutionFilterInput, description: 'Which ones; all if left out.' }),
      orderBy: t.arg({ type: ExecutionOrderEnum, defaultValue: 'STARTED_AT', description: 'Their order.' }),
    },
    resolve: async (_root, args, { database, viewer }) => {
      const size = pageSize(args.first);
      const filter = toFilter(args.filter);
      const scope = visibilityScope(viewer);
      const rows = await listExecutions(database, viewer.organizationId, scope, filter, {
        order: args.orderBy ?? 'STARTED_AT',
        after: decodeKeyset(args.after, [args.orderBy === 'NAME' ? 'text' : 'date', 'uuid']),
        limit: size + 1,
      });
      const { edges, pageInfo } = toPage(rows, size, args.after, ({ sortKey, execution }) => [
        sortKey,
        execution.id,
      ]);
      return {
        edges: edges.map(({ cursor, node }) => ({ cursor, node: node.execution })),
        pageInfo,
        totalCount: () => countExecutions(database, viewer.organizationId, scope, filter),
      };
    },
  }),
);
