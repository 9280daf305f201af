/** What is wrong with the content of a definition, all of it at once. */
import type { DefinitionContent } from './definition.ts';
import { flowIssues } from './validation/flow.ts';
import type { DefinitionIssue } from './validation/issue.ts';
import { referenceIssues, type KnownReferences } from './validation/references.ts';
import { sizeIssues } from './validation/sizes.ts';
import { textIssues } from './validation/texts.ts';

/**
 * Answers every issue of `content`; empty if there is none. Without an ERROR the content can be published and started,
 * and each of its tasks can be finished in some order. `references` are the ids that exist in the organization. Takes
 * time about linear in the size of the content.
 */
export function validateDefinition(
  content: DefinitionContent,
  references: KnownReferences,
): DefinitionIssue[] {
  const sizes = sizeIssues(content);
  const issues = [...textIssues(content), ...sizes, ...referenceIssues(content, references)];
  // Beyond the hard limits the flow is not looked at: it could take arbitrarily long, and can't be published anyway.
  const isTooBig = sizes.some(({ severity, code }) => severity === 'ERROR' && code === 'TOO_MANY');
  return isTooBig ? issues : [...issues, ...flowIssues(content)];
}
