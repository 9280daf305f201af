/** What happens to a task by itself because of where it stands: it is reached, waits for its time, waits for a decision, runs, asks for a confirmation. */
import type { CommandContext } from './command.ts';
import { withAssignees } from './assignees.ts';
import { startRun } from './automation-runs.ts';
import { askByItself } from './confirmations.ts';
import { hasOpenRequirements, isReached } from './flow.ts';
import { patched } from './json.ts';
import { isLeased, putDown } from './lease.ts';
import { openAnchor, scheduleTime } from './schedule.ts';
import type { TaskData } from './state.ts';
import type { StateIndex } from './state-index.ts';
import { SYSTEM } from './system.ts';
import { isExecutionOpen, isFinished, waitsForSchedule } from './transition.ts';
import { pending } from './unbegun.ts';
import { resolveAssignees } from './variables.ts';

/** The task as it is after what it waits for was looked at. */
export function arrive(index: StateIndex, task: TaskData, context: CommandContext): TaskData {
  const met = withReach(task, isReached(index, task), hasOpenRequirements(index, task), context);
  if (isFinished(met.status) || !isExecutionOpen(index.state.execution.status)) return met;
  if (!met.isReached) return awaitDecision(withdraw(withdrawFromWorker(met, context), context), context);
  if (isLeased(met) && met.hasOpenRequirements) return withdrawFromWorker(met, context);
  const going = runByItself(awaitDecision(schedule(index, met, context), context), context);
  return askByItself(going, canBegin(going), context);
}

function withReach(
  task: TaskData,
  isNowReached: boolean,
  hasOpenRequirements: boolean,
  context: CommandContext,
): TaskData {
  if (!isNowReached) return patched(task, { isReached: false, reachedAt: null, hasOpenRequirements });
  if (task.isReached) return patched(task, { hasOpenRequirements });
  return {
    ...assignAnew(task, context),
    isReached: true,
    reachedAt: context.now,
    // Nobody has let it lie since an earlier time.
    idleSince: null,
    hasOpenRequirements,
  };
}

/** Variables are resolved again when the task is reached: the entity may have changed since the start. */
function assignAnew(task: TaskData, { facts }: CommandContext): TaskData {
  if (!task.assigneeRule || isFinished(task.status)) return task;
  return withAssignees(task, resolveAssignees(task.assigneeRule, facts));
}

/** What waited for its time or for a decision waits for what comes before it again. What somebody has begun stays as it is. */
function withdraw(task: TaskData, { now }: CommandContext): TaskData {
  const unscheduled = patched(task, {
    scheduledFor: null,
    scheduleRanAt: null,
    isLate: false,
    runState: null,
    confirmationRequest: null,
  });
  if (task.status === 'SCHEDULED' || task.status === 'CONDITION_PENDING')
    return { ...unscheduled, ...pending({ now, actor: SYSTEM }) };
  return task.status === 'PENDING' ? unscheduled : task;
}

/** What a worker has is worth nothing while something blocks it: whoever is first when nothing does begins anew. */
function withdrawFromWorker(task: TaskData, { now }: CommandContext): TaskData {
  return isLeased(task) ? putDown(task, 'ENDED', { now, actor: SYSTEM }) : task;
}

function schedule(index: StateIndex, task: TaskData, context: CommandContext): TaskData {
  // What it was counted from is open again, so its time is no longer known.
  if (task.status === 'SCHEDULED' && openAnchor(index, task) !== null) return withdraw(task, context);
  if (task.schedule === null || !waitsForSchedule(task)) return task;
  const { now } = context;
  const time = scheduleTime(index, task, task.schedule, context);
  if ('anchorTaskId' in time) return task;
  const moved = { ...task, statusAt: now, statusBy: SYSTEM };
  if ('failure' in time) return { ...moved, status: 'FAILED', failure: time.failure };
  if (time.at > now) return { ...moved, status: 'SCHEDULED', scheduledFor: time.at };
  return { ...task, scheduledFor: time.at, scheduleRanAt: now };
}

/** A decision by hand waits for a person from the moment on at which one could take it. */
function awaitDecision(task: TaskData, { now }: CommandContext): TaskData {
  if (task.decision?.mode !== 'MANUAL') return task;
  const canDecide = canBegin(task);
  if (task.status === 'PENDING' && canDecide)
    return { ...task, status: 'CONDITION_PENDING', statusAt: now, statusBy: SYSTEM };
  if (task.status === 'CONDITION_PENDING' && !canDecide)
    return { ...task, ...pending({ now, actor: SYSTEM }) };
  return task;
}

/** An automation that needs nobody runs from the moment on at which somebody could run it, once: what was stopped waits for a person. */
function runByItself(task: TaskData, { now }: CommandContext): TaskData {
  const { status, automation, runState } = task;
  const isDue = status === 'PENDING' && automation?.mode === 'AUTOMATIC' && runState === null;
  return isDue && canBegin(task) ? startRun(task, { now, actor: SYSTEM }) : task;
}

function canBegin(task: TaskData): boolean {
  return task.isReached && !task.hasOpenRequirements && !waitsForSchedule(task);
}
