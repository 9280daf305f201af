import type { Timer } from '../../src/live/list/timer.ts';

/** A clock that only tests move. */
export interface TestClock {
  now(): Date;
  /** Goes off in the call that moves the clock far enough. */
  readonly timer: Timer;
  set(instant: string): void;
  /** Moves it by so many milliseconds. */
  advance(milliseconds: number): void;
}

/** Begins on Monday, 2 March 2026, at 9:00 UTC, and stands still. */
export function createTestClock(): TestClock {
  let now = new Date('2026-03-02T09:00:00.000Z');
  const waiting = new Set<() => void>();

  function set(instant: Date): void {
    now = instant;
    for (const look of waiting) look();
  }

  return {
    now: () => now,
    timer(at, due) {
      const look = (): void => {
        if (now.getTime() < at) return;
        waiting.delete(look);
        due();
      };
      waiting.add(look);
      look();
      return () => {
        waiting.delete(look);
      };
    },
    set(instant) {
      set(new Date(instant));
    },
    advance(milliseconds) {
      set(new Date(now.getTime() + milliseconds));
    },
  };
}
