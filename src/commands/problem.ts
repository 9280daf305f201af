/** Why a command was refused: every reason there is, as a value with its data. Nothing has changed when one is answered. */
import type { InputIssueCode } from '../engine/input-issue-code.ts';
import type { InputIssue, Problem as EngineProblem } from '../engine/result.ts';
import type { DefinitionIssue } from '../engine/validation/issue.ts';

/** The objects that a command can look for in vain, or meet in another version than expected. */
export type ObjectType =
  | 'User'
  | 'Team'
  | 'Entity'
  | 'ClosingReason'
  | 'WorkflowDefinition'
  | 'DefinitionVersion'
  | 'WorkflowExecution'
  | 'Task'
  | 'Note'
  | 'Organization';

/** Why a definition can't be started on an entity. */
export type NotStartableReason =
  'NOT_PUBLISHED' | 'DISABLED' | 'ARCHIVED' | 'NO_MANUAL_TRIGGER' | 'ENTITY_SCHEMA_MISMATCH';

type OfCommands =
  | { readonly code: 'NOT_FOUND'; readonly what: ObjectType; readonly id: string }
  | {
      readonly code: 'VERSION_CONFLICT';
      readonly what: ObjectType;
      readonly id: string;
      readonly currentVersion: number;
    }
  | { readonly code: 'FORBIDDEN'; readonly message: string }
  | { readonly code: 'IDEMPOTENCY_CONFLICT'; readonly idempotencyKey: string }
  | { readonly code: 'DEFINITION_INVALID'; readonly issues: readonly DefinitionIssue[] }
  | {
      readonly code: 'DEFINITION_NOT_STARTABLE';
      readonly definitionId: string;
      readonly reason: NotStartableReason;
    };

/** The engine's own, in the terms of the API where they differ. */
type OfEngine = Exclude<EngineProblem, { code: 'NOT_FOUND' | 'VERSION_CONFLICT' }>;

export type Problem = OfEngine | OfCommands;
export type ProblemCode = Problem['code'];

/** Carries a problem out of a transaction, which is thereby rolled back. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = 'Refusal';
    this.problem = problem;
  }
}

/** More issues than this about one input help nobody, and would make an answer of any length. */
const MAX_ISSUES = 100;

/** A hundred issues at most; if there are more, the last one says how many are left out. */
function firstIssues(issues: readonly InputIssue[]): readonly InputIssue[] {
  if (issues.length <= MAX_ISSUES) return issues;
  const told = issues.slice(0, MAX_ISSUES - 1);
  const message = `There are ${issues.length - told.length} more issues.`;
  return [...told, { path: '', code: 'MORE_ISSUES', message }];
}

/** Throws the refusal of a command; only inside `execute`. */
export function refuse(problem: Problem): never {
  throw new Refusal(
    problem.code === 'INVALID_INPUT' ? { ...problem, issues: firstIssues(problem.issues) } : problem,
  );
}

/** Refuses the input if there is something wrong with it. */
export function refuseIssues(issues: readonly InputIssue[]): void {
  if (issues.length > 0) refuse({ code: 'INVALID_INPUT', issues });
}

/** Refuses one field of the input. `path` names it: `assignees[2]`. */
export function refuseInput(path: string, code: InputIssueCode, message: string): never {
  return refuse({ code: 'INVALID_INPUT', issues: [{ path, code, message }] });
}

/** The engine's problem in the terms of the commands. */
export function fromEngine(problem: EngineProblem): Problem {
  if (problem.code === 'NOT_FOUND') return { code: problem.code, what: 'Task', id: problem.id };
  if (problem.code !== 'VERSION_CONFLICT') return problem;
  const { code, subject, id, currentVersion } = problem;
  return { code, what: subject === 'TASK' ? 'Task' : 'WorkflowExecution', id, currentVersion };
}
