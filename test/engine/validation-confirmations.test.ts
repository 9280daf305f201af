/** What is wrong with whom a definition asks to confirm a task. */
import { expect, test } from 'vitest';
import type { ConfirmationRule, TaskDefinition } from '../../src/engine/definition.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import { PEOPLE, referencesOf } from '../support/arbitraries.ts';
import { automatic } from '../support/automations.ts';
import { branch, decision, definition, task } from '../support/workflow.ts';

const RULE: ConfirmationRule = {
  mode: 'AUTOMATIC',
  to: '{{entity.customer.email}}, Clara@example.com',
  subject: 'Order {{entityTitle}}',
  message: '{{organization.name}} asks about {{task.name}} of {{execution.name}}',
  expiresAfter: { amount: 3, unit: 'WORKING_DAYS' },
};

function issuesOf(parts: Partial<ConfirmationRule>, of: TaskDefinition = task('a')): string[] {
  const content = definition({ tasks: [{ ...of, confirmation: { ...RULE, ...parts } }] });
  return validateDefinition(content, { ...referencesOf(PEOPLE), automationIds: new Set(['mail']) }).map(
    ({ severity, code, path }) => `${severity} ${code} ${path.replace('tasks[0].confirmation', '')}`,
  );
}

test('nothing about one that names people and says how long', () => {
  expect(issuesOf({})).toEqual([]);
  expect(issuesOf({ mode: 'MANUAL', to: null, subject: null, message: null })).toEqual([]);
});

test.each<[what: string, parts: Partial<ConfirmationRule>, issue: string]>([
  ['an address that is none', { to: 'Clara' }, 'ERROR INVALID_MAILBOX .to'],
  ['an address with a name', { to: 'Clara <clara@example.com>' }, 'ERROR INVALID_MAILBOX .to'],
  ['a comma too many', { to: 'clara@example.com,' }, 'ERROR INVALID_MAILBOX .to'],
  ['a variable that is not closed', { to: '{{entity.email' }, 'ERROR INVALID_MAILBOX .to'],
  ['a variable that is not known', { to: '{{steps.make.email}}' }, 'ERROR INVALID_VARIABLE .to'],
  ['a variable that is no path', { message: 'Hello {{entity..name}}' }, 'ERROR INVALID_VARIABLE .message'],
  ['an empty subject', { subject: ' ' }, 'ERROR MISSING_VALUE .subject'],
  ['a subject that is too long', { subject: 'x'.repeat(501) }, 'ERROR TOO_LONG .subject'],
  ['what can’t be kept', { message: 'a\0b' }, 'ERROR INVALID_CHARACTER .message'],
  [
    'no time at all',
    { expiresAfter: { amount: 0, unit: 'DAYS' } },
    'ERROR OUT_OF_RANGE .expiresAfter.amount',
  ],
  ['half a day', { expiresAfter: { amount: 0.5, unit: 'DAYS' } }, 'ERROR OUT_OF_RANGE .expiresAfter.amount'],
  ['two years', { expiresAfter: { amount: 2, unit: 'YEARS' } }, 'ERROR OUT_OF_RANGE .expiresAfter.amount'],
  ['nobody, by itself', { to: null }, 'WARNING NO_RECIPIENT .to'],
])('%s', (_what, parts, issue) => {
  expect(issuesOf(parts)).toEqual([issue]);
});

test('a task that people do not work can’t be confirmed', () => {
  for (const other of [automatic('a'), decision('a', [branch('yes', { isDefault: true })])])
    expect(issuesOf({}, other)).toContain('ERROR TYPE_MISMATCH ');
});
