/** What is wrong with the content of an automation, all of it at once. */
import type { AutomationIssue, AutomationIssueCode } from '../commands/automation-issue.ts';
import { LIMITS } from '../engine/limits.ts';
import type { ActionReference, ActionType } from './action-type.ts';
import type { ActionDefinition, AutomationContent } from './content.ts';
import { actionType } from './registry.ts';
import { checkConfig } from './validation/configs.ts';
import { error, firstIssues, textIssues, warning } from './validation/issue.ts';
import { triggerIssues } from './validation/triggers.ts';
import { variableIssues, type NamedActions } from './validation/variables.ts';

/** Whether the organization has something, and an automation may name it. */
export type IsUsable = (kind: ActionReference['kind'], id: string) => boolean;

/** The bounds of one automation. */
export const AUTOMATION_LIMITS = {
  actions: 50,
  triggers: 20,
  /** Of the content as JSON. */
  bytes: 256 * 1024,
  runs: 10_000,
  seconds: 86_400,
} as const;

const KEY = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** The code for what is not there, and what people call it. */
const MISSING: Readonly<Record<ActionReference['kind'], readonly [AutomationIssueCode, string]>> = {
  DEFINITION: ['UNKNOWN_DEFINITION', 'workflow that is not archived'],
  ENDPOINT: ['UNKNOWN_ENDPOINT', 'webhook endpoint'],
  USER: ['UNKNOWN_USER', 'active user'],
  TEAM: ['UNKNOWN_TEAM', 'team'],
  CLOSING_REASON: ['UNKNOWN_CLOSING_REASON', 'active closing reason'],
  JOURNEY: ['UNKNOWN_JOURNEY', 'journey that is not archived'],
};

/**
 * Answers the issues of the content: all of them, unless there are more than a hundred; empty if there is none. Without an ERROR it can be
 * published and run.
 */
export function validateAutomation(
  content: AutomationContent,
  isUsable: IsUsable,
): readonly AutomationIssue[] {
  const sizes = sizeIssues(content);
  // Beyond the limits nothing else is looked at: it could be of any size, and can't be published anyway.
  if (sizes.length > 0) return sizes;
  return firstIssues([
    ...textsOf(content),
    ...content.triggers.flatMap((trigger, index) => triggerIssues(`triggers[${index}]`, trigger)),
    ...limitIssues(content),
    ...content.actions.flatMap((action, index) => actionIssues(content, action, index)),
    ...automationReferences(content).flatMap(({ kind, id, path }) => {
      const [code, what] = MISSING[kind];
      return isUsable(kind, id) ? [] : [error(code, path, `There is no such ${what}.`)];
    }),
  ]);
}

/** Everything in the organization that the triggers and the well-formed configs name, of an automation within the limits; `path` is where in the content. */
export function automationReferences(content: AutomationContent): ActionReference[] {
  if (sizeIssues(content).length > 0) return [];
  const { triggers, actions } = content;
  const ofTriggers = triggers.flatMap((trigger, index): ActionReference[] => {
    if (trigger.type === 'EXECUTION_EVENT' && trigger.definitionId !== null)
      return [{ kind: 'DEFINITION', id: trigger.definitionId, path: `triggers[${index}].definitionId` }];
    if (trigger.type === 'JOURNEY_SUBMITTED' && trigger.journeyId !== null)
      return [{ kind: 'JOURNEY', id: trigger.journeyId, path: `triggers[${index}].journeyId` }];
    return [];
  });
  const ofActions = actions.flatMap((action, index) => {
    const known = readConfig(action, index);
    if (!known) return [];
    return known.type
      .references(known.config)
      .map(({ kind, id, path }) => ({ kind, id, path: `actions[${index}].config.${path}` }));
  });
  return [...ofTriggers, ...ofActions];
}

function readConfig(
  action: ActionDefinition,
  index: number,
): { readonly type: ActionType; readonly config: unknown } | null {
  const type = actionType(action.type);
  if (!type) return null;
  const checked = checkConfig(`actions[${index}]`, action, type);
  return checked.ok ? { type, config: checked.config } : null;
}

