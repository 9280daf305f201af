/** What workers do: fetch tasks, keep them, complete them, fail, or hand them to people. */
import {
  completeExternalTask,
  extendLease,
  failExternalTask,
  handBackExternalTask,
  MAX_FETCHED_TASKS,
  type FetchedTask,
  type WorkedTask,
} from '../commands/external-tasks.ts';
import type { Done } from '../commands/execute.ts';
import type { ProblemCode } from '../commands/problem.ts';
import { builder, type ApiTypes } from './builder.ts';
import { TaskStatusEnum } from './enums.ts';
import { fetchWhenThere, MAX_WAIT_SECONDS } from './external-fetch.ts';
import { encodeId, inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';

const FetchedTaskRef = builder.objectRef<FetchedTask>('FetchedTask').implement({
  description: 'A task that a worker has for a time, with all that it may know of it.',
  fields: (t) => ({
    taskId: t.id({ description: 'The id of the Task.', resolve: ({ task }) => encodeId('Task', task.id) }),
    leaseToken: t.exposeString('leaseToken', {
      description:
        'Shows that the task is the worker’s: for every command on it. Told once; keep it to yourself.',
    }),
    leaseNumber: t.int({
      description:
        'Rises with every lease of the task: systems that the worker writes to can refuse lower ones.',
      resolve: ({ lease }) => lease.number,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the worker loses the task, unless it extends the lease.',
      resolve: ({ lease }) => lease.expiresAt,
    }),
    topic: t.string({
      description: 'The topic that it was asked for by.',
      resolve: ({ task }) => task.external?.topic ?? '',
    }),
    retriesLeft: t.int({
      description: 'How many attempts may fail, this one included; with the last of them the task is FAILED.',
      resolve: ({ task }) => task.externalWork?.retriesLeft ?? 0,
    }),
    name: t.string({ description: 'What people call the task.', resolve: ({ task }) => task.name }),
    description: t.string({
      nullable: true,
      description: 'What is to be done, Markdown.',
      resolve: ({ task }) => task.description,
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it should be finished.',
      resolve: ({ task }) => task.dueAt,
    }),
    executionId: t.id({
      description: 'The id of its WorkflowExecution.',
      resolve: ({ execution }) => encodeId('WorkflowExecution', execution.id),
    }),
    entityId: t.id({
      description: 'The id of the Entity that the execution was started on.',
      resolve: ({ entityId }) => encodeId('Entity', entityId),
    }),
    input: t.field({
      type: 'JSON',
      description: 'An object with what the definition hands to workers, as it is now.',
      resolve: ({ input }) => input,
    }),
  }),
});

const WorkedTaskRef = builder.objectRef<WorkedTask>('WorkedTask').implement({
  description: 'A task after a worker’s command.',
  fields: (t) => ({
    taskId: t.id({ description: 'The id of the Task.', resolve: ({ taskId }) => encodeId('Task', taskId) }),
    status: t.field({
      type: TaskStatusEnum,
      description: 'Its status now.',
      resolve: ({ status }) => status,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the worker loses it; null if the worker has it no more.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
  }),
});

defineMutation('fetchExternalTasks', {
  description:
    'Gives a worker tasks of its topics, each for a time: nobody else gets them meanwhile. Those that have waited the longest come first. If there are none, waits for some. Needs the role `worker` or `admin`.',
  input: (t) => ({
    workerName: t.string({ required: true, description: 'What the worker calls itself, for people.' }),
    topics: t.stringList({ required: true, description: 'The topics of the tasks, at most 50.' }),
    maxTasks: t.int({ description: `How many tasks at most, 1 to ${MAX_FETCHED_TASKS}; 1 if left out.` }),
    leaseSeconds: t.int({
      description:
        'For how long, 5 to 86,400 seconds; as each task’s definition says if left out. A heartbeat is an event in the log, so ask for what the work usually takes.',
    }),
    waitSeconds: t.int({
      description: `How long to wait if there is none, 0 to ${MAX_WAIT_SECONDS} seconds; not at all if left out. The answer comes as soon as there is one.`,
    }),
  }),
  problems: [],
  run: ({ workerName, topics, maxTasks, leaseSeconds, waitSeconds }, context) =>
    fetchWhenThere(
      context,
      { workerName, topics, maxTasks: maxTasks ?? 1, leaseSeconds: leaseSeconds ?? undefined },
      waitSeconds ?? 0,
    ),
  payload: (t) => ({
    tasks: t.field({
      type: [FetchedTaskRef],
      description: 'The tasks; none if none came in time.',
      resolve: ({ value }) => [...value],
    }),
  }),
});

function leaseInput(t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) {
  return {
    taskId: t.id({ required: true, description: 'The id of the Task.' }),
    leaseToken: t.string({ required: true, description: 'The `leaseToken` with which it was fetched.' }),
  };
}

function workedPayload(t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<WorkedTask>>) {
  return {
    workedTask: t.field({ type: WorkedTaskRef, description: 'The task now.', resolve: ({ value }) => value }),
  };
}

interface GivenLease {
  readonly taskId: string;
  readonly leaseToken: string;
}

function lease({ taskId, leaseToken }: GivenLease): GivenLease {
  return { taskId: inputKey('taskId', 'Task', taskId), leaseToken };
}

/** Another worker's token finds no task; the own one that is over is told so. */
const PROBLEMS: readonly ProblemCode[] = ['NOT_FOUND', 'LEASE_LOST'];

defineMutation('extendLease', {
  description:
    'The heartbeat: the worker keeps its task for so long from now on. A lease is never made shorter.',
  input: (t) => ({
    ...leaseInput(t),
    leaseSeconds: t.int({ required: true, description: 'For how long from now on, 5 to 86,400 seconds.' }),
  }),
  problems: PROBLEMS,
  run: (input, context) => extendLease(context, { ...lease(input), leaseSeconds: input.leaseSeconds }),
  payload: workedPayload,
});

defineMutation('completeExternalTask', {
  description:
    'Completes a worker’s task: in one transaction its output is written into attributes as the definition says, the task is COMPLETED and the flow goes on. The same again answers the same.',
  input: (t) => ({
    ...leaseInput(t),
    output: t.field({
      type: 'JSON',
      description: 'What the worker found, a JSON object; an empty one if left out.',
    }),
  }),
  problems: PROBLEMS,
  run: (input, context) => completeExternalTask(context, { ...lease(input), output: input.output ?? {} }),
  payload: workedPayload,
});

defineMutation('failExternalTask', {
  description:
    'The worker could not do it: the task waits for the next attempt, or is FAILED (EXTERNAL_FAILED) if as many have failed as may. The same again answers the same.',
  input: (t) => ({
    ...leaseInput(t),
    message: t.string({ required: true, description: 'What went wrong, for people.' }),
    retriesLeft: t.int({
      description:
        'How many attempts may still fail, 0 to 100; one fewer than before if left out. 0: trying again is of no use.',
    }),
    retryAfterSeconds: t.int({
      description: 'After how many seconds workers may try again; as the definition says if left out.',
    }),
  }),
  problems: PROBLEMS,
  run: (input, context) =>
    failExternalTask(context, {
      ...lease(input),
      message: input.message,
      retriesLeft: input.retriesLeft ?? undefined,
      retryAfterSeconds: input.retryAfterSeconds ?? undefined,
    }),
  payload: workedPayload,
});

defineMutation('handBackExternalTask', {
  description:
    'Gives a worker’s task to people: it is PENDING, no worker gets it any more, and whoever is responsible works it as any other. The same again answers the same.',
  input: (t) => ({
    ...leaseInput(t),
    reason: t.string({ required: true, description: 'Why a person has to see to it.' }),
  }),
  problems: PROBLEMS,
  run: (input, context) => handBackExternalTask(context, { ...lease(input), reason: input.reason }),
  payload: workedPayload,
});
