/**
 * Reminders and escalation: what happens before, at and after a due date, and when nobody takes a task.
 *
 * Nothing is planned ahead: which step of which rule comes next, and when, follows from the state each time that it is asked. So a date that is moved, a task
 * that is claimed or an anchor that is reopened moves everything. What was done is remembered with what it was counted from (`EscalationRecord`).
 */
import { keepsClaim } from './assignees.ts';
import type { CommandContext } from './command.ts';
import type { EscalationRule, Instant } from './definition.ts';
import { recordOf, withRecord } from './escalation-record.ts';
import type { EscalationRecord, ExecutionData, ExecutionState, PhaseData, TaskData } from './state.ts';
import { isExecutionOpen, isFinished } from './transition.ts';
import { resolveAssignees } from './variables.ts';

type Escalating = ExecutionData | PhaseData | TaskData;

/** What a rule does next: its step number `steps`, from 1, for what is counted from `since`. */
interface Step {
  readonly index: number;
  readonly rule: EscalationRule;
  readonly since: Instant;
  readonly steps: number;
  readonly at: Instant;
}

/** When the next step of the execution, its phases and tasks is due, as far as is known now; null if there is none. */
export function nextEscalationAt(state: ExecutionState, context: CommandContext): Instant | null {
  if (!isExecutionOpen(state.execution.status)) return null;
  const times = allOf(state).flatMap((object) => stepsOf(object, context).map(({ at }) => at));
  return times.sort()[0] ?? null;
}

/** The state after every step that is due: of each rule one. The same state if none is. */
export function escalate(state: ExecutionState, context: CommandContext): ExecutionState {
  const due = (object: Escalating): readonly Step[] =>
    stepsOf(object, context).filter(({ at }) => at <= context.now);
  const isAny =
    isExecutionOpen(state.execution.status) && allOf(state).some((object) => due(object).length > 0);
  if (!isAny) return state;
  return {
    execution: due(state.execution).reduce((object, step) => done(object, step, context), state.execution),
    phases: state.phases.map((phase) =>
      due(phase).reduce((object, step) => done(object, step, context), phase),
    ),
    tasks: state.tasks.map((task) =>
      due(task).reduce((object, step) => handOver(object, step, context), task),
    ),
  };
}

/** Since when a task with escalations could be worked on without anybody having taken it, claimed or begun; null if it is not so. */
export function idleSince(task: TaskData, isEnabled: boolean, now: Instant): Instant | null {
  if (task.escalations.length === 0) return null;
  const isTaken = task.claimedById !== null || task.status === 'IN_PROGRESS';
  return isEnabled && !isTaken ? (task.idleSince ?? now) : null;
}

function allOf({ execution, phases, tasks }: ExecutionState): readonly Escalating[] {
  return [execution, ...phases, ...tasks];
}

/** Whether there is nothing more to do about it. */
function isOver(object: Escalating): boolean {
  if ('isEnabled' in object) return isFinished(object.status);
  return object.status === 'COMPLETED' || object.status === 'DONE' || object.status === 'CLOSED';
}

/** The next step of each rule of the object that has one. */
function stepsOf(object: Escalating, context: CommandContext): readonly Step[] {
  if (object.escalations.length === 0 || isOver(object)) return [];
  return object.escalations.flatMap((rule, index) => nextStep(object, rule, index, context) ?? []);
}

function nextStep(
  object: Escalating,
  rule: EscalationRule,
  index: number,
  context: CommandContext,
): Step | null {
  const idle = 'idleSince' in object ? object.idleSince : null;
  const since = rule.on === 'UNCLAIMED' ? idle : object.dueAt;
  if (since === null || !canAct(object, rule)) return null;
  const record = recordOf(object, index, since);
  if (record === null)
    return { index, rule, since, steps: 1, at: timely(firstAt(rule, since, context), rule, context) };
  const { time } = rule.handovers[record.steps - 1] ?? {};
  // The last one keeps it, and so does whoever has taken it.
  if (record.steps >= rule.handovers.length || idle === null) return null;
  const { amount, unit } = time ?? rule;
  const from = idle > record.at ? idle : record.at;
  const at = context.calendar.add(from, amount, unit);
  return {
    index,
    rule,
    since,
    steps: record.steps + 1,
    at: timely(inWorkingTime(at, rule, context), rule, context),
  };
}

/** A lead is told of what is late whatever it waits for; others only of what they can work on. */
function canAct(object: Escalating, { action }: EscalationRule): boolean {
  return action === 'NOTIFY_LEAD' || !('isEnabled' in object) || object.isEnabled;
}

function firstAt(rule: EscalationRule, since: Instant, context: CommandContext): Instant {
  const { on, amount, unit, respectsWorkingTime } = rule;
  const { calendar } = context;
  if (on !== 'BEFORE_DUE') return inWorkingTime(calendar.add(since, amount, unit), rule, context);
  const at = calendar.add(since, -amount, unit);
  return respectsWorkingTime ? calendar.lastWorkingTime(at) : at;
}

function inWorkingTime(
  at: Instant,
  { respectsWorkingTime }: EscalationRule,
  { calendar }: CommandContext,
): Instant {
  return respectsWorkingTime ? calendar.nextWorkingTime(at) : at;
}

/** What is overdue is not done at night either. */
function timely(at: Instant, rule: EscalationRule, context: CommandContext): Instant {
  const { now } = context;
  if (at > now) return at;
  const soonest = inWorkingTime(now, rule, context);
  return soonest > now ? soonest : at;
}

/** The object with the step remembered as done. */
function done<T extends Escalating>(
  object: T,
  { index, rule, since, steps }: Step,
  { now, facts }: CommandContext,
  to = resolveAssignees(rule.leads, facts),
): T {
  const named = to.filter(({ type }) => type !== 'VARIABLE');
  const { on, action } = rule;
  const record: EscalationRecord = { rule: index, on, action, since, steps, at: now, to: named };
  return { ...object, escalated: withRecord(object.escalated, record) };
}

/** The same of a task, which REASSIGN gives to the next. A variable that names nobody leaves it with those who have it. */
function handOver(task: TaskData, step: Step, context: CommandContext): TaskData {
  const handover = step.rule.handovers[step.steps - 1];
  if (step.rule.action !== 'REASSIGN' || !handover) return done(task, step, context);
  const assignees = resolveAssignees([handover.assignee], context.facts);
  const next = done(task, step, context, assignees);
  if (assignees.every(({ type }) => type === 'VARIABLE')) return next;
  const { claimedById } = task;
  const isClaimKept = claimedById !== null && keepsClaim(claimedById, task.assignees, assignees);
  return { ...next, assignees, assigneeRule: null, claimedById: isClaimKept ? claimedById : null };
}
