/** Tells the other servers on the same database that there is something to read. */

/**
 * Carries nothing and promises little: a signal may be lost, doubled, late or sent for nothing. Those who get one look into the logs, and look
 * now and then without one.
 */
export interface Signal extends AsyncDisposable {
  /** Says that some log has grown: after the commit, never within a transaction. Cheap, as many become one; neither waits nor throws. */
  send(): void;
  /**
   * Calls `listener` when another server has sent, and when signals come in again that may have been lost until then; answers the function that
   * ends it.
   */
  onSignal(listener: () => void): () => void;
}

/** The least time between two signals of one server, in milliseconds: what is committed meanwhile is told by the next. */
export const LEAST_PAUSE_MS = 20;
