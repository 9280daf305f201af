/** What operators compare: attributes and the texts of statements, read as numbers and dates where they are such. */
import type { DateOffset, Json } from '../definition.ts';
import type { Moment, MomentReader } from './moment.ts';
import { isList, isObject, MAX_VALUES, unfold } from './shape.ts';

export interface Operand {
  readonly type: 'TEXT' | 'NUMBER' | 'BOOLEAN' | 'DATE';
  /** In lower case and without surrounding space; null for a date that was calculated. */
  readonly text: string | null;
  /** Also of a text that is a number; null if it is none. */
  readonly number: number | null;
  /** Of a DATE, otherwise null. */
  readonly moment: Moment | null;
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * An attribute's values one by one: a list counts with its elements, an object with the values of its fields, all the way
 * down. Null and blank texts are left out, so an attribute without operands is empty. Of these the first thousand.
 */
export function attributeOperands(
  found: readonly Json[],
  offset: DateOffset | null,
  moments: MomentReader,
): readonly Operand[] {
  const operands: Operand[] = [];
  for (const value of unfold(found, partsOf)) {
    const operand = attributeOperand(value, offset, moments);
    if (operand) operands.push(operand);
    if (operands.length === MAX_VALUES) break;
  }
  return operands;
}

function partsOf(value: Json): readonly Json[] | null {
  if (isList(value)) return value;
  return isObject(value) ? Object.values(value) : null;
}

function attributeOperand(value: Json, offset: DateOffset | null, moments: MomentReader): Operand | null {
  const text = typeof value === 'string' ? normal(value) : JSON.stringify(value);
  if (value === null || text === '') return null;
  // What can't be moved by the offset is there, but equal to nothing.
  if (offset) return dateOperand(typeof value === 'string' ? moments(value, offset) : null);
  if (typeof value === 'string') return textOperand(value, moments);
  if (typeof value === 'number') return { type: 'NUMBER', text, number: value, moment: null };
  return { type: 'BOOLEAN', text, number: null, moment: null };
}

/** Of a text in an attribute or a statement. */
export function textOperand(value: string, moments: MomentReader): Operand {
  const text = normal(value);
  const moment = moments(value, null);
  return { type: moment ? 'DATE' : 'TEXT', text, number: parseNumber(text), moment };
}

/** Of a date that nobody wrote down; null: what should have been one is none. */
export function dateOperand(moment: Moment | null): Operand {
  return { type: 'DATE', text: null, number: null, moment };
}

function normal(text: string): string {
  return text.toLowerCase().normalize('NFC').trim();
}

function parseNumber(text: string): number | null {
  const number = NUMBER.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : null;
}
