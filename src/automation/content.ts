/**
 * What an automation looks like: a document that is stored whole, validated whole and versioned whole. Everything here is JSON.
 */
import type { Json, Statement } from '../engine/definition.ts';

/** What sets an automation off. A task of a workflow may run any automation, whatever its triggers. */
export type AutomationTrigger =
  /** Somebody runs it on an entity. */
  | {
      readonly type: 'MANUAL';
      /** Only on entities of this schema; null for any. */
      readonly entitySchema: string | null;
    }
  /** A program runs it, on an entity or on none, and may hand it data. */
  | { readonly type: 'API' }
  | {
      readonly type: 'ENTITY_CREATED' | 'ENTITY_UPDATED' | 'ENTITY_DELETED';
      /** Only entities of this schema; null for any. */
      readonly entitySchema: string | null;
      /** Of ENTITY_UPDATED: only if one of these attributes changed, or something inside of it; none for any change. */
      readonly paths: readonly string[];
      /** Of the entity as the event left it, whatever happened since, of a deleted one as it was last; those about executions are not allowed. */
      readonly filter: TriggerFilter;
    }
  | {
      readonly type: 'JOURNEY_SUBMITTED';
      /** Only this journey; null for any. */
      readonly journeyId: string | null;
      /** Of the entity that the submission belongs to, or has made. */
      readonly filter: TriggerFilter;
    }
  | {
      readonly type: 'EXECUTION_EVENT';
      /** Types of the log: `TRIGGERING_EVENTS`. */
      readonly eventTypes: readonly string[];
      /** Only in executions of this definition; null for any. */
      readonly definitionId: string | null;
      /** Of events of tasks: only of the task with this key; null for any. */
      readonly taskKey: string | null;
      readonly filter: TriggerFilter;
    };

export interface TriggerFilter {
  readonly connective: 'AND' | 'OR';
  readonly statements: readonly Statement[];
}

/** One step. */
export interface ActionDefinition {
  /** Unique in the automation: letters, digits, - and _. Later actions name what it put out by it: `{{steps.key.…}}`. */
  readonly key: string;
  readonly name: string;
  /** One of the registry's: `ACTION_TYPES`. */
  readonly type: string;
  /** The run goes on if it fails. */
  readonly allowsFailure: boolean;
  /** As the schema of its type says. */
  readonly config: { readonly [name: string]: Json };
}

/** How many runs are too many, beside the limits that all automations have. */
export interface RunLimit {
  /** 1 to 10,000 */
  readonly runs: number;
  /** 1 to 86,400 */
  readonly seconds: number;
}

export interface AutomationContent {
  readonly name: string;
  /** Markdown. */
  readonly description: string | null;
  readonly triggers: readonly AutomationTrigger[];
  /** Done in this order. */
  readonly actions: readonly ActionDefinition[];
  /** Null for the general limits only. */
  readonly limit: RunLimit | null;
}
