/** Due date rules and schedules: what each of them says on its own. */
import type { DefinitionContent, DueAnchor, DueRule, ScheduleRule, TimeUnit } from '../definition.ts';
import { LIMITS, MAX_AMOUNT, MAX_YEARS } from '../limits.ts';
import { pathIssues } from './attribute-path.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { fieldIssues, keyFieldIssues, type Keys } from './keys.ts';
import { schemaIssues } from './lengths.ts';
import { partsOf, sentence } from './subjects.ts';

export function timeIssues(content: DefinitionContent, keys: Keys): DefinitionIssue[] {
  const issues = partsOf(content).flatMap(({ path, name, content: { dueAt, dueRule } }) =>
    dueRule
      ? [...twoDatesIssues(path, sentence(name), dueAt), ...dueRuleIssues(`${path}dueRule`, dueRule, keys)]
      : [],
  );
  if (content.dueRule) issues.push(...ownAnchorIssues(content.dueRule.anchor));
  return [
    ...issues,
    ...content.tasks.flatMap(({ schedule }, index) =>
      schedule ? scheduleIssues(`tasks[${index}].schedule`, schedule, keys) : [],
    ),
  ];
}

function amountIssues(
  path: string,
  { amount, unit }: { readonly amount: number; readonly unit: TimeUnit },
  least: number,
): DefinitionIssue[] {
  const most = unit === 'YEARS' ? MAX_YEARS : MAX_AMOUNT;
  if (Number.isInteger(amount) && amount >= least && amount <= most) return [];
  const message = `${amount} ${unit.toLowerCase()} can't be counted: it takes a whole number from ${least} to ${most}.`;
  return [error('OUT_OF_RANGE', path, message)];
}

function twoDatesIssues(path: string, name: string, dueAt: string | null): DefinitionIssue[] {
  if (dueAt === null) return [];
  const message = `${name} has a due date and a rule for one; take away either.`;
  return [error('TWO_DUE_DATES', `${path}dueRule`, message)];
}

function dueRuleIssues(path: string, rule: DueRule, keys: Keys): DefinitionIssue[] {
  const kind = `A due date from ${rule.anchor} on`;
  return [
    ...amountIssues(`${path}.amount`, rule, 0),
    ...keyFieldIssues(
      'tasks',
      { path: `${path}.taskKey`, value: rule.taskKey, isNeeded: rule.anchor === 'TASK_FINISHED', kind },
      keys,
    ),
    ...keyFieldIssues(
      'phases',
      { path: `${path}.phaseKey`, value: rule.phaseKey, isNeeded: rule.anchor === 'PHASE_FINISHED', kind },
      keys,
    ),
  ];
}

/** Nothing comes before the execution as a whole. */
function ownAnchorIssues(anchor: DueAnchor): DefinitionIssue[] {
  if (anchor !== 'A_PRECEDING_TASK_FINISHED' && anchor !== 'ALL_PRECEDING_TASKS_FINISHED') return [];
  const message =
    'No task comes before the whole execution; count its due date from EXECUTION_STARTED, TASK_FINISHED or PHASE_FINISHED on.';
  return [error('DUE_RULE_NEVER_MET', 'dueRule.anchor', message)];
}

function scheduleIssues(path: string, rule: ScheduleRule, keys: Keys): DefinitionIssue[] {
  const kind = `A schedule from ${rule.anchor} on`;
  const isOfEntity = rule.anchor === 'ENTITY_DATE';
  const attribute = { path: `${path}.path`, value: rule.path, isNeeded: isOfEntity, kind };
  const schema = { path: `${path}.entitySchema`, value: rule.entitySchema, isNeeded: false, kind };
  return [
    ...amountIssues(`${path}.amount`, rule, rule.anchor === 'REACHED' ? 1 : 0),
    ...pastIssues(path, rule),
    ...keyFieldIssues(
      'tasks',
      { path: `${path}.taskKey`, value: rule.taskKey, isNeeded: rule.anchor === 'TASK_FINISHED', kind },
      keys,
    ),
    ...(isOfEntity && rule.path !== null ? pathIssues(attribute.path, rule.path) : fieldIssues(attribute)),
    ...(isOfEntity ? schemaIssues(schema.path, rule.entitySchema, LIMITS.nameLength) : fieldIssues(schema)),
  ];
}

/** All but dates of entities are known only when they are over. */
function pastIssues(path: string, { anchor, direction, amount }: ScheduleRule): DefinitionIssue[] {
  if (anchor === 'ENTITY_DATE' || direction === 'AFTER' || amount <= 0) return [];
  const message = `The time before ${anchor} is over when it comes to the schedule; let it be AFTER, or count from an ENTITY_DATE.`;
  return [error('SCHEDULE_NEVER_MET', `${path}.direction`, message)];
}
