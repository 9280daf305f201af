/** The comparisons of conditions as inputs. */
import type { DateOffset, Statement, StatementSource } from '../engine/definition.ts';
import { builder } from './builder.ts';
import { TimeUnitEnum } from './enums.ts';
import {
  ExecutionFactEnum,
  PathMatchEnum,
  StatementOperatorEnum,
  StatementValueTypeEnum,
} from './statement.ts';

const OFFSET = 'Added to each date before it is compared; nothing if left out.';

const DateOffsetInput = builder.inputType('DateOffsetInput', {
  description: 'A span that is added to a date before it is compared: “born + 18 years”.',
  fields: (t) => ({
    amount: t.int({ required: true, description: 'How many units; negative for earlier.' }),
    unit: t.field({ type: TimeUnitEnum, required: true, description: 'What is counted.' }),
  }),
});

const EntitySourceInput = builder.inputType('EntityStatementSourceInput', {
  description: 'Attributes of one of the execution’s entities.',
  fields: (t) => ({
    entitySchema: t.string({
      description: 'The schema of the entity; the entity that the execution is started on if left out.',
    }),
    paths: t.stringList({
      required: true,
      description:
        'Where the values are among the attributes: `address.city`, `contacts[0].email`, `items[*].price`. One to ten.',
    }),
    match: t.field({
      type: PathMatchEnum,
      description: 'Whether one of the paths has to meet the statement or each; ANY if left out.',
    }),
    offset: t.field({ type: DateOffsetInput, description: OFFSET }),
  }),
});

const ExecutionSourceInput = builder.inputType('ExecutionStatementSourceInput', {
  description: 'Something about the execution itself.',
  fields: (t) => ({
    fact: t.field({ type: ExecutionFactEnum, required: true, description: 'What about it.' }),
    taskKey: t.string({ description: 'The key of the task of TASK_STATUS and TASK_FINISHED_AT.' }),
    phaseKey: t.string({ description: 'The key of the phase of PHASE_STATUS.' }),
    offset: t.field({ type: DateOffsetInput, description: OFFSET }),
  }),
});

const StatementSourceInput = builder.inputType('StatementSourceInput', {
  isOneOf: true,
  description: 'Where a statement takes what it looks at from: exactly one of these.',
  fields: (t) => ({
    entity: t.field({ type: EntitySourceInput, description: 'From the attributes of an entity.' }),
    execution: t.field({ type: ExecutionSourceInput, description: 'From the execution itself.' }),
  }),
});

export const StatementInput = builder.inputType('StatementInput', {
  description: 'One comparison of a condition: “`source` `operator` `values`”.',
  fields: (t) => ({
    source: t.field({
      type: StatementSourceInput,
      required: true,
      description: 'Where it takes what it looks at from.',
    }),
    operator: t.field({ type: StatementOperatorEnum, required: true, description: 'How it compares.' }),
    values: t.stringList({
      description:
        'What it compares with, as texts: `42.5`, `true`, `2026-11-23`, `today+30d`. None for IS_EMPTY and IS_NOT_EMPTY.',
    }),
    valueType: t.field({
      type: StatementValueTypeEnum,
      description: 'What the values are; STATIC if left out.',
    }),
  }),
});

function toOffset(input: typeof DateOffsetInput.$inferInput | null | undefined): DateOffset | null {
  return input ? { amount: input.amount, unit: input.unit } : null;
}

function toSource({ entity, execution }: typeof StatementSourceInput.$inferInput): StatementSource {
  if (entity) {
    const { entitySchema, paths, match, offset } = entity;
    return {
      type: 'ENTITY',
      entitySchema: entitySchema ?? null,
      paths,
      match: match ?? 'ANY',
      offset: toOffset(offset),
    };
  }
  const { fact, taskKey, phaseKey, offset } = execution;
  return {
    type: 'EXECUTION',
    fact,
    taskKey: taskKey ?? null,
    phaseKey: phaseKey ?? null,
    offset: toOffset(offset),
  };
}

/** The engine's statement. */
export function toStatement({
  source,
  operator,
  values,
  valueType,
}: typeof StatementInput.$inferInput): Statement {
  return { source: toSource(source), operator, values: values ?? [], valueType: valueType ?? 'STATIC' };
}
