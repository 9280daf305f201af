/** The comparisons on which decisions are taken. */
import type {
  DateOffset,
  ExecutionFact,
  Operator,
  Statement,
  StatementSource,
} from '../../engine/definition.ts';
import { leaveBookkeeping } from './bookkeeping.ts';
import type { FlowStatement } from './flow-task-shape.ts';
import type { NotTakenOverCode } from './reason.ts';
import type { Part } from './part.ts';
import { TIME_UNITS } from './time.ts';

type Source = Part<FlowStatement['source']>;
type Lost = readonly [code: NotTakenOverCode, message: string];

const OPERATORS = {
  equals: 'EQUALS',
  not_equals: 'NOT_EQUALS',
  any_of: 'ANY_OF',
  none_of: 'NONE_OF',
  contains: 'CONTAINS',
  not_contains: 'NOT_CONTAINS',
  starts_with: 'STARTS_WITH',
  ends_with: 'ENDS_WITH',
  greater_than: 'GREATER_THAN',
  less_than: 'LESS_THAN',
  greater_than_or_equals: 'GREATER_THAN_OR_EQUALS',
  less_than_or_equals: 'LESS_THAN_OR_EQUALS',
  is_empty: 'IS_EMPTY',
  is_not_empty: 'IS_NOT_EMPTY',
} as const satisfies Readonly<Record<FlowStatement['operator'], Operator>>;

const LISTS = 'Whether an attribute is a list is seen when it is compared.';

/** What a statement about the workflow itself can look at. */
const FACTS: ReadonlyMap<string, ExecutionFact> = new Map([
  ['name', 'NAME'],
  ['status', 'STATUS'],
  ['started_at', 'STARTED_AT'],
  ['due_date', 'DUE_AT'],
]);

/** Why a source means nothing here, as a whole; null if it does. */
function lostSource({ origin, origin_type, attribute_operation, date_offset }: Source['value']): Lost | null {
  if (origin === 'action')
    return [
      'NOT_SUPPORTED',
      'Statements look at entities and at the execution, not at the results of actions.',
    ];
  if (origin_type === 'journey_block')
    return [
      'NOT_SUPPORTED',
      'Statements look at entities and at the execution, not at what was filled in a journey.',
    ];
  if (attribute_operation != null && attribute_operation !== 'all')
    return ['NOT_SUPPORTED', 'Statements look at what an attribute is, not at how it was changed.'];
  if (date_offset && (date_offset.amount == null || date_offset.unit == null))
    return ['INCOMPLETE', 'The offset lacks its amount or its unit.'];
  return null;
}

function readOffset(source: Source): DateOffset | null {
  const offset = source.at('date_offset').given();
  const [amount, unit] = [offset?.at('amount').take(), offset?.at('unit').take()];
  return amount == null || unit == null ? null : { amount, unit: TIME_UNITS[unit] };
}

/** The attribute, or those of a statement about several; with a field inside them. */
function readPaths(source: Source): string[] {
  const [one, many, subField] = [
    source.at('attribute'),
    source.at('attributes'),
    source.at('attribute_sub_field'),
  ];
  const repeatable = source.at('attribute_repeatable');
  const listed = many.value ?? [];
  if (listed.length > 1) {
    many.take();
    repeatable.leave('OTHER_SYSTEM', LISTS);
    const isListed = listed.includes(one.value ?? '');
    if (isListed) one.take();
    else one.leave('NO_EFFECT', 'The statement is about the listed attributes.');
    subField.leave('NO_EFFECT', 'A statement about several attributes looks at them as a whole.');
    return [...listed];
  }
  const attribute = (one.value ?? '') === '' ? listed[0] : one.take();
  if (attribute === listed[0]) many.take();
  else many.leave('OVERRIDDEN', 'The single attribute counts.');
  one.take();
  if (attribute == null || attribute === '') return [];
  const inside = subField.take() ?? '';
  if (inside !== '') return [`${attribute}${repeatable.take() === true ? '[*]' : ''}.${inside}`];
  repeatable.leave('OTHER_SYSTEM', LISTS);
  return [attribute];
}

function readEntitySource(source: Source): StatementSource | null {
  const paths = readPaths(source);
  const match = source.at('attributes_match').take() === 'all' ? 'ALL' : 'ANY';
  const entitySchema = source.at('schema').take() ?? null;
  const offset = readOffset(source);
  return paths.length === 0 ? null : { type: 'ENTITY', entitySchema, paths, match, offset };
}

function readExecutionSource(source: Source): StatementSource | null {
  const fact = FACTS.get(source.at('attribute').take() ?? '');
  source.at('schema').leave('NO_EFFECT', 'The statement is about the execution.');
  const others = ['attributes', 'attributes_match', 'attribute_sub_field', 'attribute_repeatable'] as const;
  for (const field of others) source.at(field).leave('NO_EFFECT', 'The statement is about one fact.');
  const offset = readOffset(source);
  return fact === undefined ? null : { type: 'EXECUTION', fact, taskKey: null, phaseKey: null, offset };
}

function readValues(statement: Part<FlowStatement>, operator: Operator): readonly string[] {
  const values = statement.at('values');
  if (operator !== 'IS_EMPTY' && operator !== 'IS_NOT_EMPTY') return values.take() ?? [];
  if (values.value?.length) values.leave('NO_EFFECT', 'Nothing is compared with.');
  else values.take();
  return [];
}

/** The statement; null if it can't be asked here, and is left out as a whole. */
export function readStatement(statement: Part<FlowStatement>): Statement | null {
  const source = statement.at('source');
  const lost = lostSource(source.value);
  if (lost) {
    statement.leave(...lost);
    return null;
  }
  for (const field of ['origin', 'origin_type', 'attribute_operation'] as const) source.at(field).take();
  leaveBookkeeping(statement, ['id']);
  leaveBookkeeping(source, ['id']);
  leaveBookkeeping(source, ['attribute_type'], 'What is compared says by itself of which type it is.');
  const isAboutExecution = source.value.origin_type === 'workflow';
  const read = isAboutExecution ? readExecutionSource(source) : readEntitySource(source);
  if (!read) {
    if (isAboutExecution) statement.leave('NOT_SUPPORTED', 'Statements can’t look at that of an execution.');
    else statement.leave('INCOMPLETE', 'The statement names no attribute.');
    return null;
  }
  const operator = OPERATORS[statement.at('operator').take()];
  const valueType = statement.at('value_type').take() === 'relative_date' ? 'RELATIVE_DATE' : 'STATIC';
  return { source: read, operator, values: readValues(statement, operator), valueType };
}
