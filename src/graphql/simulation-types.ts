/** What a dry run tells: its steps, its tasks, what it writes, where it ends. */
import { GIVEN } from '../commands/simulation.ts';
import type { EntityFacts } from '../engine/facts.ts';
import type { SimulatedAnswer } from '../engine/simulate.ts';
import type {
  DeadEnd,
  DeadEndReason,
  SimulatedStep,
  SimulatedStepType,
  SimulatedTask,
  SimulatedVisit,
  SimulatedWrite,
} from '../engine/simulation-report.ts';
import { builder } from './builder.ts';
import { DecisionRecordRef } from './decision-record.ts';
import { TaskStatusEnum, TaskTypeEnum } from './enums.ts';
import { AssigneeUnion, resolveAssignees } from './people.ts';
import { EntityRef } from './refs.ts';
import { FailureRef } from './task-flow.ts';

const VisitRef = builder.objectRef<SimulatedVisit>('SimulatedVisit').implement({
  description: 'One time that a task is reached, with what is known of it then.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When it is reached.', resolve: ({ at }) => at }),
    assignees: t.field({
      type: [AssigneeUnion],
      complexity: { multiplier: 3 },
      description: 'Who is responsible then.',
      resolve: ({ assignees }, _args, context) => resolveAssignees(assignees, context),
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Its due date then; null if there is none, or if what it is counted from has not happened.',
      resolve: ({ dueAt }) => dueAt,
    }),
  }),
});

export const SimulatedTaskRef = builder.objectRef<SimulatedTask>('SimulatedTask').implement({
  description: 'A task of a dry run, as it is in the end.',
  fields: (t) => ({
    key: t.string({ description: 'Its key in the definition.', resolve: ({ task }) => task.key ?? '' }),
    name: t.string({ description: 'Its name.', resolve: ({ task }) => task.name }),
    phaseKey: t.string({
      nullable: true,
      description: 'The key of its phase; null if it is in none.',
      // In a dry run ids are keys.
      resolve: ({ task }) => task.phaseId,
    }),
    type: t.field({ type: TaskTypeEnum, description: 'How it is worked.', resolve: ({ task }) => task.type }),
    status: t.field({
      type: TaskStatusEnum,
      description: 'Where it is in its life in the end.',
      resolve: ({ task }) => task.status,
    }),
    isReached: t.boolean({
      description: 'Whether it is ever reached.',
      resolve: ({ visits }) => visits.length > 0,
    }),
    visits: t.field({
      type: [VisitRef],
      complexity: { multiplier: 2 },
      description: 'Each time that it is reached: once, more often in a loop, or never.',
      resolve: ({ visits }) => [...visits],
    }),
    assignees: t.field({
      type: [AssigneeUnion],
      complexity: { multiplier: 3 },
      description: 'Who is responsible in the end.',
      resolve: ({ task }, _args, context) => resolveAssignees(task.assignees, context),
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it should be finished, as known in the end.',
      resolve: ({ task }) => task.dueAt,
    }),
    scheduledFor: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The time that its schedule gives; null if it has none or is not reached.',
      resolve: ({ task }) => task.scheduledFor,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is completed or skipped; null if it stays open.',
      resolve: ({ task }) => task.finishedAt,
    }),
    iterations: t.int({
      description: 'How often its loop branch is taken, since an outer loop last put it back.',
      resolve: ({ task }) => task.iterations,
    }),
    decided: t.field({
      type: DecisionRecordRef,
      nullable: true,
      description: 'How it is decided the last time; null if it is not.',
      resolve: ({ task }) => task.decided,
    }),
    failure: t.field({
      type: FailureRef,
      nullable: true,
      description: 'What goes wrong; null unless it is FAILED in the end.',
      resolve: ({ task }) => task.failure,
    }),
  }),
});

const StepTypeEnum = builder.enumType('SimulatedStepType', {
  description: 'What happens in a dry run.',
  values: {
    STARTED: { description: 'The execution starts.' },
    COMPLETED: { description: 'Somebody completes a task.' },
    DECIDED: { description: 'A decision is made, by its conditions or by an answer.' },
    LOOPED: { description: 'A decision leads back; the tasks of the loop are to be done again.' },
    SKIPPED: { description: 'No branch leads to a task any more.' },
    SCHEDULED: { description: 'A task is reached, and waits for its time.' },
    WOKEN: { description: 'The time of a task has come.' },
    AWAITS_DECISION: { description: 'A decision can be made by hand.' },
    AWAITS_CONFIRMATION: {
      description: 'Somebody outside is asked to confirm a task; in a dry run they do.',
    },
    FAILED: { description: 'A task fails.' },
    PUT_BACK: { description: 'A task is open again, because of a loop or since its way is open again.' },
    DONE: { description: 'The execution is done.' },
  } as const satisfies Readonly<Record<SimulatedStepType, object>>,
});

