/** How many connections one user may have at a time: sockets, and streams of server-sent events. */
import type { Viewer } from '../commands/viewer.ts';

export interface ConnectionLimit {
  /** How many connections a user may have. */
  readonly most: number;
  /** Takes a place for one connection; answers the function that gives it back, or null if the user has no more places. */
  enter(viewer: Pick<Viewer, 'organizationId' | 'userId'>): (() => void) | null;
}

/** Counts the connections of this server only. */
export function createConnectionLimit(most: number): ConnectionLimit {
  const counts = new Map<string, number>();

  function leave(key: string): void {
    const left = (counts.get(key) ?? 1) - 1;
    if (left === 0) counts.delete(key);
    else counts.set(key, left);
  }

  return {
    most,
    enter({ organizationId, userId }) {
      const key = `${organizationId}/${userId}`;
      const taken = counts.get(key) ?? 0;
      if (taken >= most) return null;
      counts.set(key, taken + 1);
      let hasLeft = false;
      return () => {
        if (!hasLeft) leave(key);
        hasLeft = true;
      };
    },
  };
}

/** Why one more connection is refused. */
export function tooManyConnections({ most }: ConnectionLimit): string {
  return `You have ${most} connections already, and may not have more.`;
}
