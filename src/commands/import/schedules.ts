/** When tasks may go on by themselves. */
import type { ScheduleAnchor, ScheduleRule } from '../../engine/definition.ts';
import type { FlowSchedule } from './flow-task-shape.ts';
import type { Part } from './part.ts';
import { readAmount } from './time.ts';

type Immediate = Exclude<FlowSchedule, { mode: 'delayed' | 'relative' }>;
type Delayed = Extract<FlowSchedule, { mode: 'delayed' }>;
type Relative = Extract<FlowSchedule, { mode: 'relative' }>;
type Reference = Relative['reference'];

const ANCHORS = {
  flow_started: 'EXECUTION_STARTED',
  task_completed: 'TASK_FINISHED',
  trigger_entity_attribute: 'ENTITY_DATE',
  all_preceding_tasks_completed: 'ALL_PRECEDING_TASKS_FINISHED',
} as const satisfies Readonly<Record<Reference['origin'], ScheduleAnchor>>;

const NOT_WHOLE = 'A schedule is a whole number of units before or after something.';

/** What became of a schedule. */
export interface ReadSchedule {
  readonly schedule: ScheduleRule | null;
  /** Whether the task goes on when it did in the other system. */
  readonly isKept: boolean;
}

const LOST: ReadSchedule = { schedule: null, isKept: false };

function isImmediate(schedule: FlowSchedule): schedule is Immediate {
  return schedule.mode == null || schedule.mode === 'immediate';
}

function isDelayed(schedule: FlowSchedule): schedule is Delayed {
  return schedule.mode === 'delayed';
}

function isRelative(schedule: FlowSchedule): schedule is Relative {
  return schedule.mode === 'relative';
}

function readDelayed(part: Part<Delayed>): ReadSchedule {
  part.at('mode').take();
  const span = readAmount(part.at('duration'), part.at('unit'));
  if (!span) {
    part.leave('NOT_SUPPORTED', NOT_WHOLE);
    return LOST;
  }
  const schedule: ScheduleRule = {
    anchor: 'REACHED',
    direction: 'AFTER',
    ...span,
    taskKey: null,
    path: null,
    entitySchema: null,
  };
  return { schedule, isKept: true };
}

type Anchor = Pick<ScheduleRule, 'anchor' | 'taskKey' | 'path' | 'entitySchema'>;

/** From when on it is counted; null if the reference does not say it. */
function readReference(reference: Part<Reference>): Anchor | null {
  const anchor = ANCHORS[reference.at('origin').take()];
  const [id, schema, attribute] = [reference.at('id'), reference.at('schema'), reference.at('attribute')];
  if (anchor === 'ENTITY_DATE') {
    id.leave('NO_EFFECT', 'The entity is the one that the execution is about.');
    const path = attribute.take() ?? '';
    return path === '' ? null : { anchor, path, entitySchema: schema.take() ?? null, taskKey: null };
  }
  for (const part of [schema, attribute])
    part.leave('NO_EFFECT', 'The schedule does not count from an attribute.');
  if (anchor === 'TASK_FINISHED') {
    const taskKey = id.take();
    return taskKey === '' ? null : { anchor, taskKey, path: null, entitySchema: null };
  }
  id.leave('NO_EFFECT', 'What the schedule counts from is said by its origin already.');
  return { anchor, taskKey: null, path: null, entitySchema: null };
}

function readRelative(part: Part<Relative>): ReadSchedule {
  part.at('mode').take();
  const span = readAmount(part.at('duration'), part.at('unit'));
  const anchor = readReference(part.at('reference'));
  if (span && anchor) {
    const direction = part.at('direction').take() === 'before' ? 'BEFORE' : 'AFTER';
    return { schedule: { ...anchor, direction, ...span }, isKept: true };
  }
  if (span) part.leave('INCOMPLETE', 'The schedule does not say from when on it is counted.');
  else part.leave('NOT_SUPPORTED', NOT_WHOLE);
  return LOST;
}

/** The schedule of a task; null for at once. */
export function readSchedule(whole: Part<FlowSchedule | null | undefined>): ReadSchedule {
  const part = whole.given();
  const delayed = part?.narrowed(isDelayed);
  if (delayed) return readDelayed(delayed);
  const relative = part?.narrowed(isRelative);
  if (relative) return readRelative(relative);
  part?.narrowed(isImmediate)?.at('mode').take();
  return { schedule: null, isKept: true };
}
