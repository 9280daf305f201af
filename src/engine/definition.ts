/**
 * What a workflow looks like: the content of a definition, as plain data.
 *
 * A definition is a document. It is stored whole, validated whole and versioned whole; an execution copies it
 * when it starts (see `start.ts`).
 */

/** A moment in UTC, RFC 3339 with milliseconds: `2026-11-23T08:30:00.000Z`. Sorts as text. */
export type Instant = string;

/** Plain data, as it stands in an entity's attributes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Somebody who may be responsible: a user (colleague or partner), a team, or a variable over the entity such as
 * `{{entity.owner}}`, which is then the `id`: it stands for whom the attribute names once that is known.
 */
export interface AssigneeRef {
  readonly type: 'USER' | 'TEAM' | 'VARIABLE';
  readonly id: string;
}

/** One task or one phase of a definition, named by its key. */
export type NodeRef = { readonly taskKey: string } | { readonly phaseKey: string };

/** Readers outside the team that works the workflow. */
export type Audience = 'PORTAL' | 'INSTALLER' | 'PARTNER';

/** What a task is called for readers of another audience. */
export interface AudienceText {
  readonly audience: Audience;
  readonly isEnabled: boolean;
  readonly label: string;
  readonly description: string | null;
}

/** How a task is worked: by people, by an automation, by choosing among branches, or by a program outside. */
export type TaskType = 'MANUAL' | 'AUTOMATION' | 'DECISION' | 'EXTERNAL';

/** Whether the task goes on by itself once nothing blocks it, or waits for a person. */
export type TriggerMode = 'AUTOMATIC' | 'MANUAL';

/** Spans of time; all but minutes and hours are counted in the organization's calendar (see `calendar.ts`). */
export type TimeUnit =
  'MINUTES' | 'HOURS' | 'WORKING_HOURS' | 'DAYS' | 'WORKING_DAYS' | 'WEEKS' | 'MONTHS' | 'YEARS';

/** From when on a due date is counted. "Preceding" are the tasks whose edges lead to the task or phase. */
export type DueAnchor =
  | 'EXECUTION_STARTED'
  | 'TASK_FINISHED'
  | 'PHASE_FINISHED'
  | 'A_PRECEDING_TASK_FINISHED'
  | 'ALL_PRECEDING_TASKS_FINISHED';

/** "`amount` `unit` after `anchor`." */
export interface DueRule {
  readonly amount: number;
  readonly unit: TimeUnit;
  readonly anchor: DueAnchor;
  /** Of TASK_FINISHED, otherwise null. */
  readonly taskKey: string | null;
  /** Of PHASE_FINISHED, otherwise null. */
  readonly phaseKey: string | null;
}

/** From when on a schedule is counted. `REACHED` is the moment when everything before the task is finished. */
export type ScheduleAnchor =
  'REACHED' | 'EXECUTION_STARTED' | 'TASK_FINISHED' | 'ALL_PRECEDING_TASKS_FINISHED' | 'ENTITY_DATE';

/** "Not until `amount` `unit` before or after `anchor`." */
export interface ScheduleRule {
  readonly anchor: ScheduleAnchor;
  readonly direction: 'BEFORE' | 'AFTER';
  readonly amount: number;
  readonly unit: TimeUnit;
  /** Of TASK_FINISHED, otherwise null. */
  readonly taskKey: string | null;
  /** Of ENTITY_DATE: the path of a date among the attributes, otherwise null. */
  readonly path: string | null;
  /** Of ENTITY_DATE: which of the execution's entities, by its schema; null for the one that it was started on. */
  readonly entitySchema: string | null;
}

/** When a rule of escalation applies: by the due date, or by nobody having taken the task since it could be worked on. */
export type EscalationMoment = 'BEFORE_DUE' | 'DUE' | 'AFTER_DUE' | 'UNCLAIMED';

/** What it does: remind those responsible, hand the task to others one after the other, or tell a lead. */
export type EscalationAction = 'REMIND' | 'REASSIGN' | 'NOTIFY_LEAD';

