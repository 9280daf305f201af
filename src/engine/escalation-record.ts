/** What rules of escalation have done: kept with the object, so that nothing is done twice for the same date. */
import type { EscalationRecord, ExecutionData } from './state.ts';

type Escalated = Pick<ExecutionData, 'escalated'>;

/** Of how many dates each rule remembers that it was done: a date that is moved away and back is the same date. */
const REMEMBERED = 20;

export function recordOf(
  { escalated }: Escalated,
  rule: number,
  since: EscalationRecord['since'],
): EscalationRecord | null {
  return escalated.find((record) => record.rule === rule && record.since === since) ?? null;
}

/** The records with this one at the end, in the place of the one before for the same rule and date. */
export function withRecord(
  escalated: readonly EscalationRecord[],
  record: EscalationRecord,
): readonly EscalationRecord[] {
  const others = escalated.filter(({ rule, since }) => rule !== record.rule || since !== record.since);
  const known = others.filter(({ rule }) => rule === record.rule);
  const forgotten = new Set(known.slice(0, Math.max(known.length + 1 - REMEMBERED, 0)));
  return [...others.filter((other) => !forgotten.has(other)), record];
}

/** What was done between two states of the same object. */
export function escalationsSince(before: Escalated, after: Escalated): readonly EscalationRecord[] {
  return after.escalated.filter(({ rule, since, steps }) => recordOf(before, rule, since)?.steps !== steps);
}

export function isReminder({ action }: EscalationRecord): boolean {
  return action === 'REMIND';
}
