/** What the time alone does to absences: they begin, and they end. */
import { lockDueAbsences, updateAbsence } from '../store/absences.ts';
import type { Transaction } from '../store/transaction.ts';
import { recordAbsence } from './absences.ts';

/**
 * Tells of those absences of the organization, at most `limit`, that have begun or ended by now: each once, for what is told is kept with it. One
 * that passed while nobody looked is only told to have ended. Answers how many.
 */
export async function tellAbsenceChanges(tx: Transaction, limit: number): Promise<number> {
  const due = await lockDueAbsences(tx, limit);
  for (const { isOver, ...absence } of due) {
    const status = isOver ? 'OVER' : 'ACTIVE';
    const version = await updateAbsence(tx, { ...absence, status });
    await recordAbsence(
      tx,
      isOver ? 'ABSENCE_ENDED' : 'ABSENCE_STARTED',
      { ...absence, version },
      { status },
    );
  }
  return due.length;
}
