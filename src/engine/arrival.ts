/** What happens to a task by itself because of where it stands: it is reached, waits for its time, waits for a decision. */
import type { CommandContext } from './command.ts';
import { keepsClaim } from './assignees.ts';
import { hasOpenRequirements, isReached } from './flow.ts';
import { patched } from './json.ts';
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
  return awaitDecision(met.isReached ? schedule(index, met, context) : withdraw(met, context), context);
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
    hasOpenRequirements,
  };
}

/** Variables are resolved again when the task is reached: the entity may have changed since the start. */
function assignAnew(task: TaskData, { facts }: CommandContext): TaskData {
  if (!task.assigneeRule || isFinished(task.status)) return task;
  const assignees = resolveAssignees(task.assigneeRule, facts);
  const { claimedById } = task;
  const isClaimKept = claimedById !== null && keepsClaim(claimedById, task.assignees, assignees);
  return { ...task, assignees, claimedById: isClaimKept ? claimedById : null };
}

/** What waited for its time or for a decision waits for what comes before it again. What somebody has begun stays as it is. */
function withdraw(task: TaskData, { now }: CommandContext): TaskData {
  const unscheduled = patched(task, { scheduledFor: null, scheduleRanAt: null, isLate: false });
  if (task.status === 'SCHEDULED' || task.status === 'CONDITION_PENDING')
    return { ...unscheduled, ...pending({ now, actor: SYSTEM }) };
  return task.status === 'PENDING' ? unscheduled : task;
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
  const canDecide = task.isReached && !task.hasOpenRequirements && !waitsForSchedule(task);
  if (task.status === 'PENDING' && canDecide)
    return { ...task, status: 'CONDITION_PENDING', statusAt: now, statusBy: SYSTEM };
  if (task.status === 'CONDITION_PENDING' && !canDecide)
    return { ...task, ...pending({ now, actor: SYSTEM }) };
  return task;
}
