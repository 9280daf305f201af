/** What makes a task a decision or an automation, its form, and the ways in which executions come to be. */
import type { DefinitionContent, TaskDefinition, Trigger } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { unknown, type Keys } from './keys.ts';
import { lengthIssues } from './lengths.ts';
import { nameOfTask, sentence } from './subjects.ts';

export function kindIssues({ tasks, triggers }: DefinitionContent, keys: Keys): DefinitionIssue[] {
  return [
    ...tasks.flatMap((task, index) => taskIssues(`tasks[${index}]`, task, keys)),
    ...triggers.flatMap((trigger, index) => triggerIssues(`triggers[${index}]`, trigger)),
  ];
}

function taskIssues(path: string, task: TaskDefinition, keys: Keys): DefinitionIssue[] {
  const { type, decision, automation, journey } = task;
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
  if (automation)
    issues.push(
      ...idIssues('NO_AUTOMATION', `${path}.automation.automationId`, 'automation', automation.automationId),
      ...inputIssues(`${path}.automation.inputTaskKey`, automation.inputTaskKey, keys),
    );
  if (journey)
    issues.push(...idIssues('NO_JOURNEY', `${path}.journey.journeyId`, 'journey', journey.journeyId));
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

function triggerIssues(path: string, trigger: Trigger): DefinitionIssue[] {
  switch (trigger.type) {
    case 'MANUAL':
      return lengthIssues(
        `${path}.entitySchema`,
        'entity schema',
        trigger.entitySchema ?? '',
        LIMITS.nameLength,
      );
    case 'AUTOMATION':
      return idIssues('NO_AUTOMATION', `${path}.automationId`, 'automation', trigger.automationId);
    case 'JOURNEY':
      return idIssues('NO_JOURNEY', `${path}.journeyId`, 'journey', trigger.journeyId);
  }
}

/** Of an id whose catalogue is not looked into; null names none and is right. */
function idIssues(
  code: 'NO_AUTOMATION' | 'NO_JOURNEY',
  path: string,
  what: string,
  id: string | null,
): DefinitionIssue[] {
  if (id === null) return [];
  if (id.trim() === '') return [error(code, path, `The ${what}'s id is empty.`)];
  return lengthIssues(path, 'id', id, LIMITS.idLength);
}
