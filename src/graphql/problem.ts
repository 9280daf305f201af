/** What all problems have in common, and by which type each is told: a mutation's answer is one of them. */
import type { ImplementableObjectRef } from '@pothos/core';
import type { Problem, ProblemCode, ProblemOf } from '../commands/problem.ts';
import { problemMessage } from '../commands/problem-message.ts';
import { blockerMessage } from './blocker.ts';
import { builder, type ApiTypes } from './builder.ts';
import type { Context } from './context.ts';
import { resolveUser } from './people.ts';
import type { BlockerShape } from './refs.ts';

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
    LEASE_LOST: { description: 'The worker’s lease is over.' },
    DEFINITION_INVALID: { description: 'The definition has errors.' },
    DEFINITION_NOT_STARTABLE: { description: 'No execution of the definition can be started on the entity.' },
    CHAIN_TOO_DEEP: { description: 'Too many automations and workflows have set each other off.' },
    ENTITY_IN_USE: { description: 'There are executions on the entity.' },
    AUTOMATION_INVALID: { description: 'The automation has errors.' },
    AUTOMATION_NOT_RUNNABLE: { description: 'The automation can’t be run, or not on the entity.' },
    RUN_COMMAND_NOT_ALLOWED: { description: 'The status of the automation run does not allow the command.' },
    ABSENCE_OVERLAPS: { description: 'The user is absent on some of these days already.' },
    ABSENCE_OVER: { description: 'The absence is over, so it can’t be changed.' },
    DELIVERY_NOT_SENDABLE: { description: 'The message can’t be sent again now.' },
    JOURNEY_NOT_OPENABLE: { description: 'The journey can’t be opened.' },
    JOURNEY_SESSION_NOT_OPEN: { description: 'The session is submitted, expired, or not needed any more.' },
    JOURNEY_DATA_INVALID: { description: 'What was filled in is not what the form asks for.' },
    JOURNEY_NOT_MAPPABLE: { description: 'Values can’t be written where the journey says.' },
    JOURNEY_BUSY: { description: 'The journey’s public link is used too often at the moment.' },
  } as const satisfies Record<ProblemCode, object>,
});

async function taskName(taskId: string, { loaders }: Context): Promise<string> {
  return `“${(await loaders.tasks.load(taskId))?.name ?? 'The task'}”`;
}

/** What blocks the task, in its execution. */
export async function blockerShapes(
  problem: ProblemOf<'TASK_BLOCKED'>,
  { loaders }: Context,
): Promise<BlockerShape[]> {
  const executionId = (await loaders.tasks.load(problem.taskId))?.executionId;
  return executionId === undefined ? [] : problem.blockers.map((blocker) => ({ executionId, blocker }));
}

/** The problem in a sentence or two, for people, with the names of what it is about. */
async function messageOf(problem: Problem, context: Context): Promise<string> {
  switch (problem.code) {
    case 'TASK_BLOCKED': {
      const shapes = await blockerShapes(problem, context);
      const blockers = await Promise.all(shapes.map((shape) => blockerMessage(shape, context)));
      return problemMessage(problem, { task: await taskName(problem.taskId, context), blockers });
    }
    case 'ALREADY_CLAIMED': {
      const claimer = (await resolveUser(problem.claimedById, context))?.name;
      const task = await taskName(problem.taskId, context);
      return problemMessage(problem, { task, ...(claimer !== undefined && { claimer }) });
    }
    case 'COMMAND_NOT_ALLOWED':
    case 'NOT_CLAIMABLE':
      return problemMessage(problem, { task: await taskName(problem.taskId, context) });
    default:
      return problemMessage(problem);
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

/** Gives the problem its type, once, with what it tells beside code and message. */
export function defineProblem<Code extends ProblemCode>(
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