/** Who gets a task, and how long it stays theirs alone: after that, unless somebody has taken it, it goes to the next. */
export interface Handover {
  readonly assignee: AssigneeRef;
  /** Null: as long as the rule itself waits. */
  readonly time: { readonly amount: number; readonly unit: TimeUnit } | null;
}

/** "`amount` `unit` `on`, do `action`." */
export interface EscalationRule {
  readonly on: EscalationMoment;
  /** How long before or after; 0 for DUE. */
  readonly amount: number;
  readonly unit: TimeUnit;
  readonly action: EscalationAction;
  /** Of REASSIGN: who gets it, in order; otherwise empty. */
  readonly handovers: readonly Handover[];
  /** Of NOTIFY_LEAD: who is told; otherwise empty. */
  readonly leads: readonly AssigneeRef[];
  /** What would happen outside of working time happens when it next begins; before a due date, in the last minute of it before. */
  readonly respectsWorkingTime: boolean;
}

/** How a statement compares. Their meaning for every kind of value is the table in `condition/operators.ts`. */
export type Operator =
  | 'EQUALS'
  | 'NOT_EQUALS'
  | 'ANY_OF'
  | 'NONE_OF'
  | 'CONTAINS'
  | 'NOT_CONTAINS'
  | 'STARTS_WITH'
  | 'ENDS_WITH'
  | 'GREATER_THAN'
  | 'LESS_THAN'
  | 'GREATER_THAN_OR_EQUALS'
  | 'LESS_THAN_OR_EQUALS'
  | 'IS_EMPTY'
  | 'IS_NOT_EMPTY';

/** What a statement can look at in the execution itself. */
export type ExecutionFact =
  | 'NAME'
  | 'STATUS'
  | 'STARTED_AT'
  | 'DUE_AT'
  | 'ASSIGNEES'
  | 'TASK_STATUS'
  | 'TASK_FINISHED_AT'
  | 'PHASE_STATUS'
  /** How often the decision itself has looped. */
  | 'ITERATIONS';

/** A span that is added to a date before it is compared: "born + 18 years". */
export interface DateOffset {
  readonly amount: number;
  readonly unit: TimeUnit;
}

/** Where a statement takes its value from. */
export type StatementSource =
  | {
      readonly type: 'ENTITY';
      /** Which of the execution's entities, by its schema; null for the one that it was started on. */
      readonly entitySchema: string | null;
      /** One to ten paths among the attributes: `address.city`, `contacts[0].email`, `items[*].price`. */
      readonly paths: readonly string[];
      /** Whether one of the paths has to meet the statement or each. */
      readonly match: 'ANY' | 'ALL';
      readonly offset: DateOffset | null;
    }
  | {
      readonly type: 'EXECUTION';
      readonly fact: ExecutionFact;
      /** Of TASK_STATUS and TASK_FINISHED_AT, otherwise null. */
      readonly taskKey: string | null;
      /** Of PHASE_STATUS, otherwise null. */
      readonly phaseKey: string | null;
      readonly offset: DateOffset | null;
    };

/** One comparison of a condition. */
export interface Statement {
  readonly source: StatementSource;
  readonly operator: Operator;
  /** What is compared with; none for IS_EMPTY and IS_NOT_EMPTY. */
  readonly values: readonly string[];
  /** RELATIVE_DATE: the values are tokens such as `today`, which stand for a date of the day of the comparison. */
  readonly valueType: 'STATIC' | 'RELATIVE_DATE';
}

/** One way that a decision can take. Where it leads, its edges say; without any it is the end of the path. */
export interface BranchDefinition {
  readonly key: string;
  readonly name: string;
  /** Taken when no branch is met. */
  readonly isDefault: boolean;
  readonly connective: 'AND' | 'OR';
  /** Without any the branch is never met. */
  readonly statements: readonly Statement[];
}

/** A branch that leads back, and the one that is taken instead when it has been taken often enough. */
export interface LoopDefinition {
  readonly branchKey: string;
  readonly exitBranchKey: string;
  /** How often the loop branch may be taken: 1 to 100. */
  readonly maxIterations: number;
}

/** What makes a task a decision. */
export interface DecisionDefinition {
  readonly mode: TriggerMode;
  readonly branches: readonly BranchDefinition[];
  /** Whether the first met branch is taken, or each of them in parallel. */
  readonly takes: 'FIRST_MET' | 'EVERY_MET';
  readonly loop: LoopDefinition | null;
}

