/** The problems that mutations answer: one type for each code, each with its own data. */
import type { ImplementableObjectRef } from '@pothos/core';
import type { Problem, ProblemCode } from '../commands/problem.ts';
import { blockerMessage, BlockerInterface } from './blocker.ts';
import { builder, type ApiTypes } from './builder.ts';
import type { Context } from './context.ts';
import { DefinitionIssueRef } from './definition-issue.ts';
import { ExecutionStatusEnum, TaskCommandEnum, TaskStatusEnum } from './enums.ts';
import { encodeId } from './ids.ts';
import { ActorRef, resolveActor, resolveUser } from './people.ts';
import { TaskRef, UserRef, type BlockerShape, type ProblemOf } from './refs.ts';

const ProblemCodeEnum = builder.enumType('ProblemCode', {
  description: 'Which problem it is; each has a type of its own.',
  values: {
    NOT_FOUND: {
      description: 'The object does not exist in this organization, or the viewer may not see it.',
    },
    VERSION_CONFLICT: { description: 'The object has another version than `expectedVersion`.' },
    INVALID_INPUT: { description: 'Fields of the input can’t be used.' },
    FORBIDDEN: { description: 'The viewer’s role may not do this to this object.' },
    IDEMPOTENCY_CONFLICT: { description: 'The idempotency key was used with another input.' },
    TASK_BLOCKED: { description: 'Something else must happen before the task can be worked on.' },
    COMMAND_NOT_ALLOWED: { description: 'The task’s status does not allow the command.' },
    EXECUTION_NOT_OPEN: { description: 'The execution is done or closed.' },
    EXECUTION_NOT_FINISHED: { description: 'The execution is open, so there is nothing to reopen.' },
    ALREADY_CLAIMED: { description: 'Somebody else has claimed the task.' },
    NOT_CLAIMABLE: { description: 'The task is not assigned to a team of the viewer.' },
    DEFINITION_INVALID: { description: 'The definition has errors.' },
    DEFINITION_NOT_STARTABLE: { description: 'No execution of the definition can be started on the entity.' },
  } as const satisfies Record<ProblemCode, object>,
});

const NotStartableReasonEnum = builder.enumType('NotStartableReason', {
  description: 'Why a definition can’t be started on an entity.',
  values: {
    NOT_PUBLISHED: { description: 'It has no published version.' },
    DISABLED: { description: 'It is disabled.' },
    ARCHIVED: { description: 'It is archived.' },
    NO_MANUAL_TRIGGER: { description: 'Its published version has no manual trigger.' },
    ENTITY_SCHEMA_MISMATCH: { description: 'Its manual triggers are for entities of other schemas.' },
  } as const,
});

async function taskName(taskId: string, { loaders }: Context): Promise<string> {
  return `“${(await loaders.tasks.load(taskId))?.name ?? 'The task'}”`;
}

const NOT_STARTABLE: Readonly<Record<ProblemOf<'DEFINITION_NOT_STARTABLE'>['reason'], string>> = {
  NOT_PUBLISHED: 'it has not been published',
  DISABLED: 'it is disabled',
  ARCHIVED: 'it is archived',
  NO_MANUAL_TRIGGER: 'it has no manual trigger',
  ENTITY_SCHEMA_MISMATCH: 'its manual trigger is for entities of another schema',
};

async function blockerShapes(
  problem: ProblemOf<'TASK_BLOCKED'>,
  { loaders }: Context,
): Promise<BlockerShape[]> {
  const executionId = (await loaders.tasks.load(problem.taskId))?.executionId;
  return executionId === undefined ? [] : problem.blockers.map((blocker) => ({ executionId, blocker }));
}

/** The problem in a sentence or two, for people: what, where and what would be right. */
async function messageOf(problem: Problem, context: Context): Promise<string> {
  switch (problem.code) {
    case 'NOT_FOUND':
      return `There is no ${problem.what} with the id ${encodeId(problem.what, problem.id)}.`;
    case 'VERSION_CONFLICT':
      return `The ${problem.what} was changed meanwhile: it has version ${problem.currentVersion} now. Read it again and decide anew.`;
    case 'INVALID_INPUT':
      return problem.issues.map(({ message }) => message).join(' ');
    case 'FORBIDDEN':
      return problem.message;
    case 'IDEMPOTENCY_CONFLICT':
      return `The idempotency key “${problem.idempotencyKey}” was used with another input; take a new key for a new request.`;
    case 'TASK_BLOCKED': {
      const reasons = await Promise.all(
        (await blockerShapes(problem, context)).map((shape) => blockerMessage(shape, context)),
      );
      return `${await taskName(problem.taskId, context)} is blocked. ${reasons.join(' ')}`;
    }
    case 'COMMAND_NOT_ALLOWED':
      return `${await taskName(problem.taskId, context)} is ${problem.status} since ${problem.since}. Allowed now: ${problem.allowedCommands.join(', ') || 'nothing'}.`;
    case 'EXECUTION_NOT_OPEN':
      return `The execution is ${problem.status}; reopen it first.`;
    case 'EXECUTION_NOT_FINISHED':
      return 'The execution is STARTED; only DONE and CLOSED ones can be reopened.';
    case 'ALREADY_CLAIMED':
      return `${await taskName(problem.taskId, context)} is already claimed by ${(await resolveUser(problem.claimedById, context))?.name ?? 'somebody else'}.`;
    case 'NOT_CLAIMABLE':
      return `${await taskName(problem.taskId, context)} is not assigned to a team of yours, so you can’t claim it.`;
    case 'DEFINITION_INVALID':
      return `The definition has ${problem.issues.filter(({ severity }) => severity === 'ERROR').length} errors; see issues.`;
    case 'DEFINITION_NOT_STARTABLE':
      return `The definition can’t be started on this entity: ${NOT_STARTABLE[problem.reason]}.`;
  }
}

