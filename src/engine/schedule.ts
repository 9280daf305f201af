/** When a task that has a schedule may go on. */
import type { CommandContext } from './command.ts';
import { readPath } from './condition/path.ts';
import type { Instant, Json, ScheduleRule } from './definition.ts';
import { entityOf } from './facts.ts';
import type { Failure, TaskData } from './state.ts';
import type { StateIndex } from './state-index.ts';
import { isFinished } from './transition.ts';

/** The time; or the task whose end it is counted from, which is not there yet; or why there can't be one. */
export type ScheduleTime =
  { readonly at: Instant } | { readonly anchorTaskId: string } | { readonly failure: Failure };

/** The time of a task that is reached, by its schedule `rule`. A time that is over already is a failure. */
export function scheduleTime(
  index: StateIndex,
  task: TaskData,
  rule: ScheduleRule,
  context: CommandContext,
): ScheduleTime {
  const anchor = anchorOf(index, task, rule, context);
  if (!('at' in anchor)) return anchor;
  const amount = rule.direction === 'BEFORE' ? -rule.amount : rule.amount;
  const at = context.calendar.add(anchor.at, amount, rule.unit);
  if (at >= context.now) return { at };
  const message = `The time that the schedule gives, ${at}, was over when the task was reached.`;
  return { failure: { code: 'SCHEDULE_IN_PAST', message } };
}

/** The task that the schedule of a waiting task is counted from, as long as it is not finished. */
export function openAnchor(index: StateIndex, task: TaskData): string | null {
  const { schedule } = task;
  if (schedule?.anchor !== 'TASK_FINISHED' || schedule.taskKey === null) return null;
  const anchor = index.tasksByKey.get(schedule.taskKey);
  return anchor && !isFinished(anchor.status) ? anchor.id : null;
}

function anchorOf(
  index: StateIndex,
  task: TaskData,
  rule: ScheduleRule,
  context: CommandContext,
): ScheduleTime {
  switch (rule.anchor) {
    // Both are the moment at which the task is reached: all ways to it are done.
    case 'REACHED':
    case 'ALL_PRECEDING_TASKS_FINISHED':
      return { at: task.reachedAt ?? context.now };
    case 'EXECUTION_STARTED':
      return { at: index.state.execution.startedAt };
    case 'TASK_FINISHED': {
      const anchorTaskId = openAnchor(index, task);
      if (anchorTaskId !== null) return { anchorTaskId };
      const anchor = index.tasksByKey.get(rule.taskKey ?? '');
      return { at: anchor?.finishedAt ?? context.now };
    }
    case 'ENTITY_DATE':
      return dateOf(rule, context);
  }
}

function dateOf({ path, entitySchema }: ScheduleRule, { facts, calendar }: CommandContext): ScheduleTime {
  const name = `${entitySchema ?? 'entity'}.${path ?? ''}`;
  const [value = null] = readPath(entityOf(facts, entitySchema)?.attributes ?? {}, path ?? '');
  if (isMissing(value))
    return {
      failure: {
        code: 'SCHEDULE_DATE_MISSING',
        message: `${name} is not set. Set it, and schedule the task again.`,
      },
    };
  const at = typeof value === 'string' ? calendar.parse(value.trim()) : null;
  if (at !== null) return { at };
  const message = `${name} is no date. Set it to one, and schedule the task again.`;
  return { failure: { code: 'SCHEDULE_DATE_INVALID', message } };
}

function isMissing(value: Json): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}
