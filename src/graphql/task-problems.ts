/** Why a task can't be worked, or its execution can't go on. */
import { BlockerInterface } from './blocker.ts';
import type { LeaseLostReason } from '../engine/result.ts';
import { builder } from './builder.ts';
import { ExecutionStatusEnum, TaskCommandEnum, TaskStatusEnum } from './enums.ts';
import { ActorRef, resolveActor, resolveUser } from './people.ts';
import { blockerShapes, defineProblem } from './problem.ts';
import { TaskRef, UserRef } from './refs.ts';

const LeaseLostReasonEnum = builder.enumType('LeaseLostReason', {
  description: 'How a worker lost its lease.',
  values: {
    EXPIRED: { description: 'Its time was over; nobody else has taken the task by now.' },
    TAKEN_OVER: { description: 'Another worker, or a person, has taken the task over.' },
    ENDED: {
      description:
        'The task was finished, failed, handed back, held, put back or blocked, or its execution closed.',
    },
  } as const satisfies Record<LeaseLostReason, object>,
});

defineProblem('TASK_BLOCKED', 'Something else must happen before the task can be worked on.', (t) => ({
  task: t.field({
    type: TaskRef,
    nullable: true,
    description: 'The task.',
    resolve: ({ taskId }, _args, { loaders }) => loaders.tasks.load(taskId),
  }),
  blockers: t.field({
    type: [BlockerInterface],
    complexity: { multiplier: 3 },
    description: 'What has to happen first.',
    resolve: (problem, _args, context) => blockerShapes(problem, context),
  }),
}));

defineProblem('COMMAND_NOT_ALLOWED', 'The task’s status does not allow the command.', (t) => ({
  task: t.field({
    type: TaskRef,
    nullable: true,
    description: 'The task.',
    resolve: ({ taskId }, _args, { loaders }) => loaders.tasks.load(taskId),
  }),
  taskStatus: t.field({
    type: TaskStatusEnum,
    description: 'Its status now.',
    resolve: ({ status }) => status,
  }),
  since: t.field({ type: 'DateTime', description: 'Since when.', resolve: ({ since }) => since }),
  by: t.field({
    type: ActorRef,
    nullable: true,
    description: 'Who set it.',
    resolve: ({ by }, _args, context) => resolveActor(by, context),
  }),
  allowedCommands: t.field({
    type: [TaskCommandEnum],
    description: 'What could be done instead.',
    resolve: ({ allowedCommands }) => [...allowedCommands],
  }),
}));

defineProblem('EXECUTION_NOT_OPEN', 'The execution is done or closed.', (t) => ({
  executionStatus: t.field({
    type: ExecutionStatusEnum,
    description: 'Its status now.',
    resolve: ({ status }) => status,
  }),
}));

defineProblem('EXECUTION_NOT_FINISHED', 'The execution is open, so there is nothing to reopen.', () => ({}));

defineProblem('ALREADY_CLAIMED', 'Somebody else has claimed the task.', (t) => ({
  task: t.field({
    type: TaskRef,
    nullable: true,
    description: 'The task.',
    resolve: ({ taskId }, _args, { loaders }) => loaders.tasks.load(taskId),
  }),
  claimedBy: t.field({
    type: UserRef,
    nullable: true,
    description: 'Who has it.',
    resolve: ({ claimedById }, _args, context) => resolveUser(claimedById, context),
  }),
}));

defineProblem('NOT_CLAIMABLE', 'The task is not assigned to a team of the viewer.', (t) => ({
  task: t.field({
    type: TaskRef,
    nullable: true,
    description: 'The task.',
    resolve: ({ taskId }, _args, { loaders }) => loaders.tasks.load(taskId),
  }),
}));

defineProblem(
  'LEASE_LOST',
  'The worker’s lease is over: it may do nothing more with the task, and nothing has changed.',
  (t) => ({
    leaseLostReason: t.field({
      type: LeaseLostReasonEnum,
      description: 'How it was lost.',
      resolve: ({ reason }) => reason,
    }),
    taskStatus: t.field({
      type: TaskStatusEnum,
      description: 'The task’s status now.',
      resolve: ({ status }) => status,
    }),
  }),
);
