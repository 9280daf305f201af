/** The place of one subscriber on the bus. */
import type { Watched } from '../store/event-replay.ts';
import type { Bus } from './bus.ts';
import type { EventQueue } from './event-queue.ts';
import { joinRights } from './memberships.ts';

export interface Place {
  readonly watched: Watched;
  /** Watches something else from now on, unless the place has been left. What waits in the queue is dropped: it is to be read anew from the log. */
  move(watched: Watched): void;
  leave(): void;
}

/** Takes a place. `userId`: the queue is touched whenever something happens to this user or their memberships. */
export function takePlace(bus: Bus, queue: EventQueue, watched: Watched, userId?: string): Place {
  let present = watched;
  let hasLeft = false;
  let leaveWatched = bus.join(watched, queue);
  const leaveUser = userId === undefined ? () => undefined : joinRights(bus, userId, queue.touch.bind(queue));
  return {
    get watched() {
      return present;
    },
    move(to) {
      if (hasLeft) return;
      leaveWatched();
      present = to;
      leaveWatched = bus.join(to, queue);
      queue.restart();
    },
    leave() {
      hasLeft = true;
      leaveWatched();
      leaveUser();
    },
  };
}
