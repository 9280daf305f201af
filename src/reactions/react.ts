/**
 * What follows from what happened: workflows are started by submitted journeys, automations are set off, webhooks are sent, people are notified.
 *
 * Everything is read from the log, after the fact, and what follows is written together with how far the log was read: so each event is reacted to exactly once,
 * whatever is killed when, and a command never waits for what it sets off.
 */
import { isDatabaseAway, isWorthTryingAgain } from '../store/away.ts';
import type { Database } from '../store/database.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { moveReactionCursor, readNextEvents, takeReactionCursor } from '../store/reaction-cursor.ts';
import type { Transaction } from '../store/transaction.ts';
import { notify } from './notify.ts';
import { sendWebhooks } from './send-webhooks.ts';
import { startAutomations } from './start-automations.ts';
import { startJourneyWorkflows } from './start-journey-workflows.ts';

/** Does what follows from these events, which are one after the other in the log. Has no effect outside of the transaction. */
export type Reaction = (tx: Transaction, events: readonly StoredEvent[]) => Promise<void>;

const REACTIONS: readonly Reaction[] = [startJourneyWorkflows, startAutomations, sendWebhooks, notify];

/** How many events are reacted to in one transaction. */
const BATCH_SIZE = 200;

interface ReactContext {
  readonly database: Database;
  readonly clock: () => Date;
}

interface ReactOptions {
  readonly batchSize?: number;
  readonly reactions?: readonly Reaction[];
  /** Told of a reaction that fails whenever it is tried and is left out for this event. */
  readonly onLeftOut?: (error: unknown, at: { readonly seq: number; readonly reaction: string }) => void;
}

/** How far an attempt came. */
interface Progress {
  /** The last event that was read, and what is done because of it at the moment. */
  at: { readonly seq: number; readonly reaction: Reaction } | null;
}

/** Reactions that are left out, each for the one event in this place of the log. */
type LeftOut = ReadonlyMap<Reaction, number>;

/**
 * Reacts to the organization's next events. Answers whether there may be more; not if another server is at it at this moment.
 *
 * One event that a reaction can't cope with must not keep the organization from all others: what fails, and not because the database was away, is tried with
 * fewer events, and in the end this reaction is left out for this event; but not if it only takes too long or lacks room at the moment, which may pass.
 */
export async function react(
  context: ReactContext,
  organizationId: string,
  { batchSize = BATCH_SIZE, reactions = REACTIONS, onLeftOut }: ReactOptions = {},
): Promise<boolean> {
  const leftOut = new Map<Reaction, number>();
  for (let size = batchSize; ; size = Math.max(1, Math.floor(size / 2))) {
    const progress: Progress = { at: null };
    try {
      return await reactTo(context, organizationId, { size, reactions, leftOut, progress });
    } catch (error) {
      const { at } = progress;
      if (isDatabaseAway(error)) throw error;
      // What there is too little time or room for may go well with fewer.
      if (size > 1) continue;
      if (!at || isWorthTryingAgain(error)) throw error;
      leftOut.set(at.reaction, at.seq);
      onLeftOut?.(error, { seq: at.seq, reaction: at.reaction.name });
    }
  }
}

async function reactTo(
  { database, clock }: ReactContext,
  organizationId: string,
  {
    size,
    reactions,
    leftOut,
    progress,
  }: {
    readonly size: number;
    readonly reactions: readonly Reaction[];
    readonly leftOut: LeftOut;
    readonly progress: Progress;
  },
): Promise<boolean> {
  const scope = { organizationId, actorId: null, now: clock().toISOString() };
  const { value } = await database.transaction(scope, async (tx) => {
    const seq = await takeReactionCursor(tx, organizationId);
    if (seq === null) return false;
    const events = await readNextEvents(tx, organizationId, seq, size);
    const last = events.at(-1);
    if (!last) return false;
    for (const reaction of reactions) {
      progress.at = { seq: last.seq, reaction };
      if (leftOut.get(reaction) !== last.seq) await reaction(tx, events);
    }
    progress.at = null;
    await moveReactionCursor(tx, organizationId, last.seq);
    return events.length === size;
  });
  return value;
}
