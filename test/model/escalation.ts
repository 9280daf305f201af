/**
 * Reminders and escalation a second time: what is due is worked out from what can be seen of an execution and from what was seen before, by the words in
 * which the rules are told. It shares types and the calendar with the engine and no functions.
 */
import type { Calendar } from '../../src/engine/calendar.ts';
import type { Command } from '../../src/engine/command.ts';
import type { EscalationRule, Instant, TimeUnit } from '../../src/engine/definition.ts';
import type { ExecutionData, ExecutionState, PhaseData, TaskData } from '../../src/engine/state.ts';

/** Something that a rule is to do: at `at`, for the `step`th time. */
export interface ExpectedStep {
  readonly objectId: string;
  readonly rule: number;
  readonly since: Instant;
  readonly step: number;
  readonly at: Instant;
  readonly isHandover: boolean;
  /** Of a handover to somebody: how long the task then is whose it is. */
  readonly time: Time | null;
}

interface Time {
  readonly amount: number;
  readonly unit: TimeUnit;
}

/** What a rule did last for what it counts from, and how long whoever got the task by it has it; null if nobody did. */
interface Done {
  readonly steps: number;
  readonly at: Instant;
  readonly time: Time | null;
}

/** Who got a task last: when, and for how long it is theirs. */
interface Holder {
  readonly at: Instant;
  readonly time: Time;
}

interface Watched {
  readonly since: Instant;
  readonly reachedAt: Instant | null;
}

/** One who watches an execution, and remembers what was done and who has lain about since when. */
export class Watch {
  readonly #calendar: Calendar;
  readonly #isGone: (id: string) => boolean;
  /** In the order in which it was done. */
  readonly #done = new Map<string, Done>();
  readonly #idle = new Map<string, Watched>();

  /** @param isGone - whether somebody, by id or by the variable that stands for them, can be given nothing at the moment. */
  constructor(calendar: Calendar, isGone: (id: string) => boolean) {
    this.#calendar = calendar;
    this.#isGone = isGone;
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

  /** What is done when it is woken now, and so becomes `after`: everything whose time has come, but no task goes from hand to hand. */
  due(before: ExecutionState, after: ExecutionState, now: Instant): ExpectedStep[] {
    const claims = new Map(before.tasks.map(({ id, claimedById }) => [id, claimedById]));
    // A handover ends a claim. Until then it was one.
    const tasks = after.tasks.map((task) => ({ ...task, claimedById: claims.get(task.id) ?? null }));
    const steps = this.ahead({ ...after, tasks }, now).filter(({ at }) => at <= now);
    const earlier = (one: ExpectedStep, other: ExpectedStep): boolean =>
      one.at < other.at || (one.at === other.at && one.rule < other.rule);
    return steps.filter(
      (step) =>
        !step.isHandover ||
        !steps.some((other) => other.isHandover && other.objectId === step.objectId && earlier(other, step)),
    );
  }

  /** Remembers that the steps were done. */
  did(steps: readonly ExpectedStep[], now: Instant): void {
    for (const { objectId, rule, since, step, time } of steps) {
      const key = `${objectId} ${rule} ${since}`;
      this.#done.delete(key);
      this.#done.set(key, { steps: step, at: now, time });
    }
  }

  #ofObject(
    object: ExecutionData | PhaseData | TaskData,
    task: TaskData | null,
    now: Instant,
  ): ExpectedStep[] {
    return object.escalations.flatMap((rule, index): ExpectedStep[] => {
      const idleSince = task ? (this.#idle.get(task.id)?.since ?? null) : null;
      const since = rule.on === 'UNCLAIMED' ? idleSince : object.dueAt;
      if (since === null || (task && rule.action !== 'NOTIFY_LEAD' && !waitsForSomebody(task))) return [];
      const done = this.#done.get(`${object.id} ${index} ${since}`);
      const holder = this.#holderOf(object.id);
      const planned = done
        ? this.#nextHandover(rule, done, holder, task)
        : this.#leftTo(rule, this.#first(rule, since), holder);
      if (planned === null) return [];
      const at = this.#notAtNight(rule, planned, now);
      const known = { objectId: object.id, rule: index, since, at };
      const step = (done?.steps ?? 0) + 1;
      if (rule.action !== 'REASSIGN') return [{ ...known, step, isHandover: false, time: null }];
      const places = rule.handovers.map((_, place) => place + 1).filter((place) => place >= step);
      const next = places.find((place) => !this.#isGone(rule.handovers[place - 1]?.assignee.id ?? ''));
      const time = next === undefined ? null : timeOf(rule, next);
      return [{ ...known, step: next ?? rule.handovers.length, isHandover: true, time }];
    });
  }

  #holderOf(objectId: string): Holder | null {
    const ofObject = [...this.#done].flatMap(([key, { at, time }]) =>
      time && key.startsWith(`${objectId} `) ? [{ at, time }] : [],
    );
    return ofObject.at(-1) ?? null;
  }

  #first({ on, amount, unit, respectsWorkingTime: isPolite }: EscalationRule, since: Instant): Instant {
    const at = this.#calendar.add(since, on === 'BEFORE_DUE' ? -amount : amount, unit);
    if (!isPolite) return at;
    return on === 'BEFORE_DUE' ? this.#calendar.lastWorkingTime(at) : this.#calendar.nextWorkingTime(at);
  }

