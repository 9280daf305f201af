/** Names, keys, descriptions, labels and dates: what each of them says on its own. */
import type { AudienceText, DefinitionContent, Instant } from '../definition.ts';
import { isInstant } from '../instant.ts';
import { LIMITS, type Limit } from '../limits.ts';
import { isUnstorable } from '../text.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';
import { partsOf, sentence, type Part } from './subjects.ts';

export function textIssues(content: DefinitionContent): DefinitionIssue[] {
  return [
    ...partsOf(content).flatMap(partIssues),
    ...repeatedKeys('phases', content.phases),
    ...repeatedKeys('tasks', content.tasks),
    ...content.triggers.flatMap(({ entitySchema }, index) =>
      lengthIssues(`triggers[${index}].entitySchema`, 'entity schema', entitySchema ?? '', LIMITS.nameLength),
    ),
  ];
}

function partIssues(part: Part): DefinitionIssue[] {
  const { path, content } = part;
  return [
    ...nameIssues(part),
    ...('key' in content ? keyIssues(part, content.key) : []),
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

function keyIssues({ path, name }: Part, key: string): DefinitionIssue[] {
  if (key === '') return [error('EMPTY_KEY', `${path}key`, `${sentence(name)} has no key.`)];
  return lengthIssues(`${path}key`, 'key', key, LIMITS.keyLength);
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

function repeatedKeys(
  path: 'phases' | 'tasks',
  items: readonly { readonly key: string }[],
): DefinitionIssue[] {
  const first = new Map<string, number>();
  const issues: DefinitionIssue[] = [];
  items.forEach(({ key }, index) => {
    const at = first.get(key);
    if (at === undefined) first.set(key, index);
    else
      issues.push(
        error(
          'DUPLICATE_KEY',
          `${path}[${index}].key`,
          `The key ${JSON.stringify(key)} is used by ${path}[${at}] already.`,
        ),
      );
  });
  return issues;
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

function lengthIssues(path: string, what: string, text: string, { soft, hard }: Limit): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  if (isUnstorable(text))
    issues.push(error('INVALID_CHARACTER', path, `The ${what} holds a character that can't be stored.`));
  const length = `The ${what} has ${text.length} characters`;
  if (text.length > hard) issues.push(error('TOO_LONG', path, `${length}; at most ${hard} are possible.`));
  else if (text.length > soft)
    issues.push(
      warning(
        'TOO_LONG',
        path,
        `${length}; more than ${soft} are hard to read (at most ${hard} are possible).`,
      ),
    );
  return issues;
}
