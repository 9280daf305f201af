/** Who is told that they stand in for somebody who has open tasks. */
import { ABOUT_NOTHING, type Notice } from '../commands/notifications.ts';
import { standInOf } from '../engine/stand-in.ts';
import { readAwayAt } from '../store/absent-now.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readOpenWork } from '../store/notification-facts.ts';
import type { Transaction } from '../store/transaction.ts';
import { dayText } from './notice-text.ts';

/** Whether it may have changed who stands in for whom. */
function mayChangeStandIns({ subjectType, type, changedFields }: StoredEvent): boolean {
  if (subjectType === 'ABSENCE') return true;
  return (
    type === 'USER_UPDATED' && changedFields.some((field) => field === 'isActive' || field === 'company')
  );
}

/**
 * Whoever stands in for somebody with open tasks is told so, once for each absence, and with how many: when it begins, and also if it is their turn
 * later, because the one before them is absent, too. What comes to the absent user after that is told to them as it comes.
 */
export async function substitutionNotices(
  tx: Transaction,
  events: readonly StoredEvent[],
): Promise<Notice[]> {
  const concerned = new Set(events.filter(mayChangeStandIns).flatMap(({ audience }) => audience));
  if (concerned.size === 0) return [];
  const away = await readAwayAt(tx, tx.organizationId, tx.now);
  const standIns = away.flatMap(({ id, absenceId, lastDay }) => {
    const substituteId = concerned.has(id) ? standInOf(id, away) : null;
    return substituteId === null ? [] : [{ absentId: id, absenceId, lastDay, substituteId }];
  });
  if (standIns.length === 0) return [];
  const work = new Map(
    (
      await readOpenWork(
        tx,
        standIns.map(({ absentId }) => absentId),
      )
    ).map((row) => [row.userId, row]),
  );
  return standIns.flatMap(({ absentId, absenceId, lastDay, substituteId }): Notice[] => {
    const { name, taskCount } = work.get(absentId) ?? { name: '', taskCount: 0 };
    if (taskCount === 0) return [];
    const tasks = taskCount === 1 ? '1 open task is' : `${taskCount} open tasks are`;
    return [
      {
        ...ABOUT_NOTHING,
        userId: substituteId,
        kind: 'SUBSTITUTION',
        dedupeKey: absenceId,
        title: `You stand in for ${name} until ${dayText(lastDay)}: ${tasks} in your inbox, too.`,
        actorId: absentId,
      },
    ];
  });
}
