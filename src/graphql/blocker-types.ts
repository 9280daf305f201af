/** The kinds of blockers, each with what it names. */
import type { BranchDefinition } from '../engine/definition.ts';
import { BlockerInterface } from './blocker.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { BranchDefinitionRef } from './definition-decision.ts';
import { ExecutionStatusEnum } from './enums.ts';
import { ActorRef, resolveActor } from './people.ts';
import { PhaseRef, TaskRef, type BlockerShape } from './refs.ts';
import { FailureRef } from './task-flow.ts';

/** The task that the blocker names; null if it names none, or none that is there. */
async function taskOf({ executionId, blocker }: BlockerShape, _args: object, { loaders }: Context) {
  const snapshot = await loaders.snapshots.load(executionId);
  return snapshot?.tasks.find(({ id }) => 'taskId' in blocker && id === blocker.taskId) ?? null;
}

/** The branches of its decision that the blocker names. */
async function branchesOf(shape: BlockerShape, args: object, context: Context): Promise<BranchDefinition[]> {
  const { blocker } = shape;
  const branches = (await taskOf(shape, args, context))?.decision?.branches ?? [];
  return branches.filter(({ key }) => 'branchKeys' in blocker && blocker.branchKeys.includes(key));
}

const BlockerReason = builder.enumType('BlockerReason', {
  description: 'In which way something else has to come first.',
  values: {
    REQUIRED: { description: 'The task names it as required.' },
    PRECEDING: { description: 'The flow puts it before the task.' },
  } as const,
});

function reasonOf({ blocker }: BlockerShape): 'REQUIRED' | 'PRECEDING' {
  return blocker.type.startsWith('REQUIRED') ? 'REQUIRED' : 'PRECEDING';
}

builder.objectRef<BlockerShape>('TaskBlocker').implement({
  description: 'Another task must be finished first; its own blockers tell why it is not.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    reason: t.field({
      type: BlockerReason,
      description: 'Whether it is required or comes before.',
      resolve: reasonOf,
    }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The unfinished task.',
      resolve: taskOf,
    }),
  }),
});

builder.objectRef<BlockerShape>('PhaseBlocker').implement({
  description: 'All tasks of a phase must be finished first.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    reason: t.field({
      type: BlockerReason,
      description: 'Whether it is required or comes before.',
      resolve: reasonOf,
    }),
    phase: t.field({
      type: PhaseRef,
      nullable: true,
      description: 'The unfinished phase.',
      resolve: async ({ executionId, blocker }, _args, { loaders }) => {
        const snapshot = await loaders.snapshots.load(executionId);
        return snapshot?.phases.find(({ id }) => 'phaseId' in blocker && id === blocker.phaseId) ?? null;
      },
    }),
  }),
});

builder.objectRef<BlockerShape>('OnHoldBlocker').implement({
  description: 'Somebody put the task on hold; RESUME ends that.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({ type: TaskRef, nullable: true, description: 'The task on hold.', resolve: taskOf }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was put on hold.',
      resolve: ({ blocker }) => (blocker.type === 'ON_HOLD' ? blocker.since : null),
    }),
    by: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who put it on hold.',
      resolve: ({ blocker }, _args, context) =>
        resolveActor(blocker.type === 'ON_HOLD' ? blocker.by : null, context),
    }),
  }),
});

builder.objectRef<BlockerShape>('ExecutionBlocker').implement({
  description: 'The execution is finished or closed; reopening it ends that.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    status: t.field({
      type: ExecutionStatusEnum,
      nullable: true,
      description: 'The execution’s status.',
      resolve: ({ blocker }) => (blocker.type === 'EXECUTION_NOT_OPEN' ? blocker.status : null),
    }),
  }),
});

builder.objectRef<BlockerShape>('DecisionBlocker').implement({
  description: 'A decision before the task is not taken; only some of its branches lead to the task.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({ type: TaskRef, nullable: true, description: 'The decision.', resolve: taskOf }),
    branches: t.field({
      type: [BranchDefinitionRef],
      complexity: { multiplier: 3 },
      description: 'The branches that lead to the task.',
      resolve: branchesOf,
    }),
  }),
});

