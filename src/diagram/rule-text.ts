/** Due dates and schedules in a few words. */
import type { DueRule, Instant, ScheduleRule, TimeUnit } from '../engine/definition.ts';
import { shortened } from './mermaid.ts';

/** What tasks and phases are called, by their keys in the definition. */
export interface Names {
  readonly tasks: ReadonlyMap<string, string>;
  readonly phases: ReadonlyMap<string, string>;
}

const ANCHOR_LENGTH = 30;

const UNITS: Readonly<Record<TimeUnit, string>> = {
  MINUTES: 'minute',
  HOURS: 'hour',
  WORKING_HOURS: 'working hour',
  DAYS: 'day',
  WORKING_DAYS: 'working day',
  WEEKS: 'week',
  MONTHS: 'month',
  YEARS: 'year',
};

/** `due 3 working days after the start`. */
export function dueRuleText(rule: DueRule, names: Names): string {
  return `due ${span(rule)} after ${anchorText(rule, names)}`;
}

/** `waits 2 days`, `waits until 2 days before contract.end`. */
export function scheduleText(rule: ScheduleRule, names: Names): string {
  const { anchor: kind, taskKey, path } = rule;
  if (kind === 'REACHED') return `waits ${span(rule)}`;
  const anchor = anchorText({ anchor: kind, taskKey, phaseKey: null, path }, names);
  return rule.amount === 0
    ? `waits until ${anchor}`
    : `waits until ${span(rule)} ${rule.direction === 'BEFORE' ? 'before' : 'after'} ${anchor}`;
}

/** `2026-11-23 08:30 UTC`: a diagram knows nobody's time zone. */
export function instantText(instant: Instant): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

function span({ amount, unit }: { readonly amount: number; readonly unit: TimeUnit }): string {
  return `${amount} ${UNITS[unit]}${amount === 1 ? '' : 's'}`;
}

interface Anchor {
  readonly anchor: DueRule['anchor'] | Exclude<ScheduleRule['anchor'], 'REACHED'>;
  readonly taskKey: string | null;
  readonly phaseKey: string | null;
  readonly path?: string | null;
}

function anchorText({ anchor, taskKey, phaseKey, path }: Anchor, { tasks, phases }: Names): string {
  switch (anchor) {
    case 'EXECUTION_STARTED':
      return 'the start';
    case 'TASK_FINISHED':
      return nameText(tasks, taskKey, 'a task');
    case 'PHASE_FINISHED':
      return nameText(phases, phaseKey, 'a phase');
    case 'A_PRECEDING_TASK_FINISHED':
      return 'a task before it';
    case 'ALL_PRECEDING_TASKS_FINISHED':
      return 'all tasks before it';
    case 'ENTITY_DATE':
      return shortened(path ?? 'a date', ANCHOR_LENGTH);
  }
}

function nameText(names: ReadonlyMap<string, string>, key: string | null, otherwise: string): string {
  const name = key === null ? undefined : names.get(key);
  return name === undefined ? otherwise : `“${shortened(name, ANCHOR_LENGTH)}”`;
}
