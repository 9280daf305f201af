import { describe, expect, test } from 'vitest';
import type { EscalationRule } from '../../src/engine/definition.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import { PEOPLE, referencesOf } from '../support/arbitraries.ts';
import { escalation, handover, user } from '../support/escalations.ts';
import { definition, phase, task } from '../support/workflow.ts';

const DUE = { dueAt: '2026-03-05T12:00:00.000Z' };
const ANNA = user('user-anna');

function issues(content: Parameters<typeof definition>[0]): string[] {
  return validateDefinition(definition(content), referencesOf(PEOPLE)).map(
    ({ severity, code, path }) => `${severity} ${code} ${path}`,
  );
}

function ofTask(...escalations: readonly EscalationRule[]): string[] {
  return issues({ tasks: [task('a', { ...DUE, escalations })] });
}

describe('a rule of escalation', () => {
  test.each<[string, EscalationRule]>([
    ['reminds before the due date', escalation({ on: 'BEFORE_DUE', amount: 2, unit: 'WORKING_HOURS' })],
    ['reminds at the due date', escalation()],
    [
      'tells a lead',
      escalation({ action: 'NOTIFY_LEAD', leads: [{ type: 'VARIABLE', id: '{{entity.lead}}' }] }),
    ],
    [
      'hands over',
      escalation({
        on: 'UNCLAIMED',
        amount: 4,
        action: 'REASSIGN',
        handovers: [handover(ANNA), handover(ANNA, 1_000)],
      }),
    ],
  ])('that %s is right', (_what, rule) => {
    expect(ofTask(rule)).toEqual([]);
  });

  test.each<[string, Partial<EscalationRule>, string]>([
    ['no time before', { on: 'BEFORE_DUE' }, 'OUT_OF_RANGE tasks[0].escalations[0].amount'],
    ['too much time', { on: 'AFTER_DUE', amount: 1_001 }, 'OUT_OF_RANGE tasks[0].escalations[0].amount'],
    ['part of an hour', { on: 'AFTER_DUE', amount: 1.5 }, 'OUT_OF_RANGE tasks[0].escalations[0].amount'],
    ['time at the date itself', { amount: 1 }, 'UNEXPECTED_VALUE tasks[0].escalations[0].amount'],
    ['nobody to tell', { action: 'NOTIFY_LEAD' }, 'MISSING_VALUE tasks[0].escalations[0].leads'],
    ['nobody to give it to', { action: 'REASSIGN' }, 'MISSING_VALUE tasks[0].escalations[0].handovers'],
    ['a lead who is not told', { leads: [ANNA] }, 'UNEXPECTED_VALUE tasks[0].escalations[0].leads'],
    [
      'somebody who gets nothing',
      { handovers: [handover(ANNA)] },
      'UNEXPECTED_VALUE tasks[0].escalations[0].handovers',
    ],
    [
      'a user who is not there',
      { action: 'NOTIFY_LEAD', leads: [ANNA, user('nobody')] },
      'UNKNOWN_USER tasks[0].escalations[0].leads[1]',
    ],
    [
      'a team that is not there',
      { action: 'REASSIGN', handovers: [handover({ type: 'TEAM', id: 'none' })] },
      'UNKNOWN_TEAM tasks[0].escalations[0].handovers[0].assignee',
    ],
    [
      'a variable that is none',
      { action: 'NOTIFY_LEAD', leads: [{ type: 'VARIABLE', id: 'owner' }] },
      'INVALID_VARIABLE tasks[0].escalations[0].leads[0]',
    ],
    [
      'no time for one of several',
      { action: 'REASSIGN', handovers: [handover(ANNA), handover(ANNA)] },
      'MISSING_VALUE tasks[0].escalations[0].handovers[0].time',
    ],
    [
      'no time at all for one',
      { action: 'REASSIGN', handovers: [handover(ANNA, 0)] },
      'OUT_OF_RANGE tasks[0].escalations[0].handovers[0].time.amount',
    ],
  ])('with %s is an error', (_what, parts, issue) => {
    expect(ofTask(escalation(parts))).toEqual([`ERROR ${issue}`]);
  });

  test('of a phase or the execution can’t be about who takes it', () => {
    const rule = escalation({ on: 'UNCLAIMED', amount: 1, action: 'REASSIGN', handovers: [handover(ANNA)] });
    const found = issues({
      ...DUE,
      escalations: [rule],
      phases: [phase('p', { ...DUE, escalations: [rule] })],
      tasks: [task('a', { phaseKey: 'p' })],
    });
    expect(found).toEqual([
      'ERROR NOT_A_TASK escalations[0].on',
      'ERROR NOT_A_TASK escalations[0].action',
      'ERROR NOT_A_TASK phases[0].escalations[0].on',
      'ERROR NOT_A_TASK phases[0].escalations[0].action',
    ]);
  });

  test('about a due date is a warning where there is none, and right where a rule gives it', () => {
    const anchor = { anchor: 'EXECUTION_STARTED', taskKey: null, phaseKey: null } as const;
    const found = issues({
      tasks: [
        task('a', { escalations: [escalation()] }),
        task('b', { escalations: [escalation()], dueRule: { amount: 1, unit: 'DAYS', ...anchor } }),
        task('c', { escalations: [escalation({ on: 'UNCLAIMED', amount: 1 })] }),
      ],
    });
    expect(found).toEqual(['WARNING NO_DUE_DATE tasks[0].escalations[0].on']);
  });

  test('can be one of many, up to a limit', () => {
    const many = (count: number): EscalationRule[] =>
      Array.from({ length: count }, (_, index) => escalation({ on: 'AFTER_DUE', amount: index + 1 }));
    expect(ofTask(...many(10))).toEqual([]);
    expect(ofTask(...many(20))).toEqual(['WARNING TOO_MANY tasks[0].escalations']);
    expect(ofTask(...many(21))).toEqual(['ERROR TOO_MANY tasks[0].escalations']);
  });
});
