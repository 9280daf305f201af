/** Whose transaction it is. */
export interface TransactionScope {
  readonly organizationId: string;
  /** The user who acts; null for the system. */
  readonly actorId: string | null;
  /** The events' time, RFC 3339. */
  readonly now: string;
}