  /** A handover that did not come before that of another rule comes when the other's time is over. */
  #leftTo(rule: EscalationRule, at: Instant, holder: Holder | null): Instant {
    if (rule.action !== 'REASSIGN' || !holder || holder.at < at) return at;
    return this.#polite(rule, [at, this.#after(holder.at, holder.time)].sort()[1] ?? at);
  }

  /** The next one gets it if the one before has had it to themselves for their time, and so has whoever got it since by another rule. */
  #nextHandover(
    rule: EscalationRule,
    { steps, at }: Done,
    holder: Holder | null,
    task: TaskData | null,
  ): Instant | null {
    const gotAt = [at, holder?.at ?? at].sort()[1] ?? at;
    if (steps >= rule.handovers.length || !task || hasTaker(task, gotAt)) return null;
    const waitsSince = task.status === 'FAILED' ? task.statusAt : this.#idle.get(task.id)?.since;
    const from = [gotAt, waitsSince ?? gotAt].sort()[1] ?? gotAt;
    const ends = [timeOf(rule, steps), holder?.time ?? timeOf(rule, steps)];
    const end = ends.map((time) => this.#after(from, time)).sort()[1] ?? from;
    return this.#polite(rule, end);
  }

  #after(at: Instant, { amount, unit }: Time): Instant {
    return this.#calendar.add(at, amount, unit);
  }

  #polite({ respectsWorkingTime }: EscalationRule, at: Instant): Instant {
    return respectsWorkingTime ? this.#calendar.nextWorkingTime(at) : at;
  }

  #notAtNight({ respectsWorkingTime }: EscalationRule, at: Instant, now: Instant): Instant {
    const isNight = this.#calendar.nextWorkingTime(now) !== now;
    return respectsWorkingTime && at <= now && isNight ? this.#calendar.nextWorkingTime(now) : at;
  }
}

/** How long the one to whom the rule hands a task in this step has it. */
function timeOf({ handovers, amount, unit }: EscalationRule, step: number): Time {
  return handovers[step - 1]?.time ?? { amount, unit };
}

/** Whether somebody can work on the task, or has to deal with its failure. */
function waitsForSomebody({ isEnabled, status }: TaskData): boolean {
  return isEnabled || status === 'FAILED';
}

/** Whether somebody has taken the task since it was handed over: it is claimed, or what is in progress was begun after that. */
function hasTaker({ claimedById, status, statusAt }: TaskData, handedAt: Instant): boolean {
  return claimedById !== null || (status === 'IN_PROGRESS' && statusAt > handedAt);
}

/** Whether the task belongs to the same people as before, in whatever order. */
function hasSame(before: ExecutionState | null, task: TaskData): boolean {
  const names = ({ assignees }: TaskData): string => JSON.stringify(assignees.map(({ id }) => id).sort());
  const known = before?.tasks.find(({ id }) => id === task.id);
  return known !== undefined && names(known) === names(task);
}
