/** A clock that only tests move. */
export interface TestClock {
  now(): Date;
  set(instant: string): void;
  /** Moves it by so many milliseconds. */
  advance(milliseconds: number): void;
}

/** Begins on Monday, 2 March 2026, at 9:00 UTC, and stands still. */
export function createTestClock(): TestClock {
  let now = new Date('2026-03-02T09:00:00.000Z');
  return {
    now: () => now,
    set(instant) {
      now = new Date(instant);
    },
    advance(milliseconds) {
      now = new Date(now.getTime() + milliseconds);
    },
  };
}
