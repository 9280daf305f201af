/** For whom somebody acts who stands in. */
import type { TaskData } from '../engine/state.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Viewer } from './viewer.ts';

/**
 * The absent user for whom the viewer would work the task: it is that user's, and only through them the viewer's. Null if it is the viewer's own or
 * their team's, or if they stand in for none of those who are responsible.
 */
export function actsFor(
  viewer: Viewer,
  { assignees, claimedById }: Pick<TaskData, 'assignees' | 'claimedById'>,
): string | null {
  const { userId, teamIds, standsInFor } = viewer;
  if (standsInFor.length === 0 || claimedById === userId) return null;
  if (assignees.some(({ id }) => id === userId || teamIds.includes(id))) return null;
  return assignees.find(({ type, id }) => type === 'USER' && standsInFor.includes(id))?.id ?? null;
}

/** The same transaction, in which everything is recorded as done for this user, unless it says for whom; null: for nobody else. */
export function onBehalfOf(tx: Transaction, userId: string | null): Transaction {
  if (userId === null) return tx;
  return {
    ...tx,
    record(...events) {
      tx.record(...events.map((event) => ({ onBehalfOfId: userId, ...event })));
    },
  };
}
