/** Who outside confirms a task: whether they can be asked, and for how long. */
import { parsePath } from '../condition/path.ts';
import type { ConfirmationRule, DefinitionContent, TaskDefinition, TimeUnit } from '../definition.ts';
import { LIMITS, MAX_CONFIRMATION_HOURS } from '../limits.ts';
import { fillTemplate, templateVariables } from '../template.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';
import { lengthIssues } from './lengths.ts';
import { nameOfTask, sentence } from './subjects.ts';

/** Names that variables begin with. */
export const CONFIRMATION_VARIABLES = [
  'entity',
  'entityId',
  'entityTitle',
  'entitySchema',
  'execution',
  'task',
  'organization',
] as const;

/** About a year, in each unit. */
const LONGEST: Readonly<Record<TimeUnit, number>> = {
  MINUTES: 10_000,
  HOURS: MAX_CONFIRMATION_HOURS,
  WORKING_HOURS: 2_000,
  DAYS: 365,
  WORKING_DAYS: 260,
  WEEKS: 52,
  MONTHS: 12,
  YEARS: 1,
};

export function confirmationIssues({ tasks }: DefinitionContent): DefinitionIssue[] {
  return tasks.flatMap((task, index) =>
    task.confirmation ? ruleIssues(`tasks[${index}].confirmation`, task, task.confirmation) : [],
  );
}

function ruleIssues(path: string, task: TaskDefinition, rule: ConfirmationRule): DefinitionIssue[] {
  const name = sentence(nameOfTask(task));
  const issues: DefinitionIssue[] = [];
  if (task.type !== 'MANUAL') {
    const message = `${name} can't be confirmed by somebody outside: only MANUAL tasks can; change its type or leave the confirmation out.`;
    issues.push(error('TYPE_MISMATCH', path, message));
  }
  if (rule.mode === 'AUTOMATIC' && rule.to === null) {
    const message = `${name} waits for a confirmation by itself, but names no address: somebody has to hand over the link.`;
    issues.push(warning('NO_RECIPIENT', `${path}.to`, message));
  }
  return [
    ...issues,
    ...textIssues(`${path}.to`, 'addresses', rule.to, LIMITS.addressesLength),
    ...mailboxIssues(`${path}.to`, rule.to),
    ...textIssues(`${path}.subject`, 'subject', rule.subject, LIMITS.subjectLength),
    ...textIssues(`${path}.message`, 'message', rule.message, LIMITS.messageLength),
    ...expiryIssues(`${path}.expiresAfter.amount`, rule.expiresAfter),
  ];
}

function textIssues(
  path: string,
  what: string,
  text: string | null,
  limit: Parameters<typeof lengthIssues>[3],
): DefinitionIssue[] {
  if (text === null) return [];
  if (text.trim() === '') return [error('MISSING_VALUE', path, `The ${what} are empty; leave them out.`)];
  return [
    ...lengthIssues(path, what, text, limit),
    ...templateVariables(text).flatMap((variable) => variableIssues(path, variable)),
  ];
}

function variableIssues(path: string, variable: string): DefinitionIssue[] {
  const [root] = parsePath(variable) ?? [];
  const isKnown = CONFIRMATION_VARIABLES.some((name) => root?.type === 'NAME' && root.name === name);
  if (isKnown) return [];
  const message = `{{${variable}}} is no variable such as {{entity.customer.email}}; they begin with ${CONFIRMATION_VARIABLES.join(', ')}.`;
  return [error('INVALID_VARIABLE', path, message)];
}

/** Of each address on its own, variables standing for one word; what they come to is looked at when somebody is asked. */
function mailboxIssues(path: string, to: string | null): DefinitionIssue[] {
  if (to === null || to.trim() === '') return [];
  const wrong = to.split(',').find((part) => {
    const word = fillTemplate(part, () => 'x').trim();
    return word !== 'x' && !/^[^\s@{}<>"]+@[^\s@{}<>"]+$/.test(word);
  });
  if (wrong === undefined) return [];
  const message = `${JSON.stringify(wrong.trim())} is neither an e-mail address nor a variable for one, such as {{entity.customer.email}}.`;
  return [error('INVALID_MAILBOX', path, message)];
}

function expiryIssues(path: string, { amount, unit }: ConfirmationRule['expiresAfter']): DefinitionIssue[] {
  if (Number.isInteger(amount) && amount >= 1 && amount <= LONGEST[unit]) return [];
  const message = `A link can't be good for ${amount} ${unit.toLowerCase()}: it takes a whole number from 1 to ${LONGEST[unit]}.`;
  return [error('OUT_OF_RANGE', path, message)];
}
