/** What is wrong with an automation in its organization. */
import type { AutomationIssue } from '../commands/automation-issue.ts';
import { readUsable } from '../store/automation-references.ts';
import type { Queryable } from '../store/statement.ts';
import type { AutomationContent } from './content.ts';
import { automationReferences, validateAutomation } from './validation.ts';

/** Everything that is wrong with the contents, by themselves and in the organization: for each its issues. One statement for all. */
export async function issuesOfAutomations(
  db: Queryable,
  organizationId: string,
  contents: readonly AutomationContent[],
): Promise<(readonly AutomationIssue[])[]> {
  const usable = await readUsable(db, organizationId, contents.flatMap(automationReferences));
  const known = new Set(usable.map(({ kind, id }) => `${kind}:${id}`));
  return contents.map((content) => validateAutomation(content, (kind, id) => known.has(`${kind}:${id}`)));
}

/** The same of one content. */
export async function automationIssues(
  db: Queryable,
  organizationId: string,
  content: AutomationContent,
): Promise<readonly AutomationIssue[]> {
  const [issues = []] = await issuesOfAutomations(db, organizationId, [content]);
  return issues;
}
