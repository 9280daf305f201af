/** Waking up at an instant, however far away. */

/** Calls `due` once when the clock has come to `at` (milliseconds since 1970), or at once if it has; never after the answered function was called. */
export type Timer = (at: number, due: () => void) => () => void;

/** Timers of Node run wild beyond 24 days, and none of them notices that the clock was set. */
const LONGEST_DELAY_MS = 60_000;

/** By the server's clock. Keeps no process alive. */
export const systemTimer: Timer = (at, due) => {
  let timeout: NodeJS.Timeout;

  function arm(): void {
    const left = at - Date.now();
    timeout =
      left <= LONGEST_DELAY_MS
        ? setTimeout(look, Math.max(0, left)).unref()
        : setTimeout(arm, LONGEST_DELAY_MS).unref();
  }

  // Timeouts may come a millisecond early.
  function look(): void {
    if (Date.now() >= at) due();
    else arm();
  }

  arm();
  return () => {
    clearTimeout(timeout);
  };
};
