/** Making issues of automations. */
import type { AutomationIssue, AutomationIssueCode } from '../../commands/automation-issue.ts';
import { isUnstorable } from '../../engine/text.ts';

export function error(code: AutomationIssueCode, path: string, message: string): AutomationIssue {
  return { severity: 'ERROR', code, path, message };
}

export function warning(code: AutomationIssueCode, path: string, message: string): AutomationIssue {
  return { severity: 'WARNING', code, path, message };
}

/** Of one text. `what` is what people call it: "name". */
export function textIssues(path: string, what: string, text: string, longest: number): AutomationIssue[] {
  if (isUnstorable(text))
    return [error('INVALID_TEXT', path, `The ${what} holds a character that can't be stored.`)];
  if (text.length <= longest) return [];
  const message = `The ${what} has ${text.length} characters; at most ${longest} are possible.`;
  return [error('TEXT_TOO_LONG', path, message)];
}

/** More issues than this of one automation help nobody, and would make an answer of any length. */
const MAX_ISSUES = 100;

/** A hundred issues at most; if there are more, errors come first and the last one says how many are left out. */
export function firstIssues(issues: readonly AutomationIssue[]): readonly AutomationIssue[] {
  if (issues.length <= MAX_ISSUES) return issues;
  const isError = ({ severity }: AutomationIssue): boolean => severity === 'ERROR';
  const sorted = [...issues.filter(isError), ...issues.filter((issue) => !isError(issue))];
  const left = sorted.slice(MAX_ISSUES - 1);
  const more = left.some(isError) ? error : warning;
  return [
    ...sorted.slice(0, MAX_ISSUES - 1),
    more('MORE_ISSUES', '', `There are ${left.length} more issues.`),
  ];
}
