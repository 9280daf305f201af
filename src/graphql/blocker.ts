/** Why a task waits. */
import { clearingCommands, type Clearing } from '../engine/clearing.ts';
import { builder } from './builder.ts';
import { PhaseRef, TaskRef, type BlockerShape } from './refs.ts';
import { ActorRef, AssigneeUnion, resolveActor, resolveAssignees } from './people.ts';
import type { Context } from './context.ts';
import { ExecutionStatusEnum, TaskCommandEnum } from './enums.ts';

async function nameOf({ executionId, blocker }: BlockerShape, { loaders }: Context): Promise<string> {
  const snapshot = await loaders.snapshots.load(executionId);
  const named =
    'taskId' in blocker
      ? snapshot?.tasks.find(({ id }) => id === blocker.taskId)
      : 'phaseId' in blocker
        ? snapshot?.phases.find(({ id }) => id === blocker.phaseId)
        : null;
  return named ? `“${named.name}”` : 'something that is gone';
}

/** The blocker in one sentence, with the name of what has to happen. */
export async function blockerMessage(shape: BlockerShape, context: Context): Promise<string> {
  const { blocker } = shape;
  switch (blocker.type) {
    case 'REQUIRED_TASK':
      return `The required task ${await nameOf(shape, context)} is not finished.`;
    case 'PRECEDING_TASK':
      return `The task before it, ${await nameOf(shape, context)}, is not finished.`;
    case 'REQUIRED_PHASE':
      return `The required phase ${await nameOf(shape, context)} is not finished.`;
    case 'PRECEDING_PHASE':
      return `The phase before it, ${await nameOf(shape, context)}, is not finished.`;
    case 'ON_HOLD':
      return 'It is on hold.';
    case 'EXECUTION_NOT_OPEN':
      return `The execution is ${blocker.status}.`;
  }
}

async function clearingOf(
  { executionId, blocker }: BlockerShape,
  { loaders }: Context,
): Promise<Clearing | null> {
  const snapshot = await loaders.snapshots.load(executionId);
  return snapshot && clearingCommands(snapshot, blocker);
}

export const BlockerInterface = builder.interfaceRef<BlockerShape>('Blocker').implement({
  description: 'One reason why a task waits. An enabled task has none.',
  fields: (t) => ({
    message: t.string({
      description: 'The reason in one sentence, for people.',
      resolve: (shape, _args, context) => blockerMessage(shape, context),
    }),
    clearedBy: t.field({
      type: [TaskCommandEnum],
      description:
        'The commands that could be given now to the tasks that block, by their state. Empty if these are blocked themselves: their own blockers tell why.',
      resolve: async (shape, _args, context) => [...((await clearingOf(shape, context))?.commands ?? [])],
    }),
    clearers: t.field({
      type: [AssigneeUnion],
      description:
        'Who is responsible for the tasks that block; empty if nobody is, so that anybody may see to them.',
      complexity: { multiplier: 3 },
      resolve: async (shape, _args, context) =>
        resolveAssignees((await clearingOf(shape, context))?.assignees ?? [], context),
    }),
  }),
  resolveType: ({ blocker }) => {
    switch (blocker.type) {
      case 'REQUIRED_TASK':
      case 'PRECEDING_TASK':
        return 'TaskBlocker';
      case 'REQUIRED_PHASE':
      case 'PRECEDING_PHASE':
        return 'PhaseBlocker';
      case 'ON_HOLD':
        return 'OnHoldBlocker';
      case 'EXECUTION_NOT_OPEN':
        return 'ExecutionBlocker';
    }
  },
});

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
      resolve: async ({ executionId, blocker }, _args, { loaders }) => {
        const snapshot = await loaders.snapshots.load(executionId);
        return snapshot?.tasks.find(({ id }) => 'taskId' in blocker && id === blocker.taskId) ?? null;
      },
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
