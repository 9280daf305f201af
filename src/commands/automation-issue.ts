/** What is wrong with an automation. */

/** Stable: clients may depend on them. */
export const AUTOMATION_ISSUE_CODES = [
  'NO_NAME',
  'NO_ACTIONS',
  'NO_TRIGGER',
  'TEXT_TOO_LONG',
  'INVALID_TEXT',
  'TOO_MANY',
  'DUPLICATE_KEY',
  'INVALID_KEY',
  'INVALID_CONFIG',
  'INVALID_PATH',
  'INVALID_TRIGGER',
  'INVALID_LIMIT',
  'UNKNOWN_ACTION_TYPE',
  'UNKNOWN_VARIABLE',
  'UNKNOWN_DEFINITION',
  'UNKNOWN_ENDPOINT',
  'UNKNOWN_USER',
  'UNKNOWN_TEAM',
  'UNKNOWN_CLOSING_REASON',
  'UNKNOWN_JOURNEY',
  'MORE_ISSUES',
] as const;

export type AutomationIssueCode = (typeof AUTOMATION_ISSUE_CODES)[number];

/** One thing that is wrong. An ERROR keeps the automation from being published. */
export interface AutomationIssue {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: AutomationIssueCode;
  /** Which part of the content: `actions[2].config.url`. */
  readonly path: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}