const ProblemInterface = builder.interfaceRef<Problem>('Problem').implement({
  description: 'Why a mutation was refused. Nothing has changed.',
  fields: (t) => ({
    message: t.string({
      description: 'What is wrong and what would be right, for people.',
      resolve: (problem, _args, context) => messageOf(problem, context),
    }),
    code: t.field({
      type: ProblemCodeEnum,
      description: 'Which problem it is.',
      resolve: ({ code }) => code,
    }),
  }),
  resolveType: ({ code }) => typeNameOf(code),
});

/** NOT_FOUND → NotFoundProblem */
function typeNameOf(code: ProblemCode): string {
  const words = code.toLowerCase().split('_');
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Problem`;
}
type ProblemRef<Code extends ProblemCode> = ImplementableObjectRef<ApiTypes, ProblemOf<Code>>;

const types = new Map<ProblemCode, ProblemRef<ProblemCode>>();

function define<Code extends ProblemCode>(
  code: Code,
  description: string,
  fields: (
    t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, ProblemOf<Code>>,
  ) => ReturnType<NonNullable<Parameters<ProblemRef<Code>['implement']>[0]['fields']>>,
): void {
  const ref = builder.objectRef<ProblemOf<Code>>(typeNameOf(code));
  ref.implement({ description, interfaces: [ProblemInterface] as never, fields });
  types.set(code, ref);
}

/** The GraphQL type of a problem. */
export function problemType(code: ProblemCode): ProblemRef<ProblemCode> {
  const type = types.get(code);
  if (!type) throw new Error(`no type for the problem ${code}`);
  return type;
}

const InputIssueRef = builder
  .objectRef<ProblemOf<'INVALID_INPUT'>['issues'][number]>('InputIssue')
  .implement({
    description: 'One thing that is wrong with an input.',
    fields: (t) => ({
      path: t.exposeString('path', { description: 'Which field of the input: `assignees[2]`.' }),
      code: t.exposeString('code', { description: 'A stable code: EMPTY, TOO_LONG, INVALID_ID, UNKNOWN_…' }),
      message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
    }),
  });

define('NOT_FOUND', 'The object does not exist in this organization, or the viewer may not see it.', (t) => ({
  type: t.string({ description: 'The type of object that was looked for.', resolve: ({ what }) => what }),
  id: t.id({ description: 'Its id, as given.', resolve: ({ what, id }) => encodeId(what, id) }),
}));

define(
  'VERSION_CONFLICT',
  'The object has another version than `expectedVersion`: somebody was faster.',
  (t) => ({
    currentVersion: t.exposeInt('currentVersion', { description: 'The version that it has now.' }),
    current: t.node({
      description: 'The object as it is now.',
      id: ({ what, id }) => encodeId(what, id),
    }),
  }),
);

define('INVALID_INPUT', 'Fields of the input can’t be used.', (t) => ({
  issues: t.field({
    type: [InputIssueRef],
    description: 'Every one of them.',
    resolve: ({ issues }) => [...issues],
  }),
}));

define('FORBIDDEN', 'The viewer’s role may not do this to this object.', () => ({}));

define('IDEMPOTENCY_CONFLICT', 'The idempotency key was used with another input.', (t) => ({
  idempotencyKey: t.exposeString('idempotencyKey', { description: 'The key.' }),
}));

define('TASK_BLOCKED', 'Something else must happen before the task can be worked on.', (t) => ({
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

define('COMMAND_NOT_ALLOWED', 'The task’s status does not allow the command.', (t) => ({
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

define('EXECUTION_NOT_OPEN', 'The execution is done or closed.', (t) => ({
  executionStatus: t.field({
    type: ExecutionStatusEnum,
    description: 'Its status now.',
    resolve: ({ status }) => status,
  }),
}));

define('EXECUTION_NOT_FINISHED', 'The execution is open, so there is nothing to reopen.', () => ({}));

define('ALREADY_CLAIMED', 'Somebody else has claimed the task.', (t) => ({
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

define('NOT_CLAIMABLE', 'The task is not assigned to a team of the viewer.', (t) => ({
  task: t.field({
    type: TaskRef,
    nullable: true,
    description: 'The task.',
    resolve: ({ taskId }, _args, { loaders }) => loaders.tasks.load(taskId),
  }),
}));

define('DEFINITION_INVALID', 'The definition has errors, so it can’t be published.', (t) => ({
  definitionIssues: t.field({
    type: [DefinitionIssueRef],
    description: 'All of them, warnings included.',
    resolve: ({ issues }) => [...issues],
  }),
}));

define('DEFINITION_NOT_STARTABLE', 'No execution of the definition can be started on the entity.', (t) => ({
  reason: t.field({ type: NotStartableReasonEnum, description: 'Why not.', resolve: ({ reason }) => reason }),
}));
