/** What people see of the work of programs on a task. */
import type { TaskRecord } from '../store/execution-records.ts';
import type { ExternalWork, TaskLease } from '../engine/state.ts';
import { may } from '../commands/viewer.ts';
import { builder } from './builder.ts';
import { ExternalReferenceRef } from './external-definition.ts';
import { resolveUser } from './people.ts';
import { TaskRef, UserRef } from './refs.ts';

type ExternalTask = Pick<TaskRecord, 'external' | 'externalWork'>;

const LeaseRef = builder.objectRef<TaskLease>('TaskLease').implement({
  description: 'That a worker has a task for a time.',
  fields: (t) => ({
    workerName: t.exposeString('workerName', { description: 'What the worker calls itself.' }),
    worker: t.field({
      type: UserRef,
      nullable: true,
      description: 'The user of the worker’s token.',
      resolve: ({ workerId }, _args, context) => resolveUser(workerId, context),
    }),
    leasedAt: t.field({
      type: 'DateTime',
      description: 'When it fetched the task.',
      resolve: ({ leasedAt }) => leasedAt,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it loses the task, unless it extends the lease.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
  }),
});

const AttemptFailureRef = builder
  .objectRef<NonNullable<ExternalWork['lastFailure']>>('ExternalAttemptFailure')
  .implement({
    description: 'What went wrong when a worker tried.',
    fields: (t) => ({
      at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
      message: t.exposeString('message', { description: 'What the worker said.' }),
    }),
  });

const HandBackRef = builder.objectRef<NonNullable<ExternalWork['handedBack']>>('ExternalHandBack').implement({
  description: 'That a worker gave a task to people.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    workerName: t.exposeString('workerName', { description: 'Which worker.' }),
  }),
});

const ExternalTaskRef = builder.objectRef<ExternalTask>('ExternalTask').implement({
  description: 'Where the work of programs on a task stands.',
  fields: (t) => ({
    topic: t.string({
      description: 'Which workers it is for.',
      resolve: ({ external }) => external?.topic ?? '',
    }),
    definition: t.field({
      type: ExternalReferenceRef,
      nullable: true,
      description: 'What the definition says about it; null for partners.',
      resolve: ({ external }, _args, { viewer }) => (may(viewer, 'work') ? external : null),
    }),
    lease: t.field({
      type: LeaseRef,
      nullable: true,
      description: 'The worker that has it; null if none has.',
      resolve: ({ externalWork }) => (externalWork?.lease?.end === null ? externalWork.lease : null),
    }),
    leaseCount: t.int({
      description: 'How often it was fetched.',
      resolve: ({ externalWork }) => externalWork?.lease?.number ?? 0,
    }),
    retriesLeft: t.int({
      description: 'How many attempts may still fail; with the last of them the task is FAILED.',
      resolve: ({ externalWork }) => externalWork?.retriesLeft ?? 0,
    }),
    availableAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When workers may try again after an attempt that failed; null for at once.',
      resolve: ({ externalWork }) => externalWork?.availableAt ?? null,
    }),
    lastFailure: t.field({
      type: AttemptFailureRef,
      nullable: true,
      description: 'The last attempt that failed; null if none has, and for partners.',
      resolve: ({ externalWork }, _args, { viewer }) =>
        may(viewer, 'work') ? (externalWork?.lastFailure ?? null) : null,
    }),
    isHandedBack: t.boolean({
      description:
        'Whether a worker gave it to people: no worker gets it any more. `retryTask` gives it back.',
      resolve: ({ externalWork }) => (externalWork?.handedBack ?? null) !== null,
    }),
    handedBack: t.field({
      type: HandBackRef,
      nullable: true,
      description: 'When and why a worker gave it to people; null if none has.',
      resolve: ({ externalWork }) => externalWork?.handedBack ?? null,
    }),
  }),
});

builder.objectField(TaskRef, 'external', (t) =>
  t.field({
    type: ExternalTaskRef,
    nullable: true,
    description: 'Of an EXTERNAL: where the work of programs on it stands; otherwise null.',
    resolve: (task) => (task.external ? task : null),
  }),
);