function sizeIssues(content: AutomationContent): AutomationIssue[] {
  const issues: AutomationIssue[] = [];
  for (const list of ['actions', 'triggers'] as const) {
    const [count, most] = [content[list].length, AUTOMATION_LIMITS[list]];
    if (count > most)
      issues.push(error('TOO_MANY', list, `There are ${count} ${list}; at most ${most} are possible.`));
  }
  const bytes = Buffer.byteLength(JSON.stringify(content));
  const most = AUTOMATION_LIMITS.bytes;
  if (bytes > most)
    issues.push(
      error('TEXT_TOO_LONG', '', `The automation has ${bytes} bytes as JSON; at most ${most} are possible.`),
    );
  return issues;
}

function textsOf({ name, description, triggers, actions }: AutomationContent): AutomationIssue[] {
  const issues = textIssues('name', 'name', name, LIMITS.nameLength.hard);
  if (name.trim() === '') issues.push(error('NO_NAME', 'name', 'The automation has no name.'));
  issues.push(...textIssues('description', 'description', description ?? '', LIMITS.descriptionLength.hard));
  if (actions.length === 0)
    issues.push(error('NO_ACTIONS', 'actions', 'The automation does nothing; it needs an action.'));
  if (triggers.length === 0)
    issues.push(
      warning(
        'NO_TRIGGER',
        'triggers',
        'Nothing sets the automation off; only tasks of workflows can run it.',
      ),
    );
  return issues;
}

function limitIssues({ limit }: AutomationContent): AutomationIssue[] {
  if (!limit) return [];
  return (['runs', 'seconds'] as const).flatMap((field) => {
    const [value, most] = [limit[field], AUTOMATION_LIMITS[field]];
    if (Number.isInteger(value) && value >= 1 && value <= most) return [];
    const message = `A limit is a whole number of ${field} from 1 to ${most}, not ${value}.`;
    return [error('INVALID_LIMIT', `limit.${field}`, message)];
  });
}

function actionIssues(
  { actions }: AutomationContent,
  action: ActionDefinition,
  index: number,
): AutomationIssue[] {
  const path = `actions[${index}]`;
  const issues = [
    ...keyIssues(path, action, actions.slice(0, index)),
    ...textIssues(`${path}.name`, 'name', action.name, LIMITS.nameLength.hard),
  ];
  if (action.name.trim() === '') issues.push(error('NO_NAME', `${path}.name`, 'The action has no name.'));
  const type = actionType(action.type);
  if (!type) {
    const message = `There is no type of actions ${JSON.stringify(action.type)}.`;
    return [...issues, error('UNKNOWN_ACTION_TYPE', `${path}.type`, message)];
  }
  const checked = checkConfig(path, action, type);
  if (!checked.ok) return [...issues, ...checked.issues];
  const named = namedActions(actions, index);
  const source = type.sourceOf?.(checked.config) ?? null;
  return [
    ...issues,
    ...sourceIssues(`${path}.config.onEntityOf`, source, actions.slice(0, index)),
    ...type
      .templates(checked.config)
      .flatMap(({ path: at, text }) => variableIssues(`${path}.config.${at}`, text, named)),
  ];
}

function keyIssues(
  path: string,
  { key }: ActionDefinition,
  before: readonly ActionDefinition[],
): AutomationIssue[] {
  if (!KEY.test(key)) {
    const message = `${JSON.stringify(key)} is no key: a letter, then letters, digits, - and _, at most 63 in all.`;
    return [error('INVALID_KEY', `${path}.key`, message)];
  }
  const at = before.findIndex((other) => other.key === key);
  if (at < 0) return [];
  const message = `The key ${JSON.stringify(key)} is used by actions[${at}] already.`;
  return [error('DUPLICATE_KEY', `${path}.key`, message)];
}

/** Of what comes from outside nothing may say which entity is changed. */
function sourceIssues(
  path: string,
  key: string | null,
  before: readonly ActionDefinition[],
): AutomationIssue[] {
  const isSource = (action: ActionDefinition): boolean =>
    action.key === key && (actionType(action.type)?.isOnEntity ?? false);
  if (key === null || before.some(isSource)) return [];
  const message = `${JSON.stringify(key)} is no earlier action that makes or changes an entity.`;
  return [error('UNKNOWN_VARIABLE', path, message)];
}

function namedActions(actions: readonly ActionDefinition[], index: number): NamedActions {
  const isWaiting = ({ type }: ActionDefinition): boolean => actionType(type)?.retry === 'WAITING';
  return {
    earlier: new Set(actions.slice(0, index).map(({ key }) => key)),
    waiting: new Set(actions.filter(isWaiting).map(({ key }) => key)),
  };
}
