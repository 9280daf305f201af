/** How many sessions each caller has begun by public links of late: kept in this server's memory, for a minute, and written down nowhere. */

/** New sessions of one journey by one caller in a minute, on each server. */
export const MAX_PER_CALLER = 20;

const MINUTE_MS = 60_000;

interface Begun {
  readonly caller: string;
  readonly at: number;
}

export interface PublicCallers {
  /** Takes a place for one more session of the journey; answers the function that gives it back, or null if the caller has no more. */
  enter(journeyId: string, client: string): (() => void) | null;
}

/** Counts from now on. */
export function createPublicCallers(clock: () => Date): PublicCallers {
  const begun = new Set<Begun>();
  return {
    enter(journeyId, client) {
      const at = clock().getTime();
      const caller = `${journeyId} ${client}`;
      let taken = 0;
      for (const entry of begun) {
        if (entry.at <= at - MINUTE_MS) begun.delete(entry);
        else if (entry.caller === caller) taken += 1;
      }
      if (taken >= MAX_PER_CALLER) return null;
      const entry = { caller, at };
      begun.add(entry);
      return () => begun.delete(entry);
    },
  };
}
