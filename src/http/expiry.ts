/** The end of tokens. */

// setTimeout takes no more; whoever is asked earlier than due, asks again.
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Calls `expire` when the token expires.
 *
 * @param expiresAt - in seconds since 1970; null: never.
 * @returns the function that calls it off.
 */
export function atExpiry(expiresAt: number | null, clock: () => Date, expire: () => void): () => void {
  if (expiresAt === null) return () => undefined;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = expiresAt * 1_000 - clock().getTime();
    timer = setTimeout(
      left > LONGEST_TIMEOUT_MS ? wait : expire,
      Math.min(Math.max(left, 0), LONGEST_TIMEOUT_MS),
    );
    timer.unref();
  };
  wait();
  return () => {
    clearTimeout(timer);
  };
}
