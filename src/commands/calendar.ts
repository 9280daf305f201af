/** The organization's calendar, for commands. */
import { createCalendar, type CalendarSettings } from '../calendar/calendar.ts';
import type { Calendar } from '../engine/calendar.ts';
import type { Viewer } from './viewer.ts';

/** One request asks often; the next one brings settings of its own, as they are then. */
const calendars = new WeakMap<CalendarSettings, Calendar>();

/** The calendar by which the organization counts time, as its settings were when the viewer (or they alone) was read. */
export function calendarOf({ calendar: settings }: Pick<Viewer, 'calendar'>): Calendar {
  const known = calendars.get(settings);
  if (known) return known;
  const made = createCalendar(settings);
  calendars.set(settings, made);
  return made;
}
