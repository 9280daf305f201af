/**
 * Reminders and escalation: what happens before, at and after a due date, and when nobody takes a task.
 *
 * Nothing is planned ahead: which step of which rule comes next, and when, follows from the state each time that it is asked. So a date that is moved, a task
 * that is claimed or an anchor that is reopened moves everything. What was done is remembered with what it was counted from (`EscalationRecord`).
 */
import { withAssignees } from './assignees.ts';
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

/** The state after every step that is due: of each rule one, and of each task one handover. The same state if none is. */
export function escalate(state: ExecutionState, context: CommandContext): ExecutionState {
  const due = (object: Escalating): readonly Step[] => dueSteps(object, context);
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
export function idleSince(task: TaskData, now: Instant): Instant | null {
  if (task.escalations.length === 0) return null;
  const isTaken = task.claimedById !== null || task.status === 'IN_PROGRESS';
  return task.isEnabled && !isTaken ? (task.idleSince ?? now) : null;
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

/** Those that are due. Of several that hand the same task over only the one that was due first: the others wait until its time is over. */
function dueSteps(object: Escalating, context: CommandContext): readonly Step[] {
  const due = stepsOf(object, context).filter(({ at }) => at <= context.now);
  const isHandover = ({ rule }: Step): boolean => rule.action === 'REASSIGN';
  const [first] = due.filter(isHandover).sort((one, other) => one.at.localeCompare(other.at));
  return due.filter((step) => step === first || !isHandover(step));
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
  const at = record ? nextAt(object, rule, record, context) : firstAt(object, rule, since, context);
  if (at === null) return null;
  return { index, rule, since, steps: (record?.steps ?? 0) + 1, at: timely(at, rule, context) };
}

/** When the rule first does something: at its moment, but whoever got the task since, by whichever rule, has it for their time. */
function firstAt(object: Escalating, rule: EscalationRule, since: Instant, context: CommandContext): Instant {
  const at = momentOf(rule, since, context);
  const last = rule.action === 'REASSIGN' ? lastHandover(object) : null;
  if (last === null || at > last.at) return at;
  return inWorkingTime(endOf(last, last.at, context), rule, context);
}

/**
 * When the next in the list gets it: when the one before has had their time, and so has whoever got it last, by whichever rule. Null if it stays with the
 * last one, or with whoever has taken it.
 */
function nextAt(
  object: Escalating,
  rule: EscalationRule,
  { steps, at }: EscalationRecord,
  context: CommandContext,
): Instant | null {
  if (steps >= rule.handovers.length) return null;
  const last = lastHandover(object);
  const from = untakenSince(object, last ? latest(last.at, at) : at);
  if (from === null) return null;
  const own = endOf({ rule, steps }, from, context);
  return inWorkingTime(last ? latest(own, endOf(last, from, context)) : own, rule, context);
}

/** Since when nobody has taken what was handed over then; null if somebody has. Who had begun it before has not taken it, and what has failed waits since it has. */
function untakenSince(object: Escalating, handedAt: Instant): Instant | null {
  if (!('idleSince' in object)) return null;
  const { claimedById, status, statusAt, idleSince: idle } = object;
  const isBegun = status === 'IN_PROGRESS' && statusAt > handedAt;
  return claimedById !== null || isBegun ? null : latest(idle ?? statusAt, handedAt);
}

/** The step that handed the object to somebody last, and when. */
function lastHandover({ escalations, escalated }: Escalating) {
  const last = escalated.findLast(({ action, to }) => action === 'REASSIGN' && to.length > 0);
  const rule = last && escalations[last.rule];
  return rule ? { rule, steps: last.steps, at: last.at } : null;
}

/** When those to whom the step handed it have had their time, counted from `from`. */
function endOf(
  { rule, steps }: Pick<Step, 'rule' | 'steps'>,
  from: Instant,
  { calendar }: CommandContext,
): Instant {
  const { amount, unit } = rule.handovers[steps - 1]?.time ?? rule;
  return calendar.add(from, amount, unit);
}

function latest(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}

/** A lead is told of what is late whatever it waits for; others only of what waits for them: they can work on it, or it has failed. */
function canAct(object: Escalating, { action }: EscalationRule): boolean {
  if (action === 'NOTIFY_LEAD' || !('isEnabled' in object)) return true;
  return object.isEnabled || object.status === 'FAILED';
}

/** The moment that the rule names. */
function momentOf(rule: EscalationRule, since: Instant, context: CommandContext): Instant {
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
  if (step.rule.action !== 'REASSIGN') return done(task, step, context);
  const { steps, assignees } = nextOf(step, context);
  const next = done(task, { ...step, steps }, context, assignees);
  if (assignees.every(({ type }) => type === 'VARIABLE')) return next;
  return { ...withAssignees(next, assignees), assigneeRule: null };
}

/** Who gets the task in the step, and how far in the list that is: deactivated users are passed by. Nobody, at its end, if only these are left. */
function nextOf({ rule: { handovers }, steps }: Step, { facts }: CommandContext) {
  const left = handovers
    .slice(steps - 1)
    .map(({ assignee }) =>
      resolveAssignees([assignee], facts).filter(({ id }) => !facts.inactiveIds.has(id)),
    );
  const passedBy = left.findIndex((assignees) => assignees.length > 0);
  const assignees = left[passedBy];
  return assignees ? { steps: steps + passedBy, assignees } : { steps: handovers.length, assignees: [] };
}
