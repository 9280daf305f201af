/** What is wrong with the content of a definition, all of it at once. */
import type { DefinitionContent } from './definition.ts';
import { confirmationIssues } from './validation/confirmations.ts';
import { decisionIssues } from './validation/decisions.ts';
import { syncIssues } from './validation/entity-sync.ts';
import { escalationIssues } from './validation/escalations.ts';
import { flowIssues } from './validation/flow.ts';
import { firstIssues, type DefinitionIssue } from './validation/issue.ts';
import { keysOf } from './validation/keys.ts';
import { kindIssues } from './validation/kinds.ts';
import { referenceIssues, type KnownReferences } from './validation/references.ts';
import { partSizeIssues, totalIssues } from './validation/sizes.ts';
import { textIssues } from './validation/texts.ts';
import { timeIssues } from './validation/times.ts';

/**
 * Answers the issues of `content`: all of them, unless there are more than a hundred; empty if there is none. Without an ERROR
 * the content can be published and started, and each of its tasks can be finished in some order. `references` are the ids
 * that exist in the organization. Takes time about linear in the size of the content.
 */
export function validateDefinition(
  content: DefinitionContent,
  references: KnownReferences,
): readonly DefinitionIssue[] {
  const totals = totalIssues(content);
  // Beyond the hard limits nothing else is looked at: it could be of any size, and can't be published anyway.
  if (totals.some(isError)) return totals;
  const keys = keysOf(content);
  const issues = [
    ...textIssues(content),
    ...totals,
    ...partSizeIssues(content),
    ...referenceIssues(content, keys, references),
    ...kindIssues(content, keys, references),
    ...decisionIssues(content, keys),
    ...timeIssues(content, keys),
    ...confirmationIssues(content),
    ...escalationIssues(content, references),
    ...syncIssues(content, keys),
  ];
  // With too many requirements or branches the flow could take arbitrarily long.
  const isTooBig = issues.some((issue) => isError(issue) && issue.code === 'TOO_MANY');
  return firstIssues(isTooBig ? issues : [...issues, ...flowIssues(content, keys)]);
}

function isError({ severity }: DefinitionIssue): boolean {
  return severity === 'ERROR';
}
