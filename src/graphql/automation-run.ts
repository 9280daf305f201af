/** Runs of automations: their fields. (Their lists: automation-run-lists.ts; what is done with them: automation-run-commands.ts.) */
import { canRetryRun, type RetryFrom } from '../commands/run-commands.ts';
import { may } from '../commands/viewer.ts';
import { isRunOver, type ActionRun, type RunTrigger } from '../store/automation-runs.ts';
import { AutomationActionRunRef, AutomationErrorRef } from './automation-action-run.ts';
import { builder } from './builder.ts';
import { AutomationRunStatusEnum } from './enums.ts';
import { argumentKey } from './ids.ts';
import { ActorRef, resolveActor } from './people.ts';
import {
  AutomationRef,
  AutomationRunRef,
  AutomationVersionRef,
  EntityRef,
  EventRef,
  TaskRef,
  WorkflowExecutionRef,
} from './refs.ts';

export const RetryFromEnum = builder.enumType('AutomationRunRetryFrom', {
  description: 'Where a run goes on that is retried.',
  values: {
    FAILED_ACTION: {
      description:
        'With the action that failed or was cancelled; what was done before is not done again. That of a task only while the task is FAILED.',
    },
    START: { description: 'With the first action of the newest published version, as a new run.' },
  } as const satisfies Readonly<Record<RetryFrom, object>>,
});

const TriggerTypeEnum = builder.enumType('AutomationRunTriggerType', {
  description: 'What set a run off.',
  values: {
    TASK: { description: 'A task of a workflow: it was reached, or somebody ran it.' },
    MANUAL: { description: 'Somebody ran it on an entity.' },
    API: { description: 'A program ran it.' },
    ENTITY_CREATED: { description: 'An entity came into being.' },
    ENTITY_UPDATED: { description: 'An entity’s title or attributes changed.' },
    ENTITY_DELETED: { description: 'An entity was deleted.' },
    JOURNEY_SUBMITTED: { description: 'A journey was submitted.' },
    EXECUTION_EVENT: { description: 'Something happened in an execution.' },
  } as const satisfies Readonly<Record<RunTrigger['type'], object>>,
});

const TriggerRef = builder.objectRef<RunTrigger>('AutomationRunTrigger').implement({
  description: 'What set a run off.',
  fields: (t) => ({
    type: t.field({ type: TriggerTypeEnum, description: 'What.', resolve: ({ type }) => type }),
    event: t.field({
      type: EventRef,
      nullable: true,
      description: 'The event that did; null if it was none, or one that the viewer may not see.',
      resolve: ({ eventSeq }, _args, { loaders }) =>
        eventSeq === null ? null : loaders.events.load(eventSeq),
    }),
  }),
});

const ProgressRef = builder.objectRef<readonly ActionRun[]>('AutomationRunProgress').implement({
  description: 'How much of a run is done.',
  fields: (t) => ({
    total: t.int({ description: 'All actions.', resolve: ({ length }) => length }),
    done: t.int({
      description: 'Those that are done, skipped, or failed although the run goes on.',
      resolve: (actions) =>
        actions.filter(
          ({ status, allowsFailure }) =>
            status === 'SUCCESS' || status === 'SKIPPED' || (status === 'FAILED' && allowsFailure),
        ).length,
    }),
  }),
});

