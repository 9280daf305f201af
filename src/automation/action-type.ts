/** What an action is: one file in `actions/` for each type, listed in `registry.ts`. */
import type { z } from 'zod';
import type { Instant, Json } from '../engine/definition.ts';
import type { NewDelivery } from '../store/deliveries.ts';
import type { RunRecord } from '../store/automation-runs.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Variables } from './variables.ts';

/**
 * What happens when an action fails, and what it can do.
 *
 * - `INSIDE`: it only changes what is in this database, in one transaction with being done. A refusal is final; nothing was changed then.
 * - `OUTSIDE`: it may send something out (`DELIVER`), again and again with growing pauses until it arrives or is given up, under the same id each time.
 * - `WAITING`: it may wait for somebody outside (`WAIT`), until its time is over. It has a callback from the beginning of the run on.
 *
 * Whatever the class, what the database has no time or no room for is done again with growing pauses, since nothing was changed (see setback.ts).
 */
export type RetryClass = 'INSIDE' | 'OUTSIDE' | 'WAITING';

/** What an action works with. */
export interface ActionContext {
  /** What the action does inside, it does here, with being done. Its events are the system's, caused by the run. */
  readonly tx: Transaction;
  readonly run: RunRecord;
  readonly actionKey: string;
  readonly variables: Variables;
}

export type ActionOutcome =
  | {
      readonly type: 'DONE';
      /** What later actions can name: `{{steps.key.…}}`. */
      readonly output: { readonly [name: string]: Json };
      /** The entity that it made or changed, for the automation tasks after this one. */
      readonly entityId?: string;
    }
  /** It had nothing to do; the reason is for people. */
  | { readonly type: 'SKIPPED'; readonly reason: string }
  /** It is done when the message has arrived, and fails when it is given up. */
  | { readonly type: 'DELIVER'; readonly delivery: NewDelivery }
  /** It is done when the callback is used, and fails when nobody used it until then. */
  | { readonly type: 'WAIT'; readonly until: Instant };

/** Something in the organization that a config names by its id. */
export interface ActionReference {
  readonly kind: 'DEFINITION' | 'ENDPOINT' | 'USER' | 'TEAM' | 'CLOSING_REASON' | 'JOURNEY';
  readonly id: string;
  /** Where in the config: `endpointId`, `assignees[1]`. */
  readonly path: string;
}

/** How an action fails. */
type Retry<Config> =
  | { readonly retry: Exclude<RetryClass, 'WAITING'> }
  /** For how long it waits at most, in hours. */
  | { readonly retry: 'WAITING'; hoursOf(config: Config): number };

export type ActionType<Config = unknown> = Retry<Config> & {
  /** UPPER_CASE, unique: what definitions call it. */
  readonly type: string;
  /** For builders: a few words, a sentence or two. */
  readonly title: string;
  readonly description: string;
  /** Whether it makes or changes an entity, so that later actions can work on that: its output has the `id`. */
  readonly isOnEntity: boolean;
  /** What it can be told. Every field has a description; a schema of plain objects, lists, texts, numbers, booleans, enums and JSON. */
  readonly config: z.ZodType<Config>;
  /** What the config names. */
  references(config: Config): readonly ActionReference[];
  /** The key of the earlier action on whose entity it works; null, or left out, for none. */
  sourceOf?(config: Config): string | null;
  /** The texts of the config that have variables, by their paths. */
  templates(config: Config): readonly { readonly path: string; readonly text: string }[];
  /** Throws `Refusal` or `ActionError` if it can't be done. */
  run(context: ActionContext, config: Config): Promise<ActionOutcome>;
};

const CLASS_OF: Readonly<Partial<Record<ActionOutcome['type'], RetryClass>>> = {
  DELIVER: 'OUTSIDE',
  WAIT: 'WAITING',
};

/** The outcome, unless the type's class does not allow it: throws an Error, which is one of the type. */
export function allowedOutcome(
  { type, retry }: Pick<ActionType, 'type' | 'retry'>,
  outcome: ActionOutcome,
): ActionOutcome {
  const needed = CLASS_OF[outcome.type] ?? retry;
  if (needed !== retry)
    throw new Error(`${type} is ${retry}, so it can't end with ${outcome.type}, which is for ${needed}`);
  return outcome;
}

/** Why an action failed, for people and programs. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  /** UPPER_CASE, stable. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Forgets the type of the config, so that all types can be in one list; each is only ever given what its own schema has parsed. */
export function defineAction<Config>(type: ActionType<Config>): ActionType {
  return type;
}
