/**
 * What a workflow looks like: the content of a definition, as plain data.
 *
 * A definition is a document. It is stored whole, validated whole and versioned whole; an execution copies it
 * when it starts (see `start.ts`).
 */

/** A moment in UTC, RFC 3339 with milliseconds: `2026-11-23T08:30:00.000Z`. Sorts as text. */
export type Instant = string;

/** Somebody who may be responsible: a user (colleague or partner) or a team. */
export interface AssigneeRef {
  readonly type: 'USER' | 'TEAM';
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

/** How a task is worked. Manual tasks are done by people. */
export type TaskType = 'MANUAL';

/** A named stage; its position is its place in `DefinitionContent.phases`. */
export interface PhaseDefinition {
  readonly key: string;
  readonly name: string;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
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
  /** Tasks and phases that must be finished before this one may be worked on. */
  readonly requirements: readonly NodeRef[];
  readonly labels: readonly string[];
  readonly audienceTexts: readonly AudienceText[];
}

/** "After `from` comes `to`." A phase as source fires when all its tasks are finished. */
export interface EdgeDefinition {
  readonly from: NodeRef;
  readonly to: NodeRef;
}

/** How executions come to be. A manual trigger may be limited to entities of one schema. */
export interface ManualTrigger {
  readonly type: 'MANUAL';
  readonly entitySchema: string | null;
}
export type Trigger = ManualTrigger;

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
  readonly triggers: readonly Trigger[];
  readonly phases: readonly PhaseDefinition[];
  readonly tasks: readonly TaskDefinition[];
  readonly edges: readonly EdgeDefinition[];
  /** From the organization's catalogue. */
  readonly closingReasonIds: readonly string[];
  /** Closing takes exactly one reason instead of at least one. */
  readonly hasSingleClosingReason: boolean;
}
