/**
 * What can be wrong with a field of a command's input: one set of codes for everything that can be given, whichever part of
 * Handrail looks at it. Codes are stable: clients may depend on them.
 */
export type InputIssueCode =
  // As it stands.
  | 'EMPTY'
  | 'TOO_LONG'
  | 'TOO_MANY'
  | 'TOO_DEEP'
  | 'OUT_OF_RANGE'
  | 'AMBIGUOUS'
  | 'INVALID_CHARACTER'
  | 'INVALID_DATE'
  | 'INVALID_EMAIL'
  | 'INVALID_ID'
  | 'INVALID_JSON'
  | 'INVALID_NUMBER'
  | 'INVALID_TYPE'
  | 'INVALID_VALUE'
  // What it names is not there.
  | 'UNKNOWN_ASSIGNEE'
  | 'UNKNOWN_BRANCH'
  | 'UNKNOWN_FIELD'
  | 'UNKNOWN_PHASE'
  | 'UNKNOWN_REASON'
  | 'UNKNOWN_USER'
  | 'NO_SUCH_EDGE'
  // It does not go with what is there.
  | 'ARCHIVED'
  | 'DUPLICATE_ID'
  | 'NOT_ALLOWED'
  | 'REASON_REQUIRED'
  | 'SELF'
  | 'SINGLE_REASON'
  | 'TAKEN'
  // Instead of those that are too many to be told.
  | 'MORE_ISSUES';
