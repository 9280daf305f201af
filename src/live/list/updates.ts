/** A live list at the pace of one reader. */
import type { LiveList } from './list.ts';

/** The list's updates, the whole list first. Owns the list. Always settles promptly: `return()` also ends a `next()` that waits. */
export function updatesOf<Update>(list: LiveList<Update>): AsyncGenerator<Update, undefined, undefined> {
  const left = new AbortController();

  /** What ended the list is no error to a reader who has left. */
  async function refreshed(): Promise<Update | null> {
    try {
      return await list.refresh();
    } catch (error) {
      if (left.signal.aborted) return null;
      throw error;
    }
  }

  async function* read(): AsyncGenerator<Update, undefined, undefined> {
    for (;;) {
      await list.changed(left.signal);
      if (left.signal.aborted) return;
      const update = await refreshed();
      if (update) yield update;
    }
  }

  const updates = read();
  async function leave(): Promise<void> {
    left.abort();
    await list[Symbol.asyncDispose]();
  }

  return {
    next: () => updates.next(),
    async return() {
      await leave();
      return updates.return(undefined);
    },
    async throw(error: unknown) {
      await leave();
      return updates.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined);
    },
  };
}
