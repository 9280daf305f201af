/** Waiting for what comes about by itself. */
import { vi } from 'vitest';

/** Longer than anything takes on a busy machine; how long it takes is nothing that a test says. In ms. */
const PATIENCE_MS = 15_000;

/** The answer of `check` as soon as it throws no more. `interval`: how long, in milliseconds, until it is asked again. */
export function eventually<T>(
  check: () => T | Promise<T>,
  options: { readonly interval?: number } = {},
): Promise<T> {
  return vi.waitFor(check, { timeout: PATIENCE_MS, ...options });
}
