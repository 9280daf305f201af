/** Tasks: the units of work. */
import { actsFor } from '../commands/on-behalf.ts';
import { permittedCommands } from '../commands/task-permission.ts';
import { blockersOf, blocks, rootBlockers } from '../engine/blockers.ts';
import { allowedCommands, isExecutionOpen, isFinished } from '../engine/transition.ts';
import type { ExecutionSnapshot, TaskRecord } from '../store/execution-records.ts';
import { AudienceTextRef } from './audience-text.ts';
import { BlockerInterface } from './blocker.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { TaskCommandEnum, TaskStatusEnum, TaskTypeEnum } from './enums.ts';
import { argumentKey } from './ids.ts';
import { ActorRef, AssigneeUnion, resolveActor, resolveAssignees, resolveUser } from './people.ts';
import { dependsOn } from './reading-scope.ts';
import { EntityRef, PhaseRef, TaskRef, UserRef, WorkflowExecutionRef } from './refs.ts';

type RequirementShape =
  { readonly task: TaskRecord } | { readonly phase: ExecutionSnapshot['phases'][number] };

const RequirementRef = builder.objectRef<RequirementShape>('Requirement').implement({
  description: 'A task or a phase that must be finished before a task may be worked on.',
  fields: (t) => ({
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The required task; null if it is a phase.',
      resolve: (requirement) => ('task' in requirement ? requirement.task : null),
    }),
    phase: t.field({
      type: PhaseRef,
      nullable: true,
      description: 'The required phase; null if it is a task.',
      resolve: (requirement) => ('phase' in requirement ? requirement.phase : null),
    }),
    isFinished: t.boolean({
      description: 'Whether it is finished.',
      resolve: (requirement) =>
        'task' in requirement
          ? isFinished(requirement.task.status)
          : requirement.phase.progress.completed + requirement.phase.progress.skipped ===
            requirement.phase.progress.total,
    }),
  }),
});

function requirementsOf(task: TaskRecord, snapshot: ExecutionSnapshot): RequirementShape[] {
  return task.requirements.flatMap((node): RequirementShape[] => {
    if ('taskId' in node) {
      const required = snapshot.tasks.find(({ id }) => id === node.taskId);
      return required ? [{ task: required }] : [];
    }
    const required = snapshot.phases.find(({ id }) => id === node.phaseId);
    return required ? [{ phase: required }] : [];
  });
}

/** Whether an open task's date has passed. Derived, never stored. */
function isOverdue({ status, executionStatus, dueAt }: TaskRecord, { clock }: Context): boolean {
  return (
    dueAt !== null && isExecutionOpen(executionStatus) && !isFinished(status) && dueAt < clock().toISOString()
  );
}

