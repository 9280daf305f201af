/**
 * Reminders and escalation a second time: what is due is worked out from what can be seen of an execution and from what was seen before, by the words in
 * which the rules are told. It shares types and the calendar with the engine and no functions.
 */
import type { Calendar } from '../../src/engine/calendar.ts';
import type { Command } from '../../src/engine/command.ts';
import type { EscalationRule, Instant } from '../../src/engine/definition.ts';
import type { ExecutionData, ExecutionState, PhaseData, TaskData } from '../../src/engine/state.ts';

/** Something that a rule is to do: at `at`, for the `step`th time. */
export interface ExpectedStep {
  readonly objectId: string;
  readonly rule: number;
  readonly since: Instant;
  readonly step: number;
  readonly at: Instant;
}

interface Done {
  steps: number;
  at: Instant;
}

interface Watched {
  readonly since: Instant;
  readonly reachedAt: Instant | null;
}

/** One who watches an execution, and remembers what was done and who has lain about since when. */
export class Watch {
  readonly #calendar: Calendar;
  readonly #done = new Map<string, Done>();
  readonly #idle = new Map<string, Watched>();

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  /** Sees the execution as a command left it. */
  see(before: ExecutionState | null, command: Command | null, after: ExecutionState, now: Instant): void {
    for (const task of after.tasks) {
      const isIdle = task.isEnabled && task.claimedById === null && task.status !== 'IN_PROGRESS';
      const known = this.#idle.get(task.id);
      const isGivenAway =
        command?.type === 'ASSIGN_TASK' && command.taskId === task.id && !hasSame(before, task);
      if (!isIdle) this.#idle.delete(task.id);
      else if (!known || isGivenAway || known.reachedAt !== task.reachedAt)
        this.#idle.set(task.id, { since: now, reachedAt: task.reachedAt });
    }
  }

  /** Everything that has yet to be done, as far as is known now, and when. */
  ahead({ execution, phases, tasks }: ExecutionState, now: Instant): ExpectedStep[] {
    if (execution.status !== 'STARTED' && execution.status !== 'FAILED') return [];
    return [
      ...this.#ofObject(execution, null, now),
      ...phases.flatMap((phase) => (phase.status === 'COMPLETED' ? [] : this.#ofObject(phase, null, now))),
      ...tasks.flatMap((task) =>
        task.status === 'COMPLETED' || task.status === 'SKIPPED' ? [] : this.#ofObject(task, task, now),
      ),
    ];
  }

  /** Remembers that the steps were done. */
  did(steps: readonly ExpectedStep[], now: Instant): void {
    for (const { objectId, rule, since, step } of steps)
      this.#done.set(`${objectId} ${rule} ${since}`, { steps: step, at: now });
  }

  #ofObject(
    object: ExecutionData | PhaseData | TaskData,
    task: TaskData | null,
    now: Instant,
  ): ExpectedStep[] {
    return object.escalations.flatMap((rule, index) => {
      const idleSince = task ? (this.#idle.get(task.id)?.since ?? null) : null;
      const since = rule.on === 'UNCLAIMED' ? idleSince : object.dueAt;
      if (since === null || (task && rule.action !== 'NOTIFY_LEAD' && !task.isEnabled)) return [];
      const done = this.#done.get(`${object.id} ${index} ${since}`);
      const planned = done ? this.#nextHandover(rule, done, idleSince) : this.#first(rule, since);
      if (planned === null) return [];
      const at = this.#notAtNight(rule, planned, now);
      return [{ objectId: object.id, rule: index, since, step: (done?.steps ?? 0) + 1, at }];
    });
  }

  #first({ on, amount, unit, respectsWorkingTime: isPolite }: EscalationRule, since: Instant): Instant {
    const at = this.#calendar.add(since, on === 'BEFORE_DUE' ? -amount : amount, unit);
    if (!isPolite) return at;
    return on === 'BEFORE_DUE' ? this.#calendar.lastWorkingTime(at) : this.#calendar.nextWorkingTime(at);
  }

  /** The next one gets it if the one before has had it to themselves for their time. */
  #nextHandover(rule: EscalationRule, { steps, at }: Done, idleSince: Instant | null): Instant | null {
    const last = rule.handovers[steps - 1];
    if (!last || steps === rule.handovers.length || idleSince === null) return null;
    const from = [at, idleSince].sort().at(-1) ?? at;
    const next = this.#calendar.add(from, last.time?.amount ?? rule.amount, last.time?.unit ?? rule.unit);
    return rule.respectsWorkingTime ? this.#calendar.nextWorkingTime(next) : next;
  }

  #notAtNight({ respectsWorkingTime }: EscalationRule, at: Instant, now: Instant): Instant {
    const isNight = this.#calendar.nextWorkingTime(now) !== now;
    return respectsWorkingTime && at <= now && isNight ? this.#calendar.nextWorkingTime(now) : at;
  }
}

/** Whether the task belongs to the same people as before, in whatever order. */
function hasSame(before: ExecutionState | null, task: TaskData): boolean {
  const names = ({ assignees }: TaskData): string => JSON.stringify(assignees.map(({ id }) => id).sort());
  const known = before?.tasks.find(({ id }) => id === task.id);
  return known !== undefined && names(known) === names(task);
}
