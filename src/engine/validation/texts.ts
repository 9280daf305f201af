/** Names, keys, descriptions, labels and dates: what each of them says on its own. */
import type { AudienceText, DefinitionContent, Instant } from '../definition.ts';
import { isInstant } from '../instant.ts';
import { LIMITS } from '../limits.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { keyIssues, repeatedKeys } from './keys.ts';
import { lengthIssues } from './lengths.ts';
import { partsOf, sentence, type Part } from './subjects.ts';

export function textIssues(content: DefinitionContent): DefinitionIssue[] {
  return [
    ...partsOf(content).flatMap(partIssues),
    ...repeatedKeys('phases', content.phases),
    ...repeatedKeys('tasks', content.tasks),
  ];
}

function partIssues(part: Part): DefinitionIssue[] {
  const { path, name, content } = part;
  return [
    ...nameIssues(part),
    ...('key' in content ? keyIssues(`${path}key`, sentence(name), content.key) : []),
    ...('description' in content ? descriptionIssues(`${path}description`, content.description) : []),
    ...dateIssues(`${path}dueAt`, content.dueAt),
    ...content.labels.flatMap((label, index) =>
      lengthIssues(`${path}labels[${index}]`, 'label', label, LIMITS.labelLength),
    ),
    ...('audienceTexts' in content ? audienceIssues(path, content.audienceTexts) : []),
  ];
}

function nameIssues({ path, name, content }: Part): DefinitionIssue[] {
  if (content.name.trim() === '')
    return [error('EMPTY_NAME', `${path}name`, `${sentence(name)} has no name.`)];
  return lengthIssues(`${path}name`, 'name', content.name, LIMITS.nameLength);
}

function descriptionIssues(path: string, description: string | null): DefinitionIssue[] {
  return lengthIssues(path, 'description', description ?? '', LIMITS.descriptionLength);
}

function audienceIssues(path: string, texts: readonly AudienceText[]): DefinitionIssue[] {
  const seen = new Set<string>();
  return texts.flatMap(({ audience, label, description }, index) => {
    const at = `${path}audienceTexts[${index}]`;
    const issues = [
      ...lengthIssues(`${at}.label`, 'label', label, LIMITS.nameLength),
      ...descriptionIssues(`${at}.description`, description),
    ];
    if (seen.has(audience))
      issues.push(error('DUPLICATE_AUDIENCE', at, `There is a text for the audience ${audience} already.`));
    seen.add(audience);
    return issues;
  });
}

function dateIssues(path: string, dueAt: Instant | null): DefinitionIssue[] {
  if (dueAt === null || isInstant(dueAt)) return [];
  return [
    error(
      'INVALID_DATE',
      path,
      `${JSON.stringify(dueAt)} is no date and time such as "2026-11-23T08:30:00.000Z".`,
    ),
  ];
}
