/** Subscriptions as `for await … of` takes them. */
import type { Client, FormattedExecutionResult } from 'graphql-ws';

/** The results of `subscribe`, in order; leaving the loop unsubscribes, and an error of the subscription is thrown into it. */
export function iterateOver<Data, Extensions>(
  subscribe: Client['subscribe'],
  payload: Parameters<Client['subscribe']>[0],
): AsyncGenerator<FormattedExecutionResult<Data, Extensions>, undefined> {
  const arrived: FormattedExecutionResult<Data, Extensions>[] = [];
  let end: { readonly errors: readonly unknown[] } | undefined;
  let wake = (): void => undefined;

  function finish(...errors: readonly unknown[]): void {
    end ??= { errors };
    wake();
  }
  const stop = subscribe<Data, Extensions>(payload, {
    next(result) {
      arrived.push(result);
      wake();
    },
    error: finish,
    complete: finish,
  });
  async function* results() {
    for (;;) {
      for (let result = arrived.shift(); result; result = arrived.shift()) yield result;
      if (end) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (end.errors.length > 0) throw end.errors[0];
    return undefined;
  }
  const iterator = results();
  return Object.assign(iterator, {
    // At once, also while the generator waits for a result.
    return() {
      stop();
      arrived.length = 0;
      finish();
      return Promise.resolve({ done: true as const, value: undefined });
    },
  });
}
