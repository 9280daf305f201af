/** What makes a task a decision: the branches that it can take, and when. */
import type { BranchDefinition, DecisionDefinition, LoopDefinition } from '../engine/definition.ts';
import { builder } from './builder.ts';
import { TriggerModeEnum } from './enums.ts';
import { StatementRef } from './statement.ts';

export const ConnectiveEnum = builder.enumType('Connective', {
  description: 'How many of a branch’s statements have to be met.',
  values: {
    AND: { description: 'Each of them.' },
    OR: { description: 'One of them is enough.' },
  } as const satisfies Readonly<Record<BranchDefinition['connective'], object>>,
});

export const DecisionTakesEnum = builder.enumType('DecisionTakes', {
  description: 'How many of its branches a decision takes.',
  values: {
    FIRST_MET: { description: 'The first one that is met, in the order of the branches.' },
    EVERY_MET: { description: 'All that are met, in parallel.' },
  } as const satisfies Readonly<Record<DecisionDefinition['takes'], object>>,
});

export const BranchDefinitionRef = builder.objectRef<BranchDefinition>('BranchDefinition').implement({
  description:
    'One way that a decision can take. Where it leads, the edges with its key say; without any it is the end of the path.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Names the branch inside the decision.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    isDefault: t.exposeBoolean('isDefault', { description: 'Whether it is taken when no branch is met.' }),
    connective: t.field({
      type: ConnectiveEnum,
      description: 'How many of the statements have to be met.',
      resolve: ({ connective }) => connective,
    }),
    statements: t.field({
      type: [StatementRef],
      complexity: { multiplier: 2 },
      description: 'Its condition; without any it is never met.',
      resolve: ({ statements }) => [...statements],
    }),
  }),
});

const LoopDefinitionRef = builder.objectRef<LoopDefinition>('LoopDefinition').implement({
  description: 'A branch that leads back to an earlier task, and a limit to how often.',
  fields: (t) => ({
    branchKey: t.exposeString('branchKey', { description: 'The key of the branch that leads back.' }),
    exitBranchKey: t.exposeString('exitBranchKey', {
      description: 'The key of the branch that is taken instead once the limit is reached.',
    }),
    maxIterations: t.exposeInt('maxIterations', {
      description: 'How often the branch that leads back may be taken, 1 to 100.',
    }),
  }),
});

export const DecisionDefinitionRef = builder.objectRef<DecisionDefinition>('DecisionDefinition').implement({
  description: 'What makes a task a decision.',
  fields: (t) => ({
    mode: t.field({
      type: TriggerModeEnum,
      description: 'Whether it is decided by the conditions as soon as nothing blocks it, or by a person.',
      resolve: ({ mode }) => mode,
    }),
    takes: t.field({
      type: DecisionTakesEnum,
      description: 'How many of the branches it takes.',
      resolve: ({ takes }) => takes,
    }),
    branches: t.field({
      type: [BranchDefinitionRef],
      complexity: { multiplier: 3 },
      description: 'The ways that it can take, in the order in which they are looked at.',
      resolve: ({ branches }) => [...branches],
    }),
    loop: t.field({
      type: LoopDefinitionRef,
      nullable: true,
      description: 'The branch that leads back; null if there is none.',
      resolve: ({ loop }) => loop,
    }),
  }),
});
