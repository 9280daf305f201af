/** What a dry run takes: which definition, on what, with which answers. */
import { refuseInput } from '../commands/problem.ts';
import type {
  SimulatedDefinition,
  SimulateDefinitionInput,
  SimulatedEntity,
} from '../commands/simulation.ts';
import { builder } from './builder.ts';
import { DefinitionContentInput, toContent } from './definition-input.ts';
import { TimeUnitEnum } from './enums.ts';
import { inputKey, inputKeys } from './ids.ts';

const GivenEntityInput = builder.inputType('GivenEntityInput', {
  description: 'An entity that there need not be. It has no id, and nothing is kept of it.',
  fields: (t) => ({
    schema: t.string({ required: true, description: 'What kind of object it is: `opportunity`.' }),
    title: t.string({ required: true, description: 'What the object is called, 1 to 500 characters.' }),
    attributes: t.field({
      type: 'JSON',
      description: 'What is known of it, as in `createEntity`; nothing if left out.',
    }),
  }),
});

const SimulatedDecisionInput = builder.inputType('SimulatedDecisionInput', {
  description:
    'How somebody makes a decision, once. The first answer for a task is taken when the decision is first met, the second when it is met again, and so on. An answer is never taken twice: without one that is left, the decision is not made (NO_ANSWER).',
  fields: (t) => ({
    taskKey: t.string({ required: true, description: 'The decision; one that is made by hand.' }),
    branchKeys: t.stringList({
      required: true,
      description: 'The branches that are taken, as in `decideTask`.',
    }),
  }),
});

const TaskDurationInput = builder.inputType('TaskDurationInput', {
  description: 'A span of time on the organization’s calendar.',
  fields: (t) => ({
    amount: t.int({ required: true, description: 'How many units, 0 to 10,000.' }),
    unit: t.field({ type: TimeUnitEnum, required: true, description: 'What is counted.' }),
  }),
});

export const SimulateDefinitionInputType = builder.inputType('SimulateDefinitionInput', {
  description:
    'What is simulated: exactly one of `definitionId`, `versionId` and `content`, on exactly one of `entityId` and `entity`.',
  fields: (t) => ({
    definitionId: t.id({ description: 'A definition: its draft, or its newest version; see `isDraft`.' }),
    isDraft: t.boolean({
      description:
        'With `definitionId`: whether its draft is meant, not its newest published version; true if left out.',
    }),
    versionId: t.id({ description: 'A published version.' }),
    content: t.field({ type: DefinitionContentInput, description: 'A workflow that is not saved.' }),
    entityId: t.id({ description: 'The entity to start on.' }),
    entity: t.field({ type: GivenEntityInput, description: 'An entity to start on that there need not be.' }),
    contextEntityIds: t.idList({ description: 'Related entities; none if left out.' }),
    decisions: t.field({
      type: [SimulatedDecisionInput],
      description: 'How decisions by hand are made, in their order, at most 1,000; none if left out.',
    }),
    startAt: t.field({ type: 'DateTime', description: 'When it starts; now if left out.' }),
    taskDuration: t.field({
      type: TaskDurationInput,
      description: 'How long each task takes that is no decision, one after the other; no time if left out.',
    }),
  }),
});

type Input = typeof SimulateDefinitionInputType.$inferInput;

function definitionOf({ definitionId, isDraft, versionId, content }: Input): SimulatedDefinition {
  const given = [definitionId, versionId, content].filter((value) => value != null);
  if (given.length !== 1)
    return refuseInput(
      'definitionId',
      'AMBIGUOUS',
      'Exactly one of definitionId, versionId and content is needed.',
    );
  if (content) return { content: toContent('content', content) };
  if (typeof versionId === 'string')
    return { versionId: inputKey('versionId', 'DefinitionVersion', versionId) };
  return {
    definitionId: inputKey('definitionId', 'WorkflowDefinition', definitionId ?? ''),
    isDraft: isDraft ?? true,
  };
}

function entityOf({ entityId, entity }: Input): SimulatedEntity {
  if (typeof entityId === 'string' && !entity) return { id: inputKey('entityId', 'Entity', entityId) };
  if (entity && typeof entityId !== 'string') {
    const { schema, title, attributes } = entity;
    return { schema, title, attributes: attributes ?? {} };
  }
  return refuseInput('entityId', 'AMBIGUOUS', 'Exactly one of entityId and entity is needed.');
}

/** The command's input; refuses what can't be meant. */
export function toSimulation(input: Input): SimulateDefinitionInput {
  return {
    definition: definitionOf(input),
    entity: entityOf(input),
    contextEntityIds: inputKeys('contextEntityIds', 'Entity', input.contextEntityIds ?? []),
    decisions: input.decisions ?? [],
    startAt: input.startAt ?? undefined,
    taskDuration: input.taskDuration ?? { amount: 0, unit: 'MINUTES' },
  };
}
