/** When an organization works: what may be said of it, and how it is kept. */
import { minutesOf, WEEKDAYS, type WorkingHours } from '../calendar/working-hours.ts';
import type { InputIssueCode } from '../engine/input-issue-code.ts';
import type { InputIssue } from '../engine/result.ts';

/** Three spans on each day of the week. */
const MAX_SPANS = 21;
/** Less could never be counted in a time that makes sense. */
const LEAST_MINUTES = 60;
/** Times that mean something are shorter; what is longer is cut off where it is told. */
const MAX_SHOWN = 20;

/** By day of the week, from Monday on, and then by time. */
export function sortedHours(hours: readonly WorkingHours[]): WorkingHours[] {
  return hours
    .map(({ day, from, to }) => ({ day, from, to }))
    .sort((a, b) => WEEKDAYS.indexOf(a.day) - WEEKDAYS.indexOf(b.day) || (a.from < b.from ? -1 : 1));
}

/** What is wrong with the hours: times that are none, spans that end before they begin or overlap, too many of them, and too little time. */
export function workingHoursIssues(hours: readonly WorkingHours[]): InputIssue[] {
  if (hours.length > MAX_SPANS) {
    const message = `There are ${hours.length} spans in workingHours; at most ${MAX_SPANS} are allowed.`;
    return [{ path: 'workingHours', code: 'TOO_MANY', message }];
  }
  const issues = hours.flatMap((span, index) =>
    spanIssues(`workingHours[${index}]`, span, hours.slice(0, index)),
  );
  if (issues.length > 0) return issues;
  const minutes = hours.reduce((sum, { from, to }) => sum + (minutesOf(to) ?? 0) - (minutesOf(from) ?? 0), 0);
  if (minutes >= LEAST_MINUTES) return [];
  const message = `There are ${minutes} minutes a week in workingHours; at least ${LEAST_MINUTES} are needed.`;
  return [{ path: 'workingHours', code: hours.length === 0 ? 'EMPTY' : 'OUT_OF_RANGE', message }];
}

function spanIssues(
  path: string,
  { day, from, to }: WorkingHours,
  before: readonly WorkingHours[],
): InputIssue[] {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  if (start === null) return [issue(`${path}.from`, 'INVALID_VALUE', noTime(from))];
  if (end === null) return [issue(`${path}.to`, 'INVALID_VALUE', noTime(to))];
  if (start >= end)
    return [
      issue(
        `${path}.to`,
        'OUT_OF_RANGE',
        `${to} is not later than ${from}; a span ends on the day on which it begins.`,
      ),
    ];
  const other = before.find((span) => span.day === day && span.from < to && from < span.to);
  if (!other) return [];
  return [issue(path, 'AMBIGUOUS', `It overlaps ${other.from} to ${other.to} of the same day.`)];
}

function issue(path: string, code: InputIssueCode, message: string): InputIssue {
  return { path, code, message };
}

function noTime(text: string): string {
  return `${JSON.stringify(text.slice(0, MAX_SHOWN))} is no time; one looks like 08:00, and 24:00 is the end of the day.`;
}
