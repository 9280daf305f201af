/** What the fields of a definition's document may hold. */
import { z } from 'zod';
import type { AssigneeRef, NodeRef, TimeUnit } from '../engine/definition.ts';
import { isInstant } from '../engine/instant.ts';

export const instant = z.iso
  .datetime({
    offset: true,
    error: 'is no date and time that exists, with a time zone, such as "2026-11-23T08:30:00.000Z"',
  })
  .transform((text) => new Date(text).toISOString())
  .refine(isInstant, { error: 'is outside the years 1 to 9999' });

/** What names somebody or something outside the document. */
export const reference = z.string().min(1, { error: 'is empty' });

/** A text that may be left out. */
export const optionalText = z.string().nullable().default(null);

/** As large as the numbers of the API. Whether it makes sense is validation's business. */
export const wholeNumber = z
  .number()
  .refine((value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31, {
    error: 'is no whole number of at most 2147483647',
  });

/** One of the values of `T`; every one has to be named, so that none is forgotten here. */
export function choice<T extends string>(values: Readonly<Record<T, true>>) {
  return z.enum(Object.keys(values) as T[]);
}

export const timeUnit = choice<TimeUnit>({
  MINUTES: true,
  HOURS: true,
  WORKING_HOURS: true,
  DAYS: true,
  WORKING_DAYS: true,
  WEEKS: true,
  MONTHS: true,
  YEARS: true,
});

export const triggerMode = choice({ AUTOMATIC: true, MANUAL: true });

export const assignee = z
  .strictObject({ user: reference.optional(), team: reference.optional(), variable: z.string().optional() })
  .transform(({ user, team, variable }, context): AssigneeRef => {
    const named: AssigneeRef[] = [];
    if (user !== undefined) named.push({ type: 'USER', id: user });
    if (team !== undefined) named.push({ type: 'TEAM', id: team });
    if (variable !== undefined) named.push({ type: 'VARIABLE', id: variable });
    const [first] = named;
    if (first && named.length === 1) return first;
    context.addIssue('needs exactly one of "user", "team" and "variable"');
    return z.NEVER;
  });

export const node = z
  .strictObject({ taskKey: z.string().optional(), phaseKey: z.string().optional() })
  .transform(({ taskKey, phaseKey }, context): NodeRef => {
    if (taskKey !== undefined && phaseKey === undefined) return { taskKey };
    if (phaseKey !== undefined && taskKey === undefined) return { phaseKey };
    context.addIssue('needs either "taskKey" or "phaseKey"');
    return z.NEVER;
  });
