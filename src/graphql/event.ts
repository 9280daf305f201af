/** Events: what happened, as history. (As it happens: subscriptions.ts.) */
import { visibilityScope } from '../commands/viewer.ts';
import { encodePosition, decodePosition } from '../store/event-cursor.ts';
import { readHistory, type HistoryOf } from '../store/event-history.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { subjectGlobalId } from '../store/subject-id.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { EventTypeEnum, type EventType } from './event-type.ts';
import { encodeId } from './ids.ts';
import { decodeKeyset } from './keyset.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { ActorRef, resolveActor, resolveUser } from './people.ts';
import { EntityRef, EventRef, TaskRef, UserRef, WorkflowExecutionRef } from './refs.ts';

/** What the log calls a field and the API does not: under another name, or (null) not at all. */
const API_FIELDS: Readonly<Record<string, string | null>> = {
  assigneeRule: null,
  claimedById: 'claimedBy',
  confirmationCount: null,
  confirmationRequest: 'confirmation',
  currentPhaseId: 'currentPhase',
  currentTaskId: 'currentTask',
  dueAnchorAt: null,
  edges: null,
  entityId: 'entity',
  entityIds: 'contextEntities',
  externalWork: 'external',
  hasOpenRequirements: null,
  isKeptOpen: null,
  isReached: null,
  memberIds: 'members',
  mentionIds: 'mentions',
  notifications: 'notificationSettings',
  outputEntityId: 'outputEntity',
  phaseId: 'phase',
  publishedNumber: 'published',
  runState: 'automationRun',
  statusBeforeHold: null,
  substituteIds: 'substitutes',
  versionId: 'automationVersion',
};

function apiField(field: string): string | null {
  const name = API_FIELDS[field];
  return name === undefined ? field : name;
}

builder.node(EventRef, {
  description:
    'One fact in the organization’s event log, written in the same transaction as the change itself.',
  id: { description: 'Global id.', resolve: ({ seq }) => String(seq) },
  loadOne: (id, { loaders }) => loaders.events.load(Number(id)),
  fields: (t) => ({
    cursor: t.string({
      description: 'Its place in the log: a subscription’s `after` goes on behind it.',
      resolve: ({ seq }) => encodePosition(seq),
    }),
    type: t.field({
      type: EventTypeEnum,
      description: 'What happened.',
      resolve: ({ type }) => type as EventType,
    }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
    actor: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who did it.',
      resolve: ({ actorId }, _args, context) =>
        resolveActor(actorId === null ? { type: 'SYSTEM' } : { type: 'USER', id: actorId }, context),
    }),
    onBehalfOf: t.field({
      type: UserRef,
      nullable: true,
      description:
        'The absent user for whom the actor stood in: the task was theirs, and none of the actor’s own. Null otherwise.',
      resolve: ({ onBehalfOfId }, _args, context) => resolveUser(onBehalfOfId, context),
    }),
    subjectId: t.id({
      description: 'The id of what changed: a Task, Phase, WorkflowExecution, Note, Entity…',
      resolve: ({ subjectType, subjectId }) => subjectGlobalId(subjectType, subjectId),
    }),
    version: t.exposeInt('version', { description: 'The version that it has since.' }),
    changedFields: t.stringList({
      description:
        'The names of the fields that changed, as they are called here; empty for what came into being or was removed.',
      resolve: ({ changedFields }) => changedFields.flatMap((field) => apiField(field) ?? []),
    }),
    executionId: t.id({
      nullable: true,
      description: 'The id of the WorkflowExecution in which it happened.',
      resolve: ({ executionId }) => executionId && encodeId('WorkflowExecution', executionId),
    }),
    taskId: t.id({
      nullable: true,
      description: 'The id of the Task that it is about.',
      resolve: ({ taskId }) => taskId && encodeId('Task', taskId),
    }),
    entityIds: t.idList({
      description: 'The ids of the Entities that it is about: that of the change, or those of the execution.',
      resolve: ({ entityIds }) => entityIds.map((id) => encodeId('Entity', id)),
    }),
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'The execution as it is now; loaded only when selected.',
      resolve: ({ executionId }, _args, { loaders }) =>
        executionId === null ? null : loaders.executions.load(executionId),
    }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task as it is now, null if it was removed; loaded only when selected.',
      resolve: ({ taskId }, _args, { loaders }) => (taskId === null ? null : loaders.tasks.load(taskId)),
    }),
    entity: t.field({
      type: EntityRef,
      nullable: true,
      description:
        'The entity that changed or that the execution was started on, as it is now; loaded only when selected.',
      resolve: ({ entityIds: [id] }, _args, { loaders }) =>
        id === undefined ? null : loaders.entities.load(id),
    }),
  }),
});

const EventConnection = defineConnection('Event', EventRef);

async function history(
  of: HistoryOf,
  id: string,
  args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
  { database, viewer }: Context,
) {
  const size = pageSize(args.first);
  const [position] = decodeKeyset(args.after, ['position']) ?? [null];
  const before = position === null ? null : decodePosition(position);
  const rows = await readHistory(database, viewer.organizationId, of, id, visibilityScope(viewer), {
    before,
    limit: size + 1,
  });
  return toPage<StoredEvent>(rows, size, args.after, ({ seq }) => [encodePosition(seq)]);
}

builder.objectField(WorkflowExecutionRef, 'history', (t) =>
  t.field({
    type: EventConnection,
    description: 'What happened in it, newest first: to itself, its phases, tasks and notes.',
    args: pageArguments(),
    resolve: ({ id }, args, context) => history('EXECUTION', id, args, context),
  }),
);

builder.objectField(TaskRef, 'history', (t) =>
  t.field({
    type: EventConnection,
    description: 'What happened to it and its notes, newest first.',
    args: pageArguments(),
    resolve: ({ id }, args, context) => history('TASK', id, args, context),
  }),
);

builder.objectField(EntityRef, 'history', (t) =>
  t.field({
    type: EventConnection,
    description: 'What happened to it and in its executions, newest first.',
    args: pageArguments(),
    resolve: ({ id }, args, context) => history('ENTITY', id, args, context),
  }),
);
