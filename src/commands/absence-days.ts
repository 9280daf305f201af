/** The days of absences: what today is, what an absence is by it, and what may be said of them. */
import { zoneOf } from '../calendar/zone.ts';
import type { Instant } from '../engine/definition.ts';
import { isInstant } from '../engine/instant.ts';
import type { InputIssue } from '../engine/result.ts';
import type { AbsenceRecord, AbsenceStatus } from '../store/absences.ts';

const DAY_MS = 86_400_000;
/** The most days of one absence: two years. */
const MAX_DAYS = 731;

/** The day, `YYYY-MM-DD`, on the wall clock of the time zone. */
export function dayAt(moment: Instant, timeZone: string): string {
  return new Date(zoneOf(timeZone).toLocal(Date.parse(moment))).toISOString().slice(0, 10);
}

/** What the absence is today: what the log has told of it, or what it has still to tell. */
export function absenceStatus(
  { status, firstDay, lastDay }: Pick<AbsenceRecord, 'status' | 'firstDay' | 'lastDay'>,
  today: string,
): AbsenceStatus {
  if (status === 'OVER' || lastDay < today) return 'OVER';
  return status === 'ACTIVE' || firstDay <= today ? 'ACTIVE' : 'PLANNED';
}

function isDay(text: string): boolean {
  return isInstant(`${text}T00:00:00.000Z`);
}

/** What is wrong with the days of an absence that is not over today. */
export function daysIssues(firstDay: string, lastDay: string, today: string): InputIssue[] {
  const noDays = Object.entries({ firstDay, lastDay }).filter(([, text]) => !isDay(text));
  if (noDays.length > 0)
    return noDays.map(([path, text]) => {
      const message = `${JSON.stringify(text.slice(0, 100))} is no date; one looks like 2026-12-24.`;
      return { path, code: 'INVALID_DATE', message };
    });
  const issue = (message: string): InputIssue[] => [{ path: 'lastDay', code: 'OUT_OF_RANGE', message }];
  if (lastDay < firstDay) return issue('lastDay is before firstDay.');
  if (lastDay < today)
    return issue(`lastDay is past; it is ${today} today. An absence that is over needs no substitute.`);
  const days = (Date.parse(lastDay) - Date.parse(firstDay)) / DAY_MS + 1;
  return days > MAX_DAYS ? issue(`The absence has ${days} days; at most ${MAX_DAYS} are allowed.`) : [];
}
