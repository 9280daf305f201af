/** When a schedule lets a task go on. */
import type { Calendar } from '../../src/engine/calendar.ts';
import type { CommandContext } from '../../src/engine/command.ts';
import type { Instant, Json } from '../../src/engine/definition.ts';
import type { Facts } from '../../src/engine/facts.ts';
import type { FailureCode } from '../../src/engine/state.ts';
import { fail } from './decide.ts';
import type { Model, ModelTask } from './state.ts';

/** What a schedule is counted from, or why there is nothing. */
type Anchor = { readonly at: Instant } | { readonly failure: FailureCode };

/** Called when the task is reached: schedules it, lets it fail, lets it go on, or (nothing to count from yet) leaves it. */
export function setSchedule(model: Model, task: ModelTask, { now, calendar, facts }: CommandContext): void {
  const rule = task.schedule;
  if (!rule) return;
  const anchor = anchorOf(model, task, facts, calendar);
  if (anchor === null) return;
  if ('failure' in anchor) {
    fail(task, anchor.failure);
    return;
  }
  const time = calendar.add(anchor.at, rule.direction === 'BEFORE' ? -rule.amount : rule.amount, rule.unit);
  if (time < now) fail(task, 'SCHEDULE_IN_PAST');
  else {
    task.status = time > now ? 'SCHEDULED' : 'PENDING';
    task.scheduledFor = time;
    task.hasScheduleRun = time === now;
  }
}

/** Null while it has not happened. */
function anchorOf(model: Model, task: ModelTask, facts: Facts, calendar: Calendar): Anchor | null {
  const { anchor, taskKey = null, path = null } = task.schedule ?? {};
  if (anchor === 'ENTITY_DATE') return dateOf(facts.entities[0]?.attributes[path ?? ''] ?? '', calendar);
  if (anchor === 'EXECUTION_STARTED') return { at: model.startedAt };
  const finishedAt = model.tasks.find(({ id }) => id === taskKey)?.finishedAt ?? null;
  // Otherwise it is when all that comes before is finished: the moment at which the task is reached.
  const at = anchor === 'TASK_FINISHED' ? finishedAt : task.reachedAt;
  return at === null ? null : { at };
}

function dateOf(value: Json, calendar: Calendar): Anchor {
  if (value === '') return { failure: 'SCHEDULE_DATE_MISSING' };
  const at = typeof value === 'string' ? calendar.parse(value) : null;
  return at === null ? { failure: 'SCHEDULE_DATE_INVALID' } : { at };
}
