/** One thing that is wrong with a definition. */

/** Every code that validation knows. Codes are stable: clients may depend on them. */
export const DEFINITION_ISSUE_CODES = [
  'BRANCH_NEVER_MET',
  'BRANCH_WITHOUT_DECISION',
  'CIRCULAR_REQUIREMENTS',
  'CYCLE',
  'DUE_RULE_NEVER_MET',
  'DUPLICATE_AUDIENCE',
  'DUPLICATE_EDGE',
  'DUPLICATE_KEY',
  'DUPLICATE_REQUIREMENT',
  'EDGE_FROM_EMPTY_PHASE',
  'EMPTY_KEY',
  'EMPTY_NAME',
  'EMPTY_PHASE',
  'INVALID_CHARACTER',
  'INVALID_DATE',
  'INVALID_INPUT_TASK',
  'INVALID_MAILBOX',
  'INVALID_PATH',
  'INVALID_VARIABLE',
  'LOOP_EXIT_LEADS_BACK',
  'LOOP_IS_EXIT',
  'LOOP_NOT_BACK',
  'LOOP_WITHOUT_EDGE',
  'MISSING_VALUE',
  'MORE_ISSUES',
  'NOT_A_TASK',
  'NO_AUTOMATION',
  'NO_BRANCHES',
  'NO_DATE_COMPARED',
  'NO_DECISION',
  'NO_DEFAULT_BRANCH',
  'NO_DUE_DATE',
  'NO_JOURNEY',
  'NO_RECIPIENT',
  'NO_SYNC_TARGET',
  'NO_TASKS',
  'NO_TOPIC',
  'NO_TRIGGER',
  'OUT_OF_RANGE',
  'REQUIREMENT_NEVER_MET',
  'SCHEDULE_NEVER_MET',
  'SELF_EDGE',
  'SELF_REQUIREMENT',
  'TOO_LONG',
  'TOO_MANY',
  'TWO_DEFAULT_BRANCHES',
  'TWO_DUE_DATES',
  'TYPE_MISMATCH',
  'UNEXPECTED_VALUE',
  'UNKNOWN_AUTOMATION',
  'UNKNOWN_BRANCH',
  'UNKNOWN_CLOSING_REASON',
  'UNKNOWN_JOURNEY',
  'UNKNOWN_PHASE',
  'UNKNOWN_RELATIVE_DATE',
  'UNKNOWN_TASK',
  'UNKNOWN_TEAM',
  'UNKNOWN_USER',
  'UNREACHABLE_TASK',
] as const;

export type DefinitionIssueCode = (typeof DEFINITION_ISSUE_CODES)[number];

/** An ERROR keeps a definition from being published; a WARNING does not. */
export type IssueSeverity = 'ERROR' | 'WARNING';

export interface DefinitionIssue {
  readonly severity: IssueSeverity;
  readonly code: DefinitionIssueCode;
  /** Where in the content: `tasks[3].requirements[0]`, `phases[1].key`, `name`. */
  readonly path: string;
  /** For people, in English. */
  readonly message: string;
}

export function error(code: DefinitionIssueCode, path: string, message: string): DefinitionIssue {
  return { severity: 'ERROR', code, path, message };
}

export function warning(code: DefinitionIssueCode, path: string, message: string): DefinitionIssue {
  return { severity: 'WARNING', code, path, message };
}

/** More issues than this of one definition help nobody, and would make an answer of any length. */
const MAX_ISSUES = 100;

/** A hundred issues at most; if there are more, errors come first and the last one says how many are left out. */
export function firstIssues(issues: readonly DefinitionIssue[]): readonly DefinitionIssue[] {
  if (issues.length <= MAX_ISSUES) return issues;
  const isError = ({ severity }: DefinitionIssue): boolean => severity === 'ERROR';
  const sorted = [...issues.filter(isError), ...issues.filter((issue) => !isError(issue))];
  const left = sorted.slice(MAX_ISSUES - 1);
  const more = left.some(isError) ? error : warning;
  return [
    ...sorted.slice(0, MAX_ISSUES - 1),
    more('MORE_ISSUES', '', `There are ${left.length} more issues.`),
  ];
}