builder.node(TaskRef, {
  description: 'One unit of work of an execution.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id, { loaders }) => loaders.tasks.load(id),
  fields: (t) => ({
    key: t.exposeString('key', {
      nullable: true,
      description: 'Its key in the definition; null if it was added by hand.',
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', { nullable: true, description: 'What to do, Markdown.' }),
    type: t.field({ type: TaskTypeEnum, description: 'How it is worked.', resolve: ({ type }) => type }),
    status: t.field({
      type: TaskStatusEnum,
      description: 'Where it is in its life.',
      resolve: ({ status }) => status,
    }),
    statusAt: t.field({
      type: 'DateTime',
      description: 'Since when it has this status.',
      resolve: ({ statusAt }) => statusAt,
    }),
    statusBy: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who gave it this status.',
      resolve: ({ statusBy }, _args, context) => resolveActor(statusBy, context),
    }),
    position: t.exposeFloat('position', {
      description:
        'Sort key among the tasks of its phase; a task that was put between two others is not whole.',
    }),
    version: t.exposeInt('version', {
      description: 'Rises by one with every change; see `expectedVersion`.',
    }),
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'The execution that it is part of.',
      resolve: ({ executionId }, _args, { loaders }) => loaders.executions.load(executionId),
    }),
    phase: t.field({
      type: PhaseRef,
      nullable: true,
      description: 'Its phase; null if it is in none.',
      resolve: ({ phaseId }, _args, { loaders }) => (phaseId === null ? null : loaders.phases.load(phaseId)),
    }),
    entity: t.field({
      type: EntityRef,
      nullable: true,
      description: 'The entity that its execution was started on.',
      resolve: async ({ executionId }, _args, { loaders }) => {
        const execution = await loaders.executions.load(executionId);
        return execution && loaders.entities.load(execution.entityId);
      },
    }),
    isEnabled: t.exposeBoolean('isEnabled', {
      description: 'Whether it can be worked on now: nothing blocks it.',
    }),
    isManuallyCreated: t.exposeBoolean('isManuallyCreated', {
      description: 'Whether it was added to the running execution by hand.',
    }),
    isOverdue: t.boolean({
      description: 'Whether it is open and its due date has passed.',
      resolve: (task, _args, context) => isOverdue(task, context),
    }),
    requirements: t.field({
      type: [RequirementRef],
      complexity: { multiplier: 3 },
      description: 'What must be finished before it may be worked on.',
      resolve: async (task, _args, { loaders }) => {
        const snapshot = await loaders.snapshots.load(task.executionId);
        return snapshot ? requirementsOf(task, snapshot) : [];
      },
    }),
    blockers: t.field({
      type: [BlockerInterface],
      complexity: { multiplier: 3 },
      description:
        'Why it waits. Empty if it is enabled or finished. Blockers have blockers of their own, down to the roots.',
      resolve: async ({ id, executionId }, _args, { loaders }) => {
        const snapshot = await loaders.snapshots.load(executionId);
        return snapshot ? blockersOf(snapshot, id).map((blocker) => ({ executionId, blocker })) : [];
      },
    }),
    rootBlockers: t.field({
      type: [BlockerInterface],
      complexity: { multiplier: 3 },
      description:
        'The roots of the tree of its blockers: what could be ended now by the commands of `clearedBy`. Empty if nothing blocks it.',
      resolve: async ({ id, executionId }, _args, { loaders }) => {
        const snapshot = await loaders.snapshots.load(executionId);
        return snapshot ? rootBlockers(snapshot, id).map((blocker) => ({ executionId, blocker })) : [];
      },
    }),
    blocks: t.field({
      type: [TaskRef],
      complexity: { multiplier: 3 },
      description: 'The open tasks that directly wait for this one.',
      resolve: async ({ id, executionId }, _args, { loaders }) => {
        const snapshot = await loaders.snapshots.load(executionId);
        if (!snapshot) return [];
        const waiting = new Set(blocks(snapshot, id));
        return snapshot.tasks.filter((task) => waiting.has(task.id));
      },
    }),
    assignees: t.field({
      type: [AssigneeUnion],
      complexity: { multiplier: 3 },
      description: 'Who is responsible.',
      resolve: ({ assignees }, _args, context) => resolveAssignees(assignees, context),
    }),
    claimedBy: t.field({
      type: UserRef,
      nullable: true,
      description: 'The member of an assigned team who took it.',
      resolve: ({ claimedById }, _args, context) => resolveUser(claimedById, context),
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it should be finished.',
      resolve: ({ dueAt }) => dueAt,
    }),
    idleSince: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Of a task with rules of escalation: since when it could be worked on and nobody has claimed or begun it; null while it is not so.',
      resolve: ({ idleSince }) => idleSince,
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was marked in progress; null if it was not.',
      resolve: ({ startedAt }) => startedAt,
    }),
    startedBy: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who marked it in progress.',
      resolve: ({ startedBy }, _args, context) => resolveActor(startedBy, context),
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed or skipped; null while it is open.',
      resolve: ({ finishedAt }) => finishedAt,
    }),
    finishedBy: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who completed or skipped it.',
      resolve: ({ finishedBy }, _args, context) => resolveActor(finishedBy, context),
    }),
    labels: t.exposeStringList('labels', { description: 'Its labels, from the definition.' }),
    audienceTexts: t.field({
      type: [AudienceTextRef],
      complexity: { multiplier: 3 },
      description: 'What it is called for other readers.',
      resolve: ({ audienceTexts }) => [...audienceTexts],
    }),
    noteCount: t.exposeInt('noteCount', { description: 'How many notes it has.' }),
    viewerActsFor: t.field({
      type: UserRef,
      nullable: true,
      extensions: dependsOn('USER'),
      description:
        'The absent user for whom the viewer works it: it is theirs, and the viewer’s only because they stand in. Null if it is the viewer’s own or their team’s, or not theirs at all.',
      resolve: (task, _args, context) => resolveUser(actsFor(context.viewer, task), context),
    }),
    viewerCommands: t.field({
      type: [TaskCommandEnum],
      extensions: dependsOn('TEAMS'),
      description: 'What the viewer could do with it now, by its state and their role.',
      resolve: (task, _args, { viewer }) =>
        permittedCommands(viewer, task, allowedCommands(task, task.executionStatus)),
    }),
  }),
});

builder.queryField('task', (t) =>
  t.field({
    type: TaskRef,
    nullable: true,
    description: 'A task by its id; null if there is none that the viewer may see.',
    args: { id: t.arg.id({ required: true, description: 'The id of a Task.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.tasks.load(argumentKey('Task', id)),
  }),
);