/** What an automation task runs. */
export interface AutomationReference {
  readonly automationId: string;
  readonly mode: TriggerMode;
  /** The earlier automation task whose entity it works on; null for the execution's own. */
  readonly inputTaskKey: string | null;
}

/** One value that a worker is handed. */
export interface ExternalInput {
  /** What the worker finds it under. */
  readonly name: string;
  /** What it is: `entity.customer.email`, `entityId`, `execution.name`; see `external-input.ts`. */
  readonly path: string;
}

/** Where one value of a worker's result goes. */
export interface ExternalOutput {
  /** The path of the value in the result. */
  readonly source: string;
  /** Names of fields joined by dots; fields on the way that are missing are made. */
  readonly target: string;
  /** Which of the execution's entities, by its schema; null for the one that it was started on. */
  readonly entitySchema: string | null;
  /** SET: the attribute is the value from then on. APPEND: the value, or each entry of a list, is added to the attribute's list. */
  readonly mode: 'SET' | 'APPEND';
  /** A result without it is refused; otherwise the attribute stays as it is then. */
  readonly isRequired: boolean;
}

/** What makes a task work for programs. */
export interface ExternalReference {
  /** Which workers it is for. */
  readonly topic: string;
  /** How many attempts may fail: with the last of them the task FAILS. 1 to 100. */
  readonly retries: number;
  /** How many seconds it rests after the first failed attempt, the second, …; after further ones as after the last. Empty: not at all. */
  readonly retryAfterSeconds: readonly number[];
  /** How long a worker has it that does not say for how long: 5 to 86,400 seconds. */
  readonly leaseSeconds: number;
  readonly input: readonly ExternalInput[];
  readonly output: readonly ExternalOutput[];
}

/** A value that a form is opened with. */
export interface JourneyParameter {
  /** Where in the form's data: names joined by dots. */
  readonly name: string;
  /** Text with variables; one variable and nothing else stands for the value itself: `{{entity.customer.zip}}`. */
  readonly value: string;
}

/** The form that belongs to a task. */
export interface JourneyReference {
  readonly journeyId: string;
  /** Whether submitting the form completes the task. */
  readonly completesTask: boolean;
  /** What the form is opened with; none if left out. */
  readonly parameters?: readonly JourneyParameter[];
}

/** Who outside has to confirm that a task is done, and how they are asked. */
export interface ConfirmationRule {
  /** Whether they are asked by themselves once nothing blocks the task, or when a person says so. */
  readonly mode: TriggerMode;
  /** E-mail addresses with commas between them, or variables for them; null: nobody is mailed, the link is handed over by hand. */
  readonly to: string | null;
  /** The mail's subject, may have variables; null for one that names the task. */
  readonly subject: string | null;
  /** What is asked, in the mail and on the page, may have variables; null for a sentence that names the task. */
  readonly message: string | null;
  /** How long the link is good. */
  readonly expiresAfter: { readonly amount: number; readonly unit: TimeUnit };
}

/** What an entity can be told about: something that happened to an execution, a task or a phase. */
export type SyncEvent =
  | 'EXECUTION_STARTED'
  | 'EXECUTION_DONE'
  | 'EXECUTION_CLOSED'
  | 'EXECUTION_REOPENED'
  | 'EXECUTION_DELETED'
  | 'EXECUTION_ASSIGNED'
  | 'EXECUTION_DUE_DATE_CHANGED'
  | 'EXECUTION_CONTEXTS_CHANGED'
  | 'TASK_UPDATED'
  | 'TASK_COMPLETED'
  | 'TASK_SKIPPED'
  | 'TASK_STARTED'
  | 'TASK_HELD'
  | 'CURRENT_TASK_CHANGED'
  | 'PHASE_UPDATED'
  | 'PHASE_COMPLETED'
  | 'PHASE_SKIPPED'
  | 'PHASE_STARTED';

