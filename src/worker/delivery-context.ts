import type { Logger } from 'pino';
import type { Mailer } from '../outgoing/mail.ts';
import type { Targets } from '../outgoing/target.ts';
import type { DeliveryOutcome, DeliveryOwner } from '../store/deliveries.ts';
import type { Cause } from '../store/scope.ts';
import type { Queryable } from '../store/statement.ts';
import type { Transaction } from '../store/transaction.ts';
import type { WorkerContext } from './wake-execution.ts';

/** The runs that wait for messages. */
export interface DeliveryOwners {
  /** What is done for the run is caused by it. */
  cause(db: Queryable, organizationId: string, runId: string): Promise<Cause | undefined>;
  /** Locks the run, and its execution before: both come before the message. */
  lock(tx: Transaction, owner: DeliveryOwner): Promise<void>;
  /** Tells the locked run what became of its message. */
  settled(
    tx: Transaction,
    owner: DeliveryOwner & { readonly deliveryId: string },
    outcome: DeliveryOutcome,
  ): Promise<void>;
}

/** What it takes to send messages. */
export interface DeliverContext extends WorkerContext {
  /** The address of this server for the outside, without a slash at its end. */
  readonly publicUrl: () => string;
  /** Where messages may be sent. */
  readonly targets: Targets;
  /** Pauses after the first attempt, the second, …, in seconds. */
  readonly schedule: readonly number[];
  readonly mailer: Mailer;
  readonly owners: DeliveryOwners;
  readonly log: Logger;
  /** From 0 to below 1: spreads the attempts. */
  readonly random: () => number;
  /** Interrupts requests when the server stops. */
  readonly signal?: AbortSignal | undefined;
}
