/** What sets an automation off: each trigger on its own. */
import type { AutomationIssue } from '../../commands/automation-issue.ts';
import { SCHEMA_NAME } from '../../commands/entities.ts';
import { LIMITS } from '../../engine/limits.ts';
import { pathIssues } from '../../engine/validation/attribute-path.ts';
import type { DefinitionIssue } from '../../engine/validation/issue.ts';
import { statementIssues } from '../../engine/validation/statements.ts';
import type { AutomationTrigger, TriggerFilter } from '../content.ts';
import { TRIGGERING_EVENTS } from '../triggering-events.ts';
import { error, textIssues } from './issue.ts';

const EVENTS: ReadonlySet<string> = new Set(TRIGGERING_EVENTS);

/** A filter asks about entities only, so there are no tasks or phases to name. */
const NO_KEYS = { tasks: new Map(), phases: new Map() };

const invalid = (path: string, message: string): AutomationIssue => error('INVALID_TRIGGER', path, message);

export function triggerIssues(path: string, trigger: AutomationTrigger): AutomationIssue[] {
  switch (trigger.type) {
    case 'API':
      return [];
    case 'MANUAL':
      return schemaIssues(path, trigger.entitySchema);
    case 'JOURNEY_SUBMITTED':
      return filterIssues(`${path}.filter`, trigger.filter);
    case 'EXECUTION_EVENT':
      return [...eventIssues(path, trigger), ...filterIssues(`${path}.filter`, trigger.filter)];
    default:
      return [
        ...schemaIssues(path, trigger.entitySchema),
        ...attributeIssues(path, trigger),
        ...filterIssues(`${path}.filter`, trigger.filter),
      ];
  }
}

function schemaIssues(path: string, schema: string | null): AutomationIssue[] {
  if (schema === null || (schema.length <= 63 && SCHEMA_NAME.test(schema))) return [];
  const message =
    'The entity schema is lower-case letters, digits, - and _, a letter first, at most 63: opportunity, service_order.';
  return [invalid(`${path}.entitySchema`, message)];
}

type EntityTrigger = Extract<AutomationTrigger, { readonly type: `ENTITY_${string}` }>;

function attributeIssues(path: string, { type, paths }: EntityTrigger): AutomationIssue[] {
  const at = `${path}.paths`;
  if (type !== 'ENTITY_UPDATED')
    return paths.length === 0 ? [] : [invalid(at, `A trigger of type ${type} takes no paths.`)];
  if (paths.length > LIMITS.paths.hard)
    return [
      error('TOO_MANY', at, `There are ${paths.length} paths; at most ${LIMITS.paths.hard} are possible.`),
    ];
  return paths.flatMap((text, index) => taken(pathIssues(`${at}[${index}]`, text)));
}

type ExecutionTrigger = Extract<AutomationTrigger, { readonly type: 'EXECUTION_EVENT' }>;

function eventIssues(path: string, { eventTypes, taskKey }: ExecutionTrigger): AutomationIssue[] {
  const at = `${path}.eventTypes`;
  const issues: AutomationIssue[] = [];
  if (eventTypes.length === 0) issues.push(invalid(at, 'The trigger names no event; it needs one.'));
  eventTypes.forEach((type, index) => {
    if (!EVENTS.has(type))
      issues.push(
        invalid(`${at}[${index}]`, `${JSON.stringify(type)} is no event that sets automations off.`),
      );
    else if (eventTypes.indexOf(type) < index)
      issues.push(invalid(`${at}[${index}]`, `The trigger names ${type} twice.`));
  });
  if (taskKey === null) return issues;
  const other = eventTypes.find((type) => !type.startsWith('TASK_'));
  if (other !== undefined)
    issues.push(
      invalid(
        `${path}.taskKey`,
        `${other} is about no task; leave taskKey out, or name only events of tasks.`,
      ),
    );
  if (taskKey.trim() === '') issues.push(invalid(`${path}.taskKey`, 'The task’s key is empty.'));
  return [...issues, ...textIssues(`${path}.taskKey`, 'key', taskKey, LIMITS.keyLength.hard)];
}

function filterIssues(path: string, { statements }: TriggerFilter): AutomationIssue[] {
  const at = `${path}.statements`;
  const most = LIMITS.statements.hard;
  if (statements.length > most)
    return [
      error('TOO_MANY', at, `There are ${statements.length} statements; at most ${most} are possible.`),
    ];
  return statements.flatMap((statement, index) => {
    const here = `${at}[${index}]`;
    if (statement.source.type === 'EXECUTION')
      return [invalid(`${here}.source`, 'A filter asks about the entity, not about the execution.')];
    return taken(statementIssues(here, statement, NO_KEYS));
  });
}

/** The engine's issues as ours. */
function taken(issues: readonly DefinitionIssue[]): AutomationIssue[] {
  return issues.map(({ code, ...issue }) => ({
    ...issue,
    code: code === 'INVALID_PATH' ? code : 'INVALID_TRIGGER',
  }));
}
