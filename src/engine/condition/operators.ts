/**
 * What the fourteen operators mean. `docs/conditions.md` says the same at length.
 *
 * |              | text                | number     | boolean | date            | list        | missing, empty    |
 * | ------------ | ------------------- | ---------- | ------- | --------------- | ----------- | ----------------- |
 * | EQUALS       | same text           | same       | same    | same day/moment | one element | value is blank    |
 * | ANY_OF       | as EQUALS           | as EQUALS  | as …    | as EQUALS       | as EQUALS   | as EQUALS         |
 * | CONTAINS     | value occurs in it  | as EQUALS  | as …    | equal or occurs | one element | never             |
 * | STARTS_WITH  | begins with value   | its digits | never   | its text        | one element | never             |
 * | ENDS_WITH    | ends with value     | its digits | never   | its text        | one element | never             |
 * | GREATER_THAN | by number or letter | greater    | never   | later           | one element | never             |
 * | IS_EMPTY     | blank               | never      | never   | never           | all of them | always            |
 *
 * NOT_EQUALS, NONE_OF, NOT_CONTAINS and IS_NOT_EMPTY are met exactly when the operator that they negate is not. LESS_THAN and
 * the …_OR_EQUALS are as GREATER_THAN. Of several values one has to match; those that put in order take the first.
 */
import type { Operator } from '../definition.ts';
import { compareMoments } from './moment.ts';
import type { Operand } from './operand.ts';

/** Whether an attribute (its operands; none if it is empty) meets the operator with the values of a statement. */
export function isMet(
  operator: Operator,
  attribute: readonly Operand[],
  values: readonly Operand[],
): boolean {
  switch (operator) {
    case 'EQUALS':
    case 'ANY_OF':
      return isAnyOf(attribute, values);
    case 'NOT_EQUALS':
    case 'NONE_OF':
      return !isAnyOf(attribute, values);
    case 'CONTAINS':
      return somePair(attribute, values, contains);
    case 'NOT_CONTAINS':
      return !somePair(attribute, values, contains);
    case 'STARTS_WITH':
      return somePair(attribute, values, startsWith);
    case 'ENDS_WITH':
      return somePair(attribute, values, endsWith);
    case 'GREATER_THAN':
      return someInOrder(attribute, values, (order) => order > 0);
    case 'LESS_THAN':
      return someInOrder(attribute, values, (order) => order < 0);
    case 'GREATER_THAN_OR_EQUALS':
      return someInOrder(attribute, values, (order) => order >= 0);
    case 'LESS_THAN_OR_EQUALS':
      return someInOrder(attribute, values, (order) => order <= 0);
    case 'IS_EMPTY':
      return attribute.length === 0;
    case 'IS_NOT_EMPTY':
      return attribute.length > 0;
  }
}

/** Whoever compares with nothing means "is empty". */
function isAnyOf(attribute: readonly Operand[], values: readonly Operand[]): boolean {
  return attribute.length === 0 ? values.some(isBlank) : somePair(attribute, values, equals);
}

function somePair(
  attribute: readonly Operand[],
  values: readonly Operand[],
  matches: (item: Operand, value: Operand) => boolean,
): boolean {
  const meant = values.filter((value) => !isBlank(value));
  return attribute.some((item) => meant.some((value) => matches(item, value)));
}

function isBlank({ text }: Operand): boolean {
  return text === '';
}

function equals(item: Operand, value: Operand): boolean {
  if (item.moment && value.moment) return compareMoments(item.moment, value.moment) === 0;
  if (item.type === 'NUMBER') return item.number === value.number;
  return item.text !== null && item.text === value.text;
}

function contains(item: Operand, value: Operand): boolean {
  return (
    equals(item, value) || (isWritten(item) && someText(item, value, (text, part) => text.includes(part)))
  );
}

function isWritten({ type }: Operand): boolean {
  return type === 'TEXT' || type === 'DATE';
}

function startsWith(item: Operand, value: Operand): boolean {
  return item.type !== 'BOOLEAN' && someText(item, value, (text, part) => text.startsWith(part));
}

function endsWith(item: Operand, value: Operand): boolean {
  return item.type !== 'BOOLEAN' && someText(item, value, (text, part) => text.endsWith(part));
}

function someText(item: Operand, value: Operand, matches: (text: string, part: string) => boolean): boolean {
  return item.text !== null && value.text !== null && matches(item.text, value.text);
}

function someInOrder(
  attribute: readonly Operand[],
  [value]: readonly Operand[],
  isRight: (order: number) => boolean,
): boolean {
  if (!value || isBlank(value)) return false;
  return attribute.some((item) => {
    const order = orderOf(item, value);
    return order !== null && isRight(order);
  });
}

/** Negative, 0 or positive; null for what can't be put in order, as "n/a" and 100. */
function orderOf(item: Operand, value: Operand): number | null {
  if (item.type === 'BOOLEAN') return null;
  if (item.moment && value.moment) return compareMoments(item.moment, value.moment);
  if (item.type === 'DATE' || value.type === 'DATE') return null;
  if (item.number !== null && value.number !== null) return item.number - value.number;
  if (item.number !== null || value.number !== null) return null;
  if (item.text === null || value.text === null) return null;
  return item.text < value.text ? -1 : item.text > value.text ? 1 : 0;
}
