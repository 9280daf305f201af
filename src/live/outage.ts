/** Says once that something does not work, not at each attempt. */
import type { Logger } from 'pino';

export interface Outage {
  /** Logs the error as a warning, unless the outage is known. */
  report(error: unknown): void;
  /** It works again: the next error is logged anew. */
  end(): void;
}

export function createOutage(log: Logger, message: string): Outage {
  let isKnown = false;
  return {
    report(error) {
      if (!isKnown) log.warn({ err: error }, message);
      isKnown = true;
    },
    end() {
      isKnown = false;
    },
  };
}