builder.node(AutomationRunRef, {
  description: 'One run of an automation: its actions, done one after the other.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id, { loaders }) => loaders.automationRuns.load(id),
  fields: (t) => ({
    status: t.field({
      type: AutomationRunStatusEnum,
      description: 'Where it is.',
      resolve: ({ status }) => status,
    }),
    version: t.exposeInt('version', {
      description: 'Rises by one with every change; see `expectedVersion`.',
    }),
    automation: t.field({
      type: AutomationRef,
      nullable: true,
      authScopes: { work: true },
      description: 'The automation; null if what the task names is none. Partners can’t read it.',
      resolve: ({ automationId }, _args, { loaders }) =>
        automationId === null ? null : loaders.automations.load(automationId),
    }),
    automationVersion: t.field({
      type: AutomationVersionRef,
      nullable: true,
      authScopes: { work: true },
      description:
        'The published version that it runs, however the automation has changed since; null until it begins. Partners can’t read it.',
      resolve: ({ versionId }, _args, { loaders }) =>
        versionId === null ? null : loaders.automationVersions.load(versionId),
    }),
    trigger: t.field({
      type: TriggerRef,
      description: 'What set it off.',
      resolve: ({ trigger }) => trigger,
    }),
    entity: t.field({
      type: EntityRef,
      nullable: true,
      description: 'The entity that it works on; null for none, or if that is gone.',
      resolve: ({ entityId }, _args, { loaders }) =>
        entityId === null ? null : loaders.entities.load(entityId),
    }),
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'The execution that it belongs to; null for none, or if that is gone.',
      resolve: ({ executionId }, _args, { loaders }) =>
        executionId === null ? null : loaders.executions.load(executionId),
    }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task whose automation it is; null for none, or if that is gone.',
      resolve: ({ taskId }, _args, { loaders }) => (taskId === null ? null : loaders.tasks.load(taskId)),
    }),
    number: t.int({
      nullable: true,
      description: 'Which run of its task it is: 1, 2, 3… Null without a task.',
      resolve: ({ taskRun }) => taskRun,
    }),
    actions: t.field({
      type: [AutomationActionRunRef],
      description: 'Its actions in their order; none until it begins.',
      resolve: ({ actions }) => [...actions],
    }),
    progress: t.field({
      type: ProgressRef,
      nullable: true,
      description: 'How many of its actions are done; null until it begins.',
      resolve: ({ actions }) => (actions.length === 0 ? null : actions),
    }),
    input: t.field({
      type: 'JSON',
      authScopes: { work: true },
      nullable: true,
      description: 'What it was handed: `{{input.…}}`. Partners can’t read it.',
      resolve: ({ input }) => input,
    }),
    outputEntity: t.field({
      type: EntityRef,
      nullable: true,
      description: 'The entity that it made or changed last.',
      resolve: ({ outputEntityId }, _args, { loaders }) =>
        outputEntityId === null ? null : loaders.entities.load(outputEntityId),
    }),
    chainDepth: t.exposeInt('chainDepth', {
      description:
        'How many automations led to it, itself included, each set off by the one before. More than 10 are refused.',
    }),
    error: t.field({
      type: AutomationErrorRef,
      nullable: true,
      description: 'Why it failed; null if it did not.',
      resolve: ({ error }) => error,
    }),
    startedBy: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who started it.',
      resolve: ({ startedById }, _args, context) =>
        resolveActor(startedById === null ? { type: 'SYSTEM' } : { type: 'USER', id: startedById }, context),
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was started.',
      resolve: ({ createdAt }) => createdAt,
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its first action was begun; null before.',
      resolve: ({ startedAt }) => startedAt,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was over; null while it is not.',
      resolve: ({ finishedAt }) => finishedAt,
    }),
    viewerCanCancel: t.boolean({
      description: 'Whether the viewer could cancel it now.',
      resolve: ({ status }, _args, { viewer }) => !isRunOver(status) && may(viewer, 'work'),
    }),
    viewerCanRetry: t.boolean({
      description:
        'Whether the viewer could retry it now. That of a task only while it is the task’s newest and the task has not gone on without it.',
      args: {
        from: t.arg({
          type: RetryFromEnum,
          defaultValue: 'FAILED_ACTION',
          description: 'Where it would go on.',
        }),
      },
      resolve: async (run, { from }, { viewer, loaders }) => {
        if (!may(viewer, 'work')) return false;
        const task = run.taskId === null ? null : await loaders.tasks.load(run.taskId);
        return canRetryRun(run, from ?? 'FAILED_ACTION', task);
      },
    }),
  }),
});

builder.queryField('automationRun', (t) =>
  t.field({
    type: AutomationRunRef,
    nullable: true,
    description: 'A run of an automation by its id; null if there is none that the viewer may see.',
    args: { id: t.arg.id({ required: true, description: 'The id of an AutomationRun.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.automationRuns.load(argumentKey('AutomationRun', id)),
  }),
);
