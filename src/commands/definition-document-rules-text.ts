/**
 * Due date rules, schedules, decisions, automations, journeys, confirmations, triggers and sync rules as a definition's text holds them: the canonical form of
 * what definition-document-rules.ts reads. Fields are listed one by one, because stored JSON forgets their order.
 */
import type {
  AssigneeRef,
  AutomationReference,
  BranchDefinition,
  ConfirmationRule,
  DateOffset,
  DecisionDefinition,
  DueRule,
  EntitySyncRule,
  EscalationRule,
  JourneyReference,
  LoopDefinition,
  ScheduleRule,
  Statement,
  StatementSource,
  Trigger,
} from '../engine/definition.ts';
import { sameJson } from '../engine/json.ts';
import { DEFAULT_CONFIRMATION_HOURS, DEFAULT_ITERATIONS } from '../engine/limits.ts';

/** The fields without those that have their default value. */
export function sparse(
  fields: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
) {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => !(Object.hasOwn(defaults, name) && sameJson(value, defaults[name])),
    ),
  );
}

const RULE_DEFAULTS = {
  taskKey: null,
  phaseKey: null,
  path: null,
  entitySchema: null,
  direction: 'AFTER',
  offset: null,
  match: 'ANY',
  values: [],
  valueType: 'STATIC',
  isDefault: false,
  connective: 'AND',
  statements: [],
  takes: 'FIRST_MET',
  loop: null,
  maxIterations: DEFAULT_ITERATIONS,
  automationId: null,
  journeyId: null,
  inputTaskKey: null,
  completesTask: false,
  customValue: null,
  to: null,
  subject: null,
  message: null,
  expiresAfter: { amount: DEFAULT_CONFIRMATION_HOURS, unit: 'HOURS' },
};

const ESCALATION_DEFAULTS = {
  amount: 0,
  unit: 'HOURS',
  time: null,
  handovers: [],
  leads: [],
  respectsWorkingTime: true,
};

const ASSIGNEE_FIELDS = { USER: 'user', TEAM: 'team', VARIABLE: 'variable' } as const;

export function writtenAssignees(assigneeRefs: readonly AssigneeRef[]): object[] {
  return assigneeRefs.map(writtenAssignee);
}

function writtenAssignee({ type, id }: AssigneeRef): object {
  return { [ASSIGNEE_FIELDS[type]]: id };
}

export function writtenEscalation(rule: EscalationRule): object {
  const { on, amount, unit, action, respectsWorkingTime } = rule;
  const handovers = rule.handovers.map(({ assignee, time }) =>
    sparse(
      { assignee: writtenAssignee(assignee), time: time && { amount: time.amount, unit: time.unit } },
      ESCALATION_DEFAULTS,
    ),
  );
  const leads = writtenAssignees(rule.leads);
  return sparse({ on, amount, unit, action, handovers, leads, respectsWorkingTime }, ESCALATION_DEFAULTS);
}

export function writtenDueRule({ amount, unit, anchor, taskKey, phaseKey }: DueRule): object {
  return sparse({ amount, unit, anchor, taskKey, phaseKey }, RULE_DEFAULTS);
}

export function writtenSchedule(rule: ScheduleRule): object {
  const { anchor, direction, amount, unit, taskKey, path, entitySchema } = rule;
  return sparse({ anchor, direction, amount, unit, taskKey, path, entitySchema }, RULE_DEFAULTS);
}

function writtenOffset(offset: DateOffset | null): object | null {
  return offset && { amount: offset.amount, unit: offset.unit };
}

function writtenSource(source: StatementSource): object {
  const offset = writtenOffset(source.offset);
  if (source.type === 'ENTITY') {
    const { type, entitySchema, paths, match } = source;
    return sparse({ type, entitySchema, paths, match, offset }, RULE_DEFAULTS);
  }
  const { type, fact, taskKey, phaseKey } = source;
  return sparse({ type, fact, taskKey, phaseKey, offset }, RULE_DEFAULTS);
}

function writtenStatement({ source, operator, values, valueType }: Statement): object {
  return sparse({ source: writtenSource(source), operator, values, valueType }, RULE_DEFAULTS);
}

function writtenBranch({ key, name, isDefault, connective, statements }: BranchDefinition): object {
  return sparse(
    { key, name, isDefault, connective, statements: statements.map(writtenStatement) },
    RULE_DEFAULTS,
  );
}

function writtenLoop({ branchKey, exitBranchKey, maxIterations }: LoopDefinition): object {
  return sparse({ branchKey, exitBranchKey, maxIterations }, RULE_DEFAULTS);
}

export function writtenDecision({ mode, takes, branches, loop }: DecisionDefinition): object {
  return sparse(
    { mode, takes, branches: branches.map(writtenBranch), loop: loop && writtenLoop(loop) },
    RULE_DEFAULTS,
  );
}

export function writtenAutomation({ automationId, mode, inputTaskKey }: AutomationReference): object {
  return sparse({ automationId, mode, inputTaskKey }, RULE_DEFAULTS);
}

export function writtenJourney({ journeyId, completesTask, parameters = [] }: JourneyReference): object {
  const written = parameters.map(({ name, value }) => ({ name, value }));
  return sparse(
    { journeyId, completesTask, ...(written.length > 0 && { parameters: written }) },
    RULE_DEFAULTS,
  );
}

export function writtenConfirmation(rule: ConfirmationRule): object {
  const { mode, to, subject, message } = rule;
  const { amount, unit } = rule.expiresAfter;
  return sparse({ mode, to, subject, message, expiresAfter: { amount, unit } }, RULE_DEFAULTS);
}

export function writtenTrigger(trigger: Trigger): object {
  const { type } = trigger;
  switch (type) {
    case 'MANUAL':
      return sparse({ type, entitySchema: trigger.entitySchema }, RULE_DEFAULTS);
    case 'AUTOMATION':
      return sparse({ type, automationId: trigger.automationId }, RULE_DEFAULTS);
    case 'JOURNEY':
      return sparse({ type, journeyId: trigger.journeyId }, RULE_DEFAULTS);
  }
}

export function writtenSyncRule(rule: EntitySyncRule): object {
  const { event, taskKey, phaseKey, entitySchema, path, source, customValue } = rule;
  return sparse({ event, taskKey, phaseKey, entitySchema, path, source, customValue }, RULE_DEFAULTS);
}
