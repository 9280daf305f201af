/** How a decision was made: the branches taken, and what was looked at. */
import type { BranchResult, DecisionRecord, StatementInput, StatementResult } from '../engine/state.ts';
import { builder } from './builder.ts';
import { ActorRef, resolveActor } from './people.ts';

const StatementInputRef = builder.objectRef<StatementInput>('StatementInputValue').implement({
  description: 'One value that a statement looked at.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'The attribute’s path, or the name of the fact about the execution.',
    }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What stood there; null if nothing did. Long texts and lists are cut.',
      resolve: ({ value }) => value,
    }),
  }),
});

const StatementResultRef = builder.objectRef<StatementResult>('StatementResult').implement({
  description: 'What became of one statement, in the order of the branch’s statements.',
  fields: (t) => ({
    isMet: t.exposeBoolean('isMet', { description: 'Whether it was met.' }),
    inputs: t.field({
      type: [StatementInputRef],
      complexity: { multiplier: 2 },
      description: 'What it looked at.',
      resolve: ({ inputs }) => [...inputs],
    }),
    values: t.field({
      type: ['JSON'],
      description: 'What that was compared with; relative dates as the moments that they stood for.',
      resolve: ({ values }) => [...values],
    }),
  }),
});

const BranchResultRef = builder.objectRef<BranchResult>('BranchResult').implement({
  description: 'What became of the condition of one branch.',
  fields: (t) => ({
    branchKey: t.exposeString('branchKey', { description: 'The branch.' }),
    isMet: t.exposeBoolean('isMet', { description: 'Whether its condition was met.' }),
    statements: t.field({
      type: [StatementResultRef],
      complexity: { multiplier: 2 },
      description: 'What became of its statements.',
      resolve: ({ statements }) => [...statements],
    }),
  }),
});

export const DecisionRecordRef = builder.objectRef<DecisionRecord>('DecisionRecord').implement({
  description: 'How a decision was made the last time.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
    by: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who chose; the system if the conditions did.',
      resolve: ({ by }, _args, context) => resolveActor(by, context),
    }),
    takenBranchKeys: t.stringList({
      description: 'The keys of the branches taken; none if no branch was met.',
      resolve: ({ takenBranchKeys }) => [...takenBranchKeys],
    }),
    isDefaultTaken: t.exposeBoolean('isDefaultTaken', {
      description:
        'Whether the default branch was taken because no other was met, or because it was skipped.',
    }),
    isMaximumReached: t.exposeBoolean('isMaximumReached', {
      description:
        'Whether the loop branch was due once more but had been taken as often as it may, so that the exit branch was taken.',
    }),
    results: t.field({
      type: [BranchResultRef],
      complexity: { multiplier: 3 },
      description: 'What was looked at, branch by branch; empty when a person chose.',
      resolve: ({ results }) => [...results],
    }),
  }),
});
