/** The forms of tasks and triggers, and what forms are opened with. */
import { parsePath, parsePlainPath } from '../condition/path.ts';
import type { JourneyReference, TaskDefinition } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import { idIssues } from './ids.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { unknown } from './keys.ts';
import { lengthIssues } from './lengths.ts';
import type { KnownReferences } from './references.ts';
import { nameOfTask, sentence } from './subjects.ts';

/** What variables of parameters begin with. */
export const PARAMETER_ROOTS = [
  'entity',
  'entityId',
  'entityTitle',
  'entitySchema',
  'execution',
  'task',
  'organization',
] as const;

const ROOTS: ReadonlySet<string> = new Set(PARAMETER_ROOTS);

/** Null names none and is right. */
export function journeyIdIssues(
  path: string,
  id: string | null,
  { journeyIds }: KnownReferences,
): DefinitionIssue[] {
  const issues = idIssues('NO_JOURNEY', path, 'journey', id);
  if (id === null || issues.length > 0 || journeyIds.has(id)) return issues;
  return [unknown('UNKNOWN_JOURNEY', path, 'journey', id)];
}

/** Of the form of a task. */
export function journeyReferenceIssues(
  path: string,
  task: TaskDefinition,
  { journeyId, completesTask, parameters = [] }: JourneyReference,
  known: KnownReferences,
): DefinitionIssue[] {
  const issues = journeyIdIssues(`${path}.journeyId`, journeyId, known);
  if (completesTask && task.type === 'DECISION') {
    const message = `${sentence(nameOfTask(task))} is a decision: it is taken, not completed, so no form can complete it.`;
    issues.push(error('TYPE_MISMATCH', `${path}.completesTask`, message));
  }
  const most = LIMITS.journeyParameters.hard;
  if (parameters.length > most) {
    const message = `There are ${parameters.length} parameters; at most ${most} are possible.`;
    return [...issues, error('TOO_MANY', `${path}.parameters`, message)];
  }
  const names = new Set<string>();
  parameters.forEach(({ name, value }, index) => {
    const at = `${path}.parameters[${index}]`;
    if (parsePlainPath(name) === null)
      issues.push(
        error('INVALID_PATH', `${at}.name`, `${JSON.stringify(name)} is no path of names: customer.zip.`),
      );
    else if (names.has(name))
      issues.push(error('DUPLICATE_KEY', `${at}.name`, `The form is given ${JSON.stringify(name)} twice.`));
    names.add(name);
    issues.push(
      ...lengthIssues(`${at}.value`, 'value', value, LIMITS.valueLength),
      ...variableIssues(`${at}.value`, value),
    );
  });
  return issues;
}

function variableIssues(path: string, text: string): DefinitionIssue[] {
  return Array.from(text.matchAll(/\{\{([^{}]*)\}\}/g), ([, variable = '']) => variable.trim()).flatMap(
    (variable) => {
      const [root] = parsePath(variable) ?? [];
      if (root?.type === 'NAME' && ROOTS.has(root.name)) return [];
      const message = `{{${variable}}} is no variable; they begin with ${PARAMETER_ROOTS.join(', ')}: {{entity.customer.zip}}.`;
      return [error('INVALID_VARIABLE', path, message)];
    },
  );
}