/** What is written into the attribute. */
export type SyncSource =
  | 'EXECUTION_NAME'
  | 'EXECUTION_STATUS'
  | 'EXECUTION_ASSIGNEES'
  | 'TASK_NAME'
  | 'TASK_STATUS'
  | 'TASK_ASSIGNEES'
  | 'PHASE_NAME'
  | 'PHASE_STATUS'
  | 'PHASE_ASSIGNEES'
  | 'CUSTOM_VALUE';

/** "When `event` (of the task or phase), set `path` of the entities of `entitySchema` to `source`." */
export interface EntitySyncRule {
  readonly event: SyncEvent;
  /** Only for this task or phase; both null for any. */
  readonly taskKey: string | null;
  readonly phaseKey: string | null;
  readonly entitySchema: string;
  /** Names of fields joined by dots; fields on the way that are missing are made. */
  readonly path: string;
  readonly source: SyncSource;
  /** Of CUSTOM_VALUE, otherwise null. */
  readonly customValue: string | null;
}

/** A named stage; its position is its place in `DefinitionContent.phases`. */
export interface PhaseDefinition {
  readonly key: string;
  readonly name: string;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
  /** Instead of `dueAt`. */
  readonly dueRule: DueRule | null;
  /** What happens around the due date; in order. */
  readonly escalations: readonly EscalationRule[];
  readonly labels: readonly string[];
}

/** One unit of work; its position is its place in `DefinitionContent.tasks`. */
export interface TaskDefinition {
  readonly key: string;
  readonly name: string;
  /** Markdown. */
  readonly description: string | null;
  readonly type: TaskType;
  readonly phaseKey: string | null;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
  /** Instead of `dueAt`. */
  readonly dueRule: DueRule | null;
  /** What happens around the due date, and if nobody takes the task; in order. */
  readonly escalations: readonly EscalationRule[];
  /** When it may go on once it is reached; null for at once. */
  readonly schedule: ScheduleRule | null;
  /** Of a DECISION, otherwise null. */
  readonly decision: DecisionDefinition | null;
  /** Of an AUTOMATION, otherwise null. */
  readonly automation: AutomationReference | null;
  /** Of an EXTERNAL, otherwise null. */
  readonly external: ExternalReference | null;
  readonly journey: JourneyReference | null;
  /** Of a MANUAL task: who outside has to confirm it; null for nobody. */
  readonly confirmation: ConfirmationRule | null;
  /** Tasks and phases that must be finished before this one may be worked on. */
  readonly requirements: readonly NodeRef[];
  readonly labels: readonly string[];
  readonly audienceTexts: readonly AudienceText[];
}

/** "After `from` comes `to`." A phase as source fires when all its tasks are finished. */
export interface EdgeDefinition {
  readonly from: NodeRef;
  readonly to: NodeRef;
  /** Only when the decision `from` takes this branch; null for always. */
  readonly branchKey: string | null;
}

/** How executions come to be: by hand, by an automation, or by the submission of a journey. */
export type Trigger =
  | {
      readonly type: 'MANUAL';
      /** Only on entities of this schema; null for any. */
      readonly entitySchema: string | null;
    }
  | { readonly type: 'AUTOMATION'; readonly automationId: string | null }
  | { readonly type: 'JOURNEY'; readonly journeyId: string | null };

export interface DefinitionContent {
  readonly name: string;
  /** Markdown. */
  readonly description: string | null;
  readonly labels: readonly string[];
  /** Without edges: one chain through all tasks, in phase and position order. */
  readonly isSequential: boolean;
  /** Whether the end customer sees the progress. */
  readonly isVisibleInPortal: boolean;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
  /** Instead of `dueAt`. */
  readonly dueRule: DueRule | null;
  /** What happens around the due date; in order. */
  readonly escalations: readonly EscalationRule[];
  readonly triggers: readonly Trigger[];
  readonly phases: readonly PhaseDefinition[];
  readonly tasks: readonly TaskDefinition[];
  readonly edges: readonly EdgeDefinition[];
  /** From the organization's catalogue. */
  readonly closingReasonIds: readonly string[];
  /** Closing takes exactly one reason instead of at least one. */
  readonly hasSingleClosingReason: boolean;
  /** In order: of two rules for one attribute the later one wins. */
  readonly entitySync: readonly EntitySyncRule[];
}
