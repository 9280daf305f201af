/** Holding a document against the shape of its format. */
import { z } from 'zod';
import type { InputIssueCode } from '../../engine/input-issue-code.ts';
import type { InputIssue } from '../../engine/result.ts';
import { isUnstorable } from '../../engine/text.ts';
import { refuse } from '../problem.ts';
import { pathText } from './path.ts';

/** Any text that can be kept. */
export const text = z.string().refine((value) => !isUnstorable(value), {
  error: 'holds a character that can’t be stored',
  params: { code: 'INVALID_CHARACTER' },
});

/** What may be missing; null is the same as missing. */
export function optional<T extends z.ZodType>(type: T): z.ZodOptional<z.ZodNullable<T>> {
  return type.nullish();
}

/** What does not arrive here anyway, so that it may be anything. */
export const ignored = z.unknown().optional();

const CODES: Readonly<Partial<Record<z.core.$ZodIssue['code'], InputIssueCode>>> = {
  invalid_type: 'INVALID_TYPE',
  invalid_format: 'INVALID_DATE',
  too_small: 'OUT_OF_RANGE',
  too_big: 'OUT_OF_RANGE',
};

function codeOf(issue: z.core.$ZodIssue): InputIssueCode {
  const own: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return own === 'INVALID_CHARACTER' ? own : (CODES[issue.code] ?? 'INVALID_VALUE');
}

function inputIssue(issue: z.core.$ZodIssue): InputIssue {
  const path = pathText([
    'document',
    ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
  ]);
  return { path, code: codeOf(issue), message: `${path}: ${issue.message}.` };
}

/** The value as the shape describes it, without unknown fields. Refuses (INVALID_INPUT) what has another shape, every issue with its path. */
export function shaped<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  return parsed.success
    ? parsed.data
    : refuse({ code: 'INVALID_INPUT', issues: parsed.error.issues.map(inputIssue) });
}
