/** What makes a task a decision, an automation or work for programs, its form, and the ways in which executions come to be. */
import type { DefinitionContent, TaskDefinition, Trigger } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import { externalIssues } from './external.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { unknown, type Keys } from './keys.ts';
import { idIssues } from './ids.ts';
import { journeyIdIssues, journeyReferenceIssues } from './journeys.ts';
import { lengthIssues } from './lengths.ts';
import type { KnownReferences } from './references.ts';
import { nameOfTask, sentence } from './subjects.ts';

export function kindIssues(
  { tasks, triggers }: DefinitionContent,
  keys: Keys,
  known: KnownReferences,
): DefinitionIssue[] {
  return [
    ...tasks.flatMap((task, index) => taskIssues(`tasks[${index}]`, task, keys, known)),
    ...triggers.flatMap((trigger, index) => triggerIssues(`triggers[${index}]`, trigger, known)),
  ];
}

function taskIssues(
  path: string,
  task: TaskDefinition,
  keys: Keys,
  known: KnownReferences,
): DefinitionIssue[] {
  const { type, decision, automation, external, journey } = task;
  const name = sentence(nameOfTask(task));
  const issues: DefinitionIssue[] = [];
  if (type === 'DECISION' && !decision)
    issues.push(
      error('NO_DECISION', `${path}.decision`, `${name} is a decision, but does not say what to decide.`),
    );
  if (type !== 'DECISION' && decision)
    issues.push(mismatch(`${path}.decision`, name, 'branches', 'DECISION'));
  if (type === 'AUTOMATION' && !automation)
    issues.push(
      error(
        'NO_AUTOMATION',
        `${path}.automation`,
        `${name} is an automation, but does not say which one to run.`,
      ),
    );
  if (type !== 'AUTOMATION' && automation)
    issues.push(mismatch(`${path}.automation`, name, 'an automation', 'AUTOMATION'));
  if (type === 'EXTERNAL' && !external)
    issues.push(
      error(
        'NO_TOPIC',
        `${path}.external`,
        `${name} is for workers, but does not say for which: it has no topic.`,
      ),
    );
  if (type !== 'EXTERNAL' && external)
    issues.push(mismatch(`${path}.external`, name, 'something for workers', 'EXTERNAL'));
  if (external) issues.push(...externalIssues(`${path}.external`, external));
  if (automation)
    issues.push(
      ...automationIssues(`${path}.automation.automationId`, automation.automationId, known),
      ...inputIssues(`${path}.automation.inputTaskKey`, automation.inputTaskKey, keys),
    );
  if (journey) issues.push(...journeyReferenceIssues(`${path}.journey`, task, journey, known));
  return issues;
}

function mismatch(path: string, name: string, what: string, type: string): DefinitionIssue {
  return error(
    'TYPE_MISMATCH',
    path,
    `${name} has ${what}, but is no ${type}; change its type or leave them out.`,
  );
}

function inputIssues(path: string, inputTaskKey: string | null, keys: Keys): DefinitionIssue[] {
  if (inputTaskKey === null) return [];
  const input = keys.tasks.get(inputTaskKey);
  if (!input) return [unknown('UNKNOWN_TASK', path, 'task', inputTaskKey)];
  if (input.type === 'AUTOMATION') return [];
  const message = `${sentence(nameOfTask(input))} is no automation, so it gives no entity to work on.`;
  return [error('INVALID_INPUT_TASK', path, message)];
}

function triggerIssues(path: string, trigger: Trigger, known: KnownReferences): DefinitionIssue[] {
  switch (trigger.type) {
    case 'MANUAL':
      return lengthIssues(
        `${path}.entitySchema`,
        'entity schema',
        trigger.entitySchema ?? '',
        LIMITS.nameLength,
      );
    case 'AUTOMATION':
      return automationIssues(`${path}.automationId`, trigger.automationId, known);
    case 'JOURNEY':
      return journeyIdIssues(`${path}.journeyId`, trigger.journeyId, known);
  }
}

/** Null names none and is right. */
function automationIssues(
  path: string,
  id: string | null,
  { automationIds }: KnownReferences,
): DefinitionIssue[] {
  const issues = idIssues('NO_AUTOMATION', path, 'automation', id);
  if (id === null || issues.length > 0 || automationIds.has(id)) return issues;
  return [unknown('UNKNOWN_AUTOMATION', path, 'automation', id)];
}