export const SimulatedStepRef = builder.objectRef<SimulatedStep>('SimulatedStep').implement({
  description: 'One thing that happens in a dry run.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When, by the clock of the run.', resolve: ({ at }) => at }),
    type: t.field({ type: StepTypeEnum, description: 'What happens.', resolve: ({ type }) => type }),
    taskKey: t.string({
      nullable: true,
      description: 'The key of the task; null if it happens to the execution.',
      resolve: ({ task }) => task?.key ?? null,
    }),
    taskName: t.string({
      nullable: true,
      description: 'The name of the task; null if it happens to the execution.',
      resolve: ({ task }) => task?.name ?? null,
    }),
    branchKeys: t.stringList({
      description: 'Of DECIDED and LOOPED: the branches that are taken.',
      resolve: ({ decided }) => [...(decided?.takenBranchKeys ?? [])],
    }),
    decided: t.field({
      type: DecisionRecordRef,
      nullable: true,
      description: 'Of a decision that is made, or fails: what it saw and what it takes; otherwise null.',
      resolve: ({ decided }) => decided,
    }),
    failure: t.field({
      type: FailureRef,
      nullable: true,
      description: 'Of FAILED: what goes wrong; otherwise null.',
      resolve: ({ failure }) => failure,
    }),
  }),
});

const DeadEndReasonEnum = builder.enumType('DeadEndReason', {
  description: 'Why a task stays open.',
  values: {
    FAILED: { description: 'It fails.' },
    NO_ANSWER: { description: 'It is a decision by hand, and the input has no answer left for it.' },
    BLOCKED: { description: 'It waits for other tasks that stay open.' },
    TOO_MANY_STEPS: { description: 'It could go on, but the run was ended (`isCut`).' },
  } as const satisfies Readonly<Record<DeadEndReason, object>>,
});

export const DeadEndRef = builder.objectRef<DeadEnd>('DeadEnd').implement({
  description: 'A task that is open when nothing is left to do.',
  fields: (t) => ({
    taskKey: t.string({ description: 'The key of the task.', resolve: ({ task }) => task.key ?? '' }),
    taskName: t.string({ description: 'The name of the task.', resolve: ({ task }) => task.name }),
    reason: t.field({
      type: DeadEndReasonEnum,
      description: 'Why it is open.',
      resolve: ({ reason }) => reason,
    }),
    failure: t.field({
      type: FailureRef,
      nullable: true,
      description: 'Of FAILED: what went wrong; otherwise null.',
      resolve: ({ task }) => task.failure,
    }),
    // In a dry run ids are keys.
    waitsForTaskKeys: t.stringList({
      description: 'Of BLOCKED: the keys of the tasks that it waits for.',
      resolve: ({ waitsFor }) => [...waitsFor.taskIds],
    }),
    waitsForPhaseKeys: t.stringList({
      description: 'Of BLOCKED: the keys of the phases that it waits for.',
      resolve: ({ waitsFor }) => [...waitsFor.phaseIds],
    }),
  }),
});

export const SimulatedDecisionRef = builder.objectRef<SimulatedAnswer>('SimulatedDecision').implement({
  description: 'An answer to a decision by hand, as in the input.',
  fields: (t) => ({
    taskKey: t.exposeString('taskKey', { description: 'The decision.' }),
    branchKeys: t.stringList({
      description: 'The branches that would have been taken.',
      resolve: ({ branchKeys }) => [...branchKeys],
    }),
  }),
});

export const SimulatedEntityRef = builder.objectRef<EntityFacts>('SimulatedEntity').implement({
  description: 'An entity as it would be in the end.',
  fields: (t) => ({
    entity: t.field({
      type: EntityRef,
      nullable: true,
      description: 'The entity as it is; null for the one that the input only tells of.',
      resolve: ({ id }, _args, { loaders }) => (id === GIVEN ? null : loaders.entities.load(id)),
    }),
    schema: t.exposeString('schema', { description: 'What kind of object it is.' }),
    title: t.exposeString('title', { description: 'What it is called.' }),
    attributes: t.field({
      type: 'JSON',
      description: 'Its attributes as they would be.',
      resolve: ({ attributes }) => attributes,
    }),
  }),
});

interface WriteShape {
  readonly write: SimulatedWrite;
  readonly entity: EntityFacts;
}

export const EntityWriteRef = builder.objectRef<WriteShape>('SimulatedEntityWrite').implement({
  description: 'An attribute that the sync rules would write.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ write }) => write.at }),
    entity: t.field({
      type: SimulatedEntityRef,
      description: 'The entity, as it would be in the end.',
      resolve: ({ entity }) => entity,
    }),
    attribute: t.string({ description: 'The attribute.', resolve: ({ write }) => write.attribute }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: 'All of its value afterwards; null also if it was removed.',
      resolve: ({ write }) => write.value,
    }),
  }),
});
