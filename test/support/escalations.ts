/** Short ways to write rules of escalation. */
import type { AssigneeRef, EscalationRule, Handover } from '../../src/engine/definition.ts';

/** Reminds at the due date, at any hour, unless `parts` say otherwise. */
export function escalation(parts: Partial<EscalationRule> = {}): EscalationRule {
  return {
    on: 'DUE',
    amount: 0,
    unit: 'HOURS',
    action: 'REMIND',
    handovers: [],
    leads: [],
    respectsWorkingTime: false,
    ...parts,
  };
}

/** To each for the time of the rule, or so many hours. */
export function handover(assignee: AssigneeRef, hours: number | null = null): Handover {
  return { assignee, time: hours === null ? null : { amount: hours, unit: 'HOURS' } };
}

export function user(id: string): AssigneeRef {
  return { type: 'USER', id };
}