builder.objectRef<BlockerShape>('BranchBlocker').implement({
  description:
    'A decision took another branch, so that the task was left out. Only where somebody tries to reopen such a task.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({ type: TaskRef, nullable: true, description: 'The decision.', resolve: taskOf }),
    branches: t.field({
      type: [BranchDefinitionRef],
      complexity: { multiplier: 3 },
      description: 'The branches that would have led to the task.',
      resolve: branchesOf,
    }),
  }),
});

builder.objectRef<BlockerShape>('ScheduleBlocker').implement({
  description: 'The task waits for its time; START runs it now.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({ type: TaskRef, nullable: true, description: 'The task that waits.', resolve: taskOf }),
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Its time; null while the task that it is counted from is not finished.',
      resolve: ({ blocker }) => (blocker.type === 'SCHEDULE' ? blocker.until : null),
    }),
    anchorTask: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The unfinished task that its time is counted from; null once the time is known.',
      resolve: async ({ executionId, blocker }, _args, { loaders }) => {
        if (blocker.type !== 'SCHEDULE' || blocker.anchorTaskId === null) return null;
        const snapshot = await loaders.snapshots.load(executionId);
        return snapshot?.tasks.find(({ id }) => id === blocker.anchorTaskId) ?? null;
      },
    }),
  }),
});

builder.objectRef<BlockerShape>('FailureBlocker').implement({
  description: 'The task failed, and nobody has dealt with that.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({ type: TaskRef, nullable: true, description: 'The failed task.', resolve: taskOf }),
    failure: t.field({
      type: FailureRef,
      nullable: true,
      description: 'What went wrong.',
      resolve: ({ blocker }) => (blocker.type === 'FAILED' ? blocker.failure : null),
    }),
  }),
});

builder.objectRef<BlockerShape>('AutomationBlocker').implement({
  description: 'The automation of what blocks is running. Whoever completes or skips the task ends it.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task whose automation is running.',
      resolve: taskOf,
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when the task has been in progress.',
      resolve: ({ blocker }) => (blocker.type === 'AUTOMATION_RUNNING' ? blocker.since : null),
    }),
  }),
});

builder.objectRef<BlockerShape>('ConfirmationBlocker').implement({
  description:
    'Somebody outside has to confirm the task. Whoever withdraws the request, or skips the task, ends that; the task’s `confirmation` tells who was asked.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task that waits to be confirmed.',
      resolve: taskOf,
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when.',
      resolve: ({ blocker }) => (blocker.type === 'WAITING_FOR_CONFIRMATION' ? blocker.since : null),
    }),
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the time for an answer is over; the task fails then.',
      resolve: ({ blocker }) => (blocker.type === 'WAITING_FOR_CONFIRMATION' ? blocker.until : null),
    }),
  }),
});

builder.objectRef<BlockerShape>('WorkerBlocker').implement({
  description:
    'What blocks is for programs: a worker has it, or it waits for one. Whoever starts, completes or skips the task takes it over.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({ type: TaskRef, nullable: true, description: 'The worker’s task.', resolve: taskOf }),
    topic: t.string({
      nullable: true,
      description: 'Which workers it is for.',
      resolve: async (shape, args, context) => (await taskOf(shape, args, context))?.external?.topic ?? null,
    }),
    workerName: t.string({
      nullable: true,
      description: 'The worker that has it; null if it waits for one.',
      resolve: ({ blocker }) => (blocker.type === 'WORKER_WORKING' ? blocker.workerName : null),
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when the worker has it; null if it waits for one.',
      resolve: ({ blocker }) => (blocker.type === 'WORKER_WORKING' ? blocker.since : null),
    }),
    availableAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a worker may take it after an attempt that failed; null for at once.',
      resolve: ({ blocker }) => (blocker.type === 'WAITING_FOR_WORKER' ? blocker.availableAt : null),
    }),
  }),
});

builder.objectRef<BlockerShape>('AssigneeBlocker').implement({
  description: 'What blocks could be worked on, but nobody is responsible for it.',
  interfaces: [BlockerInterface],
  fields: (t) => ({
    task: t.field({ type: TaskRef, nullable: true, description: 'Nobody’s task.', resolve: taskOf }),
  }),
});
