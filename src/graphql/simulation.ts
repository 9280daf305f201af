/** Dry runs. */
import { Refusal, type Problem } from '../commands/problem.ts';
import { simulateDefinition, type Simulation } from '../commands/simulation.ts';
import { executionDiagram } from '../diagram/execution-diagram.ts';
import { builder } from './builder.ts';
import { ExecutionStatusEnum } from './enums.ts';
import { AssigneeUnion, resolveAssignees } from './people.ts';
import { problemType } from './problems.ts';
import { SimulateDefinitionInputType, toSimulation } from './simulation-input.ts';
import {
  DeadEndRef,
  EntityWriteRef,
  SimulatedDecisionRef,
  SimulatedEntityRef,
  SimulatedStepRef,
  SimulatedTaskRef,
} from './simulation-types.ts';

/** Working a workflow through costs as much as reading some thousand fields. */
const COST = 5_000;

/** How many tasks a workflow usually has. */
const TASKS = 30;

const SimulationRef = builder.objectRef<Simulation>('Simulation').implement({
  description:
    'What an execution would do if everything that can be done were done at once, from top to bottom, and decided as told. Nothing of it is kept.',
  fields: (t) => ({
    status: t.field({
      type: ExecutionStatusEnum,
      description: 'The status of the execution in the end.',
      resolve: ({ run }) => run.state.execution.status,
    }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it starts.',
      resolve: ({ run }) => run.state.execution.startedAt,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is done; null if it does not get so far.',
      resolve: ({ run }) => run.state.execution.finishedAt,
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the execution as a whole should be finished.',
      resolve: ({ run }) => run.state.execution.dueAt,
    }),
    assignees: t.field({
      type: [AssigneeUnion],
      complexity: { multiplier: 3 },
      description: 'Who is responsible for the execution as a whole.',
      resolve: ({ run }, _args, context) => resolveAssignees(run.state.execution.assignees, context),
    }),
    isCut: t.boolean({
      description:
        'Whether it was ended before there was nothing left to do, since it took too many steps: more than 5,000 commands, fewer above 50 tasks, but always two for each task.',
      resolve: ({ run }) => run.isCut,
    }),
    steps: t.field({
      type: [SimulatedStepRef],
      complexity: { multiplier: TASKS },
      description:
        'What happens, in its order. Of what one step sets off, everything has its time; it is told from top to bottom.',
      resolve: ({ steps }) => [...steps],
    }),
    path: t.stringList({
      description:
        'The path that is taken: the keys of the tasks that are completed and of the decisions that are made, in this order, as often as it happens.',
      resolve: ({ steps }) =>
        steps.flatMap(({ type, task }) =>
          task && (type === 'COMPLETED' || type === 'DECIDED' || type === 'LOOPED') ? [task.key ?? ''] : [],
        ),
    }),
    tasks: t.field({
      type: [SimulatedTaskRef],
      complexity: { multiplier: TASKS },
      description: 'All tasks as they are in the end, from top to bottom.',
      resolve: ({ tasks }) => [...tasks],
    }),
    neverReached: t.field({
      type: [SimulatedTaskRef],
      complexity: { multiplier: TASKS },
      description: 'The tasks that are never reached: left out by decisions, or behind a dead end.',
      resolve: ({ tasks }) => tasks.filter(({ visits }) => visits.length === 0),
    }),
    deadEnds: t.field({
      type: [DeadEndRef],
      description: 'The tasks that are open in the end, and why. Empty if the execution is done.',
      resolve: ({ deadEnds }) => [...deadEnds],
    }),
    unusedDecisions: t.field({
      type: [SimulatedDecisionRef],
      description: 'The answers of the input that were not needed: their decisions were not met so often.',
      resolve: ({ run }) => [...run.unusedAnswers],
    }),
    entityWrites: t.field({
      type: [EntityWriteRef],
      complexity: { multiplier: TASKS },
      description: 'What the sync rules would write, in its order.',
      resolve: ({ writes, entities }) =>
        writes.flatMap((write) => {
          const entity = entities.find(({ id }) => id === write.entityId);
          return entity ? [{ write, entity }] : [];
        }),
    }),
    entities: t.field({
      type: [SimulatedEntityRef],
      description: 'The entities as they would be in the end, the one that it is started on first.',
      resolve: ({ entities }) => [...entities],
    }),
    diagram: t.string({
      description: 'Where it is in the end, as a Mermaid flowchart; see `WorkflowExecution.diagram`.',
      resolve: ({ run }) => executionDiagram(run.state),
    }),
  }),
});

const PROBLEMS = ['NOT_FOUND', 'DEFINITION_INVALID', 'DEFINITION_NOT_STARTABLE', 'INVALID_INPUT'] as const;

const SimulationResult = builder.unionType('SimulateDefinitionResult', {
  description:
    '`Simulation`, or why there is none. Of the reasons why a definition can’t be started only NOT_PUBLISHED counts.',
  types: [SimulationRef, ...PROBLEMS.map((code) => problemType(code))] as never,
  resolveType: ((value: Simulation | Problem) =>
    'run' in value ? SimulationRef : problemType(value.code)) as never,
});

builder.queryField('simulateDefinition', (t) =>
  t.field({
    type: SimulationResult,
    nullable: true,
    complexity: COST,
    description:
      'A dry run of a draft, a version or a content: the path that an execution would take, with assignees, dates and what it would write. Nothing is written. Needs the role member.',
    args: {
      input: t.arg({ type: SimulateDefinitionInputType, required: true, description: 'What to simulate.' }),
    },
    resolve: async (_root, { input }, context) => {
      try {
        return (await simulateDefinition(context, toSimulation(input))) as never;
      } catch (error) {
        if (error instanceof Refusal) return error.problem as never;
        throw error;
      }
    },
  }),
);
