/** Rules of escalation: what each of them says on its own, and whether it goes with what it belongs to. */
import type {
  AssigneeRef,
  DefinitionContent,
  EscalationAction,
  EscalationRule,
  TimeUnit,
} from '../definition.ts';
import { LIMITS, MAX_ESCALATION_AMOUNT } from '../limits.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';
import { countIssues } from './lengths.ts';
import { assigneeIssues, type KnownReferences } from './references.ts';
import { partsOf, sentence, type Part } from './subjects.ts';

/** Everybody whom the rules name: those who are handed something, and leads. */
export function escalationAssignees({
  escalations,
}: {
  readonly escalations: readonly EscalationRule[];
}): AssigneeRef[] {
  return escalations.flatMap(({ handovers, leads }) => [
    ...handovers.map(({ assignee }) => assignee),
    ...leads,
  ]);
}

export function escalationIssues(content: DefinitionContent, known: KnownReferences): DefinitionIssue[] {
  return partsOf(content).flatMap((part) => [
    ...countIssues(`${part.path}escalations`, 'escalations', part.content.escalations, LIMITS.escalations),
    ...part.content.escalations.flatMap((rule, index) =>
      ruleIssues(`${part.path}escalations[${index}]`, rule, part, known),
    ),
  ]);
}

function ruleIssues(
  path: string,
  rule: EscalationRule,
  part: Part,
  known: KnownReferences,
): DefinitionIssue[] {
  return [
    ...placeIssues(path, rule, part),
    ...(rule.on === 'DUE' ? atOnceIssues(path, rule) : amountIssues(path, rule)),
    ...handoverIssues(path, rule, known),
    ...leadIssues(path, rule, known),
    ...dateIssues(path, rule, part),
  ];
}

/** Nobody claims a phase or an execution, and nobody takes one over. */
function placeIssues(
  path: string,
  { on, action }: EscalationRule,
  { name, content }: Part,
): DefinitionIssue[] {
  if ('requirements' in content) return [];
  const only = (what: string): string => `${sentence(name)} is no task; ${what} is for tasks only.`;
  return [
    ...(on === 'UNCLAIMED' ? [error('NOT_A_TASK', `${path}.on`, only('UNCLAIMED'))] : []),
    ...(action === 'REASSIGN' ? [error('NOT_A_TASK', `${path}.action`, only('REASSIGN'))] : []),
  ];
}

function amountIssues(
  path: string,
  { amount, unit }: { readonly amount: number; readonly unit: TimeUnit },
): DefinitionIssue[] {
  if (Number.isInteger(amount) && amount >= 1 && amount <= MAX_ESCALATION_AMOUNT) return [];
  const message = `${amount} ${unit.toLowerCase()} can't be counted here: it takes a whole number from 1 to ${MAX_ESCALATION_AMOUNT}.`;
  return [error('OUT_OF_RANGE', `${path}.amount`, message)];
}

function atOnceIssues(path: string, { amount }: EscalationRule): DefinitionIssue[] {
  if (amount === 0) return [];
  const message = 'DUE is at the due date itself; leave amount out, or take BEFORE_DUE or AFTER_DUE.';
  return [error('UNEXPECTED_VALUE', `${path}.amount`, message)];
}

function handoverIssues(path: string, rule: EscalationRule, known: KnownReferences): DefinitionIssue[] {
  const { handovers, action, on } = rule;
  const list = `${path}.handovers`;
  const issues = [
    ...listIssues(list, action, 'REASSIGN', handovers),
    ...countIssues(list, 'handovers', handovers, LIMITS.assignees),
  ];
  handovers.forEach(({ assignee, time }, index) => {
    const at = `${list}[${index}]`;
    issues.push(...assigneeIssues(`${at}.assignee`, assignee, known));
    if (time) issues.push(...amountIssues(`${at}.time`, time));
    else if (on === 'DUE' && index < handovers.length - 1)
      issues.push(
        error(
          'MISSING_VALUE',
          `${at}.time`,
          'From DUE on each but the last needs a time after which the next one gets the task.',
        ),
      );
  });
  return issues;
}

function leadIssues(path: string, rule: EscalationRule, known: KnownReferences): DefinitionIssue[] {
  const list = `${path}.leads`;
  return [
    ...listIssues(list, rule.action, 'NOTIFY_LEAD', rule.leads),
    ...countIssues(list, 'leads', rule.leads, LIMITS.assignees),
    ...rule.leads.flatMap((lead, index) => assigneeIssues(`${list}[${index}]`, lead, known)),
  ];
}

/** A list that one action needs and the others don't take. */
function listIssues(
  path: string,
  action: EscalationAction,
  needing: EscalationAction,
  list: readonly unknown[],
): DefinitionIssue[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (action === needing && list.length === 0)
    return [error('MISSING_VALUE', path, `${action} needs ${name}: somebody at least.`)];
  if (action !== needing && list.length > 0)
    return [error('UNEXPECTED_VALUE', path, `${action} takes no ${name}; leave them out.`)];
  return [];
}

/** A date may still be set by hand. */
function dateIssues(path: string, { on }: EscalationRule, { name, content }: Part): DefinitionIssue[] {
  if (on === 'UNCLAIMED' || content.dueAt !== null || content.dueRule !== null) return [];
  const message = `${sentence(name)} has no due date, so that nothing happens here until somebody sets one by hand.`;
  return [warning('NO_DUE_DATE', `${path}.on`, message)];
}
