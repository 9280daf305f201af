/** Decisions as inputs. */
import type { BranchDefinition, DecisionDefinition } from '../engine/definition.ts';
import { DEFAULT_ITERATIONS } from '../engine/limits.ts';
import { builder } from './builder.ts';
import { ConnectiveEnum, DecisionTakesEnum } from './definition-decision.ts';
import { TriggerModeEnum } from './enums.ts';
import { StatementInput, toStatement } from './statement-input.ts';

const BranchDefinitionInput = builder.inputType('BranchDefinitionInput', {
  description:
    'One way that a decision can take. Where it leads, the edges with its key say; without any it is the end of the path.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Names the branch; no other of the decision has it.' }),
    name: t.string({ required: true, description: 'What people call it.' }),
    isDefault: t.boolean({
      description: 'Whether it is taken when no branch is met; false if left out.',
    }),
    connective: t.field({
      type: ConnectiveEnum,
      description: 'How many of the statements have to be met; AND if left out.',
    }),
    statements: t.field({
      type: [StatementInput],
      description: 'Its condition; without any it is never met.',
    }),
  }),
});

const LoopDefinitionInput = builder.inputType('LoopDefinitionInput', {
  description: 'A branch that leads back to an earlier task, and a limit to how often.',
  fields: (t) => ({
    branchKey: t.string({ required: true, description: 'The key of the branch that leads back.' }),
    exitBranchKey: t.string({
      required: true,
      description: 'The key of the branch that is taken instead once the limit is reached.',
    }),
    maxIterations: t.int({
      description: `How often the branch that leads back may be taken, 1 to 100; ${DEFAULT_ITERATIONS} if left out.`,
    }),
  }),
});

export const DecisionDefinitionInput = builder.inputType('DecisionDefinitionInput', {
  description: 'What makes a task a decision.',
  fields: (t) => ({
    mode: t.field({
      type: TriggerModeEnum,
      description:
        'Whether it is decided by the conditions as soon as nothing blocks it, or by a person; AUTOMATIC if left out.',
    }),
    takes: t.field({
      type: DecisionTakesEnum,
      description: 'How many of the branches it takes; FIRST_MET if left out.',
    }),
    branches: t.field({
      type: [BranchDefinitionInput],
      required: true,
      description: 'The ways that it can take, in the order in which they are looked at.',
    }),
    loop: t.field({
      type: LoopDefinitionInput,
      description: 'The branch that leads back; none if left out.',
    }),
  }),
});

function toBranch(input: typeof BranchDefinitionInput.$inferInput): BranchDefinition {
  return {
    key: input.key,
    name: input.name,
    isDefault: input.isDefault ?? false,
    connective: input.connective ?? 'AND',
    statements: (input.statements ?? []).map(toStatement),
  };
}

/** The engine's decision; null if there is none. */
export function toDecision(
  input: typeof DecisionDefinitionInput.$inferInput | null | undefined,
): DecisionDefinition | null {
  if (!input) return null;
  const { mode, takes, branches, loop } = input;
  return {
    mode: mode ?? 'AUTOMATIC',
    takes: takes ?? 'FIRST_MET',
    branches: branches.map(toBranch),
    loop: loop
      ? {
          branchKey: loop.branchKey,
          exitBranchKey: loop.exitBranchKey,
          maxIterations: loop.maxIterations ?? DEFAULT_ITERATIONS,
        }
      : null,
  };
}
