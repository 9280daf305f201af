/** Why a task waits. */
import { blockersUnder } from '../engine/blockers.ts';
import { clearingCommands, type Clearing, type ClearingCommand } from '../engine/clearing.ts';
import type { Blocker } from '../engine/result.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { AssigneeUnion, resolveAssignees } from './people.ts';
import type { BlockerShape } from './refs.ts';

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
    case 'DECISION_NOT_TAKEN':
      return `The decision ${await nameOf(shape, context)}, which comes before it, is not taken.`;
    case 'ON_HOLD':
      return `${await nameOf(shape, context)} is on hold.`;
    case 'SCHEDULE':
      return blocker.until === null
        ? `${await nameOf(shape, context)} is scheduled from the end of another task, which is not finished.`
        : `${await nameOf(shape, context)} is scheduled for ${blocker.until}.`;
    case 'FAILED':
      return `${await nameOf(shape, context)} failed: ${blocker.failure.message}`;
    case 'AUTOMATION_RUNNING':
      return `The automation of ${await nameOf(shape, context)} is running.`;
    case 'WAITING_FOR_CONFIRMATION':
      return `Somebody outside has to confirm ${await nameOf(shape, context)}.`;
    case 'WORKER_WORKING':
      return `The worker ${blocker.workerName} works on ${await nameOf(shape, context)}.`;
    case 'WAITING_FOR_WORKER':
      return `${await nameOf(shape, context)} waits for a worker of the topic “${blocker.topic}”${blocker.availableAt === null ? '' : `, not before ${blocker.availableAt}`}.`;
    case 'NOBODY_ASSIGNED':
      return `Nobody is responsible for ${await nameOf(shape, context)}.`;
    case 'BRANCH_NOT_TAKEN':
      return `The decision ${await nameOf(shape, context)} took another branch; reopen it to take one that leads here.`;
    case 'EXECUTION_NOT_OPEN':
      return `The execution is ${blocker.status}.`;
  }
}

const BlockerCommandEnum = builder.enumType('BlockerCommand', {
  description: 'What ends a blocker.',
  values: {
    START: { description: '`startTask`: run now what is scheduled; take over what is for workers.' },
    COMPLETE: { description: '`completeTask`.' },
    DECIDE: { description: '`decideTask`.' },
    RUN_AUTOMATION: { description: '`runAutomation`: run the task’s automation from its first action.' },
    WITHDRAW_CONFIRMATION: {
      description: '`withdrawConfirmation`: let people go on without whoever was asked outside.',
    },
    SKIP: { description: '`skipTask`.' },
    RESUME: { description: '`resumeTask`.' },
    RETRY: { description: '`retryTask`.' },
    REOPEN: { description: '`reopenTask`: to take the decision anew.' },
    ASSIGN: { description: '`assignTask`: make somebody responsible.' },
    REOPEN_EXECUTION: { description: '`reopenExecution`.' },
  } as const satisfies Readonly<Record<ClearingCommand, object>>,
});

/** The GraphQL type of each kind of blocker. */
const TYPE_NAMES = {
  REQUIRED_TASK: 'TaskBlocker',
  PRECEDING_TASK: 'TaskBlocker',
  REQUIRED_PHASE: 'PhaseBlocker',
  PRECEDING_PHASE: 'PhaseBlocker',
  DECISION_NOT_TAKEN: 'DecisionBlocker',
  BRANCH_NOT_TAKEN: 'BranchBlocker',
  ON_HOLD: 'OnHoldBlocker',
  SCHEDULE: 'ScheduleBlocker',
  FAILED: 'FailureBlocker',
  AUTOMATION_RUNNING: 'AutomationBlocker',
  WAITING_FOR_CONFIRMATION: 'ConfirmationBlocker',
  WORKER_WORKING: 'WorkerBlocker',
  WAITING_FOR_WORKER: 'WorkerBlocker',
  NOBODY_ASSIGNED: 'AssigneeBlocker',
  EXECUTION_NOT_OPEN: 'ExecutionBlocker',
} as const satisfies Readonly<Record<Blocker['type'], string>>;

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
      type: [BlockerCommandEnum],
      description:
        'The commands that could be given now to the tasks that block, by their state. Empty if these are blocked themselves: the blockers below tell why.',
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
  resolveType: ({ blocker }) => TYPE_NAMES[blocker.type],
});

builder.interfaceFields(BlockerInterface, (t) => ({
  blockers: t.field({
    type: [BlockerInterface],
    complexity: { multiplier: 3 },
    description:
      'Why what blocks is not done: the next level of the tree. Empty for a root, which the commands of `clearedBy` end.',
    resolve: async ({ executionId, blocker }, _args, { loaders }) => {
      const snapshot = await loaders.snapshots.load(executionId);
      return snapshot
        ? blockersUnder(snapshot, blocker).map((under) => ({ executionId, blocker: under }))
        : [];
    },
  }),
}));
