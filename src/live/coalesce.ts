/** Many requests become few runs, and the last request is never lost. */

export interface Coalesced extends AsyncDisposable {
  /** Asks for a run that begins after this call. Ignored once disposed. */
  request(): void;
}

/**
 * The first request runs `action` at once. Those that come during a run or the pause after its start are answered by one more run; there are
 * never two at once. Disposing ends the pause and resolves when what was requested before has been done.
 *
 * @param action - must not reject.
 * @param pauseMs - the least time between the starts of two runs, in milliseconds.
 */
export function coalesce(action: () => Promise<void>, pauseMs: number): Coalesced {
  let isWanted = false;
  let isDisposed = false;
  let running: Promise<void> | null = null;
  let endPause = (): void => undefined;

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs).unref();
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (isWanted) {
      isWanted = false;
      if (isDisposed) await action();
      else await Promise.all([action(), pause()]);
    }
    running = null;
  }

  return {
    request() {
      if (isDisposed) return;
      isWanted = true;
      running ??= run();
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      endPause();
      await running;
    },
  };
}
