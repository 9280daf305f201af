/** Why a command was refused: every reason there is, as a value with its data. Nothing has changed when one is answered. */
import type { InputIssueCode } from '../engine/input-issue-code.ts';
import type { InputIssue, Problem as EngineProblem } from '../engine/result.ts';
import type { DefinitionIssue } from '../engine/validation/issue.ts';
import type { RunStatus } from '../store/automation-runs.ts';
import type { AutomationIssue } from './automation-issue.ts';

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
  | 'Organization'
  | 'Automation'
  | 'AutomationVersion'
  | 'AutomationRun'
  | 'Journey'
  | 'JourneySession'
  | 'JourneySubmission'
  | 'WebhookEndpoint'
  | 'Delivery'
  | 'Notification'
  | 'Absence';

/** Why a message can't be sent again. */
export type NotSendableReason =
  'PENDING' | 'CANCELLED' | 'ENDPOINT_DISABLED' | 'ENDPOINT_DELETED' | 'CONFIRMATION_OVER';

/** Why a journey can't be opened. */
export type NotOpenableReason = 'DISABLED' | 'ARCHIVED' | 'NO_JOURNEY';

/** Where a session of a journey is in its life. */
export type JourneySessionStatus = 'OPEN' | 'SUBMITTED' | 'EXPIRED' | 'CLOSED';

/** One thing that is wrong with what was filled in. */
export interface JourneyDataError {
  /** JSON pointer (RFC 6901): `/address/zip`; empty for the whole. */
  readonly path: string;
  /** The keyword of JSON Schema that is not met: `required`, `pattern`. */
  readonly keyword: string;
  /** For people. */
  readonly message: string;
}

/** Why a definition can't be started on an entity. */
export type NotStartableReason =
  | 'NOT_PUBLISHED'
  | 'DISABLED'
  | 'ARCHIVED'
  | 'NO_MANUAL_TRIGGER'
  | 'NO_AUTOMATION_TRIGGER'
  | 'NO_JOURNEY_TRIGGER'
  | 'ENTITY_SCHEMA_MISMATCH';

/** Why an automation can't be run on an entity. */
export type NotRunnableReason =
  'NOT_PUBLISHED' | 'DISABLED' | 'ARCHIVED' | 'NO_TRIGGER' | 'ENTITY_SCHEMA_MISMATCH';

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
    }
  /** More automations and workflows than are allowed (`MAX_CHAIN_DEPTH`) have set each other off. */
  | { readonly code: 'CHAIN_TOO_DEEP'; readonly depth: number }
  | { readonly code: 'ENTITY_IN_USE'; readonly entityId: string; readonly executionCount: number }
  | { readonly code: 'AUTOMATION_INVALID'; readonly issues: readonly AutomationIssue[] }
  | {
      readonly code: 'AUTOMATION_NOT_RUNNABLE';
      readonly automationId: string;
      readonly reason: NotRunnableReason;
    }
  | {
      readonly code: 'JOURNEY_NOT_OPENABLE';
      /** Null if the task names none that exists. */
      readonly journeyId: string | null;
      readonly reason: NotOpenableReason;
    }
  | {
      readonly code: 'JOURNEY_SESSION_NOT_OPEN';
      readonly sessionId: string;
      readonly status: Exclude<JourneySessionStatus, 'OPEN'>;
    }
  | { readonly code: 'JOURNEY_DATA_INVALID'; readonly errors: readonly JourneyDataError[] }
  /** What was filled in is right, but can't be written into the entity as the journey says. */
  | { readonly code: 'JOURNEY_NOT_MAPPABLE'; readonly message: string }
  /** The permanent link was used too often in a short time, or has too many drafts that nobody submitted. */
  | { readonly code: 'JOURNEY_BUSY' }
  | { readonly code: 'RUN_COMMAND_NOT_ALLOWED'; readonly runId: string; readonly status: RunStatus }
  /** The user is absent on some of the days already. */
  | { readonly code: 'ABSENCE_OVERLAPS'; readonly absenceId: string }
  | { readonly code: 'ABSENCE_OVER'; readonly absenceId: string }
  | {
      readonly code: 'DELIVERY_NOT_SENDABLE';
      readonly deliveryId: string;
      readonly reason: NotSendableReason;
    };

/** The engine's own, in the terms of the API where they differ. */
type OfEngine = Exclude<EngineProblem, { code: 'NOT_FOUND' | 'VERSION_CONFLICT' }>;

export type Problem = OfEngine | OfCommands;
export type ProblemCode = Problem['code'];
/** One problem of the union, by its code. */
export type ProblemOf<Code extends ProblemCode> = Extract<Problem, { code: Code }>;

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
