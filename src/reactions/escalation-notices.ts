/** Who is told of what rules of escalation did: those who are reminded, to whom a task was handed over, and leads. */
import { ABOUT_NOTHING, type Notice } from '../commands/notifications.ts';
import { groupBy } from '../engine/collections.ts';
import type { EscalationRecord } from '../engine/state.ts';
import { readEscalated, type EscalatedRow, type Escalation, type Reason } from '../store/escalation-facts.ts';
import type { StoredEvent } from '../store/event-log.ts';
import type { Transaction } from '../store/transaction.ts';
import { dateText } from './date-text.ts';

/** What rules of escalation did in this very event. */
function stepsIn({ changedFields, data, at }: StoredEvent): readonly EscalationRecord[] {
  if (!changedFields.includes('escalated')) return [];
  return (data['escalated'] as readonly EscalationRecord[]).filter((record) => record.at === at);
}

/** Whether the event is that of a task which was handed to somebody else. */
export function isHandover(event: StoredEvent): boolean {
  return stepsIn(event).some(({ action, to }) => action === 'REASSIGN' && to.length > 0);
}

const REASONS = {
  REASSIGN: 'HANDED',
  NOTIFY_LEAD: 'LEAD',
  REMIND: 'RESPONSIBLE',
} as const satisfies Readonly<Record<EscalationRecord['action'], Reason>>;

/** The same person is told once, of what matters most to them. */
const RANK: Readonly<Record<Reason, number>> = { HANDED: 0, LEAD: 1, RESPONSIBLE: 2 };

interface Occasion extends Escalation {
  readonly event: StoredEvent;
  readonly steps: readonly EscalationRecord[];
}

function occasionOf(event: StoredEvent): Occasion | null {
  const { seq, subjectType, subjectId, executionId, taskId } = event;
  const steps = stepsIn(event);
  if (steps.length === 0 || executionId === null) return null;
  return {
    seq,
    executionId,
    taskId,
    event,
    steps,
    phaseId: subjectType === 'PHASE' ? subjectId : null,
    isReminder: steps.some(({ action }) => action === 'REMIND'),
    named: steps.flatMap(({ action, to }) => to.map((one) => ({ ...one, reason: REASONS[action] }))),
  };
}

/** `“Site visit”`, `The phase “Planning”`, `“Solar installation”`, and where that is. */
function subjectOf({ taskName, phaseName, executionName, entityTitle }: EscalatedRow) {
  const place = `(${executionName}, ${entityTitle})`;
  if (taskName !== null) return { name: `“${taskName}”`, place };
  if (phaseName !== null) return { name: `The phase “${phaseName}”`, place };
  return { name: `“${executionName}”`, place: `(${entityTitle})` };
}

function titleOf(row: EscalatedRow, { on, since }: EscalationRecord, now: string): string {
  const { reason, dueAt, timeZone } = row;
  const { name, place } = subjectOf(row);
  const when = dateText(since, timeZone);
  if (on === 'UNCLAIMED')
    return {
      HANDED: `${name} was handed over to you, because nobody took it: ${when} ${place}.`,
      LEAD: `Nobody has taken ${name} since ${when} ${place}.`,
      RESPONSIBLE: `${name} waits for somebody to take it since ${when} ${place}.`,
    }[reason];
  const date = dueAt ?? since;
  const due = `${date <= now ? 'was' : 'is'} due on ${dateText(date, timeZone)}`;
  return reason === 'HANDED'
    ? `${name} was handed over to you: it ${due} ${place}.`
    : `${name} ${due} ${place}.`;
}

/**
 * What is told of steps of escalation, to each once for each event, if it is still so: the object is open, the task is still theirs, those who are
 * reminded can work on it.
 */
export async function escalationNotices(tx: Transaction, events: readonly StoredEvent[]): Promise<Notice[]> {
  const occasions = events.flatMap((event) => occasionOf(event) ?? []);
  if (occasions.length === 0) return [];
  const rows = groupBy(await readEscalated(tx, occasions), ({ seq }) => seq);
  return occasions.flatMap(({ seq, event, steps }) => {
    const told = new Map<string, EscalatedRow>();
    for (const row of rows.get(seq) ?? []) {
      const known = told.get(row.userId);
      if (!known || RANK[row.reason] < RANK[known.reason]) told.set(row.userId, row);
    }
    return [...told.values()].flatMap((row): Notice[] => {
      const step = steps.findLast(({ action }) => REASONS[action] === row.reason);
      if (!step) return [];
      const { userId, reason, executionId, entityId } = row;
      return [
        {
          ...ABOUT_NOTHING,
          userId,
          executionId,
          entityId,
          taskId: event.taskId,
          // They know since then that it is theirs.
          taskVersion: reason === 'HANDED' ? event.version : null,
          kind: reason === 'RESPONSIBLE' ? 'REMINDER' : 'ESCALATION',
          dedupeKey: `${event.subjectId}:${event.version}`,
          title: titleOf(row, step, tx.now),
        },
      ];
    });
  });
}
