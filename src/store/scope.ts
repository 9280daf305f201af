/** Whose transaction it is. */
export interface TransactionScope {
  readonly organizationId: string;
  /** The user who acts; null for the system. */
  readonly actorId: string | null;
  /** The events' time, RFC 3339. */
  readonly now: string;
  /** The automation run that acts; left out if a person or the clock does. */
  readonly cause?: Cause | undefined;
}

/** The automation run through which something happens. */
export interface Cause {
  readonly runId: string;
  /** How many automations led to it, itself included, each set off by the one before: 1 and more. */
  readonly chainDepth: number;
  /** The execution whose task the run is of; null if it is of none. */
  readonly executionId: string | null;
}
