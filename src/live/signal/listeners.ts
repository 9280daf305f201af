/** Those who want to know of signals. */
export interface Listeners {
  /** See `Signal.onSignal`. */
  add(listener: () => void): () => void;
  call(): void;
}

export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    call() {
      for (const listener of listeners) listener();
    },
  };
}
