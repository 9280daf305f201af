/** One board for each organization in which somebody waits for tasks, made for the first and given up after the last. */
import type { Logger } from 'pino';
import type { Queryable } from '../store/statement.ts';
import type { Hubs } from './hubs.ts';
import type { Timer } from './list/timer.ts';
import { createWorkBoard, type WorkBoard, type WorkWaiter } from './work-board.ts';

export interface WorkWatch extends WorkWaiter {
  readonly organizationId: string;
  readonly clock: () => Date;
}

/** Somebody's place at a board. Disposing gives it up. */
export interface WorkPlace extends Disposable {
  /** See `WorkBoard.lookAgain`. */
  lookAgain(): void;
}

export interface WorkBoards extends Disposable {
  watch(watch: WorkWatch): WorkPlace;
}

export function createWorkBoards(options: {
  readonly database: Queryable;
  readonly hubs: Hubs;
  readonly log: Logger;
  readonly timer: Timer;
}): WorkBoards {
  const { hubs, ...rest } = options;
  const boards = new Map<string, WorkBoard>();
  let isOver = false;

  return {
    watch({ organizationId, clock, ...waiter }) {
      if (isOver) {
        waiter.onEnd();
        return { lookAgain: () => undefined, [Symbol.dispose]: () => undefined };
      }
      const board =
        boards.get(organizationId) ??
        createWorkBoard({ ...rest, organizationId, clock, hub: hubs.acquire(organizationId) });
      boards.set(organizationId, board);
      const leave = board.join(waiter);
      return {
        lookAgain: () => {
          board.lookAgain();
        },
        [Symbol.dispose]() {
          leave();
          if (board.size > 0 || boards.get(organizationId) !== board) return;
          boards.delete(organizationId);
          board.end();
        },
      };
    },
    [Symbol.dispose]() {
      isOver = true;
      for (const board of boards.values()) board.end();
      boards.clear();
    },
  };
}
