/** What becomes of a run when a message that one of its actions sends has arrived, was tried in vain, or was given up. */
import { saveRun, takeRun } from '../commands/run-session.ts';
import { isRunOver } from '../store/automation-runs.ts';
import type { DeliveryOutcome, DeliveryOwner } from '../store/deliveries.ts';
import { letRunsGoOn } from '../store/run-jobs.ts';
import type { Transaction } from '../store/transaction.ts';
import { failAction, passAction, withAction, type Step } from './do-action.ts';

/**
 * Tells the run, in the transaction that writes down what became of the message. Nothing happens if the run does not wait for it any more. Locks the run's execution
 * and the run, so the message has to be locked after them.
 */
export async function deliverySettled(
  tx: Transaction,
  { runId, actionKey, deliveryId }: DeliveryOwner & { readonly deliveryId: string },
  outcome: DeliveryOutcome,
): Promise<void> {
  const run = await takeRun(tx, runId);
  const action = run?.actions.find(({ key }) => key === actionKey);
  if (!run || isRunOver(run.status) || action?.status !== 'IN_PROGRESS') return;
  if (action.deliveryId !== deliveryId) return;
  const passed = { ...action, error: null, finishedAt: tx.now, nextAt: null };
  let next: Step = 'REST';
  switch (outcome.status) {
    case 'DELIVERED': {
      const { output, attempts } = outcome;
      next = await passAction(tx, run, { ...passed, status: 'SUCCESS', output, attempts });
      break;
    }
    case 'NOT_SENT': {
      const error = {
        code: 'NOT_SENT',
        message: 'There is no mail server (SMTP_URL), so the message is kept.',
      };
      next = await passAction(tx, run, { ...passed, status: 'SKIPPED', error });
      break;
    }
    case 'RETRYING': {
      const { error, attempts, nextAt } = outcome;
      const actions = withAction(run, { ...action, error, attempts, nextAt });
      await saveRun(tx, run, 'AUTOMATION_RUN_PROGRESSED', { actions });
      break;
    }
    case 'PARKED': {
      if (action.error?.code === outcome.error.code) break;
      const actions = withAction(run, { ...action, error: outcome.error, nextAt: null });
      await saveRun(tx, run, 'AUTOMATION_RUN_PROGRESSED', { actions });
      break;
    }
    case 'FAILED':
      next = await failAction(tx, run, { ...action, attempts: outcome.attempts }, outcome.error);
      break;
    case 'CANCELLED': {
      const error = {
        code: 'ENDPOINT_DELETED',
        message: 'The endpoint was deleted before the message had arrived.',
      };
      next = await failAction(tx, run, action, error);
    }
  }
  if (next === 'AGAIN') await letRunsGoOn(tx, [runId]);
}
