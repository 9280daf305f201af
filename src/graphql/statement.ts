/** The comparisons of which the conditions of a decision consist. */
import type {
  DateOffset,
  ExecutionFact,
  Operator,
  Statement,
  StatementSource,
} from '../engine/definition.ts';
import { builder } from './builder.ts';
import { TimeUnitEnum } from './enums.ts';

export const StatementOperatorEnum = builder.enumType('StatementOperator', {
  description:
    'How a statement compares what it looks at with its values. Of a list one element has to meet it, of several values one has to match; small and capital letters are alike. NOT_EQUALS, NONE_OF, NOT_CONTAINS and IS_NOT_EMPTY are met exactly when their opposites are not.',
  values: {
    EQUALS: { description: 'It is the same text, number, truth value, day or moment.' },
    NOT_EQUALS: { description: 'The opposite of EQUALS.' },
    ANY_OF: { description: 'It equals one of the values.' },
    NONE_OF: { description: 'The opposite of ANY_OF.' },
    CONTAINS: { description: 'The value occurs in the text, or equals an element of the list.' },
    NOT_CONTAINS: { description: 'The opposite of CONTAINS.' },
    STARTS_WITH: { description: 'Its text begins with the value.' },
    ENDS_WITH: { description: 'Its text ends with the value.' },
    GREATER_THAN: { description: 'A larger number, a later date, or a text further on in the alphabet.' },
    LESS_THAN: { description: 'A smaller number, an earlier date, or a text before in the alphabet.' },
    GREATER_THAN_OR_EQUALS: { description: 'Greater than the value, or the same.' },
    LESS_THAN_OR_EQUALS: { description: 'Less than the value, or the same.' },
    IS_EMPTY: { description: 'It is missing, blank or a list without anything in it. Takes no values.' },
    IS_NOT_EMPTY: { description: 'The opposite of IS_EMPTY. Takes no values.' },
  } as const satisfies Readonly<Record<Operator, object>>,
});

export const ExecutionFactEnum = builder.enumType('ExecutionFact', {
  description: 'What a statement can look at in the execution itself.',
  values: {
    NAME: { description: 'The execution’s name.' },
    STATUS: { description: 'The execution’s status, such as `STARTED`.' },
    STARTED_AT: { description: 'When the execution started.' },
    DUE_AT: { description: 'When the execution is due; empty if it never is.' },
    ASSIGNEES: { description: 'Who is responsible for the execution: a list.' },
    TASK_STATUS: { description: 'The status of the task `taskKey`, such as `SKIPPED`.' },
    TASK_FINISHED_AT: { description: 'When the task `taskKey` was finished; empty while it is not.' },
    PHASE_STATUS: { description: 'The status of the phase `phaseKey`, such as `COMPLETED`.' },
    ITERATIONS: { description: 'How often the decision itself has taken its loop branch, from 0.' },
  } as const satisfies Readonly<Record<ExecutionFact, object>>,
});

export const PathMatchEnum = builder.enumType('PathMatch', {
  description: 'How many of a source’s paths have to meet a statement.',
  values: {
    ANY: { description: 'One of them is enough.' },
    ALL: { description: 'Each of them.' },
  } as const satisfies Readonly<Record<Extract<StatementSource, { type: 'ENTITY' }>['match'], object>>,
});

export const StatementValueTypeEnum = builder.enumType('StatementValueType', {
  description: 'What the values of a statement are.',
  values: {
    STATIC: { description: 'They stand for themselves: texts, numbers, dates, `true` and `false`.' },
    RELATIVE_DATE: {
      description:
        'Dates counted from the comparison: `today`, `yesterday`, `tomorrow` or `now`, and after it, if need be, a span such as `+30d` or `-3h` (`min` minutes, `h` hours, `wh` working hours, `d` days, `wd` working days, `w` weeks, `m` months, `y` years).',
    },
  } as const satisfies Readonly<Record<Statement['valueType'], object>>,
});

const DateOffsetRef = builder.objectRef<DateOffset>('DateOffset').implement({
  description: 'A span that is added to a date before it is compared: “born + 18 years”.',
  fields: (t) => ({
    amount: t.exposeInt('amount', { description: 'How many units; negative for earlier.' }),
    unit: t.field({ type: TimeUnitEnum, description: 'What is counted.', resolve: ({ unit }) => unit }),
  }),
});

const OFFSET = 'Added to each date before it is compared; null for nothing.';
const EntitySourceRef = builder
  .objectRef<Extract<StatementSource, { type: 'ENTITY' }>>('EntityStatementSource')
  .implement({
    description: 'Attributes of one of the execution’s entities.',
    fields: (t) => ({
      entitySchema: t.exposeString('entitySchema', {
        nullable: true,
        description: 'The schema of the entity; null for the entity that the execution was started on.',
      }),
      paths: t.stringList({
        description:
          'Where the values are among the attributes: `address.city`, `contacts[0].email`, `items[*].price`. One to ten.',
        resolve: ({ paths }) => [...paths],
      }),
      match: t.field({
        type: PathMatchEnum,
        description: 'Whether one of the paths has to meet the statement or each.',
        resolve: ({ match }) => match,
      }),
      offset: t.field({
        type: DateOffsetRef,
        nullable: true,
        description: OFFSET,
        resolve: ({ offset }) => offset,
      }),
    }),
  });

const ExecutionSourceRef = builder
  .objectRef<Extract<StatementSource, { type: 'EXECUTION' }>>('ExecutionStatementSource')
  .implement({
    description: 'Something about the execution itself.',
    fields: (t) => ({
      fact: t.field({ type: ExecutionFactEnum, description: 'What about it.', resolve: ({ fact }) => fact }),
      taskKey: t.exposeString('taskKey', {
        nullable: true,
        description: 'The key of the task of TASK_STATUS and TASK_FINISHED_AT; otherwise null.',
      }),
      phaseKey: t.exposeString('phaseKey', {
        nullable: true,
        description: 'The key of the phase of PHASE_STATUS; otherwise null.',
      }),
      offset: t.field({
        type: DateOffsetRef,
        nullable: true,
        description: OFFSET,
        resolve: ({ offset }) => offset,
      }),
    }),
  });

const StatementSourceUnion = builder.unionType('StatementSource', {
  description: 'Where a statement takes what it looks at from.',
  types: [EntitySourceRef, ExecutionSourceRef],
  resolveType: ({ type }) => (type === 'ENTITY' ? EntitySourceRef : ExecutionSourceRef),
});

export const StatementRef = builder.objectRef<Statement>('Statement').implement({
  description: 'One comparison of a condition: “`source` `operator` `values`”.',
  fields: (t) => ({
    source: t.field({
      type: StatementSourceUnion,
      description: 'Where it takes what it looks at from.',
      resolve: ({ source }) => source,
    }),
    operator: t.field({
      type: StatementOperatorEnum,
      description: 'How it compares.',
      resolve: ({ operator }) => operator,
    }),
    values: t.stringList({
      description:
        'What it compares with, as texts: `42.5`, `true`, `2026-11-23`, `today+30d`. Empty for IS_EMPTY and IS_NOT_EMPTY.',
      resolve: ({ values }) => [...values],
    }),
    valueType: t.field({
      type: StatementValueTypeEnum,
      description: 'What the values are.',
      resolve: ({ valueType }) => valueType,
    }),
  }),
});
