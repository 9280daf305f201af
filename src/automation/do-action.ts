/** One step of a run: its next action, done or begun, in the transaction that writes it down. */
import { v7 as uuidv7 } from 'uuid';
import { asSystem } from '../commands/acting.ts';
import { finishRun, saveRun } from '../commands/run-session.ts';
import type { LockedRun, RunState } from '../store/automation-run-writes.ts';
import type { ActionRun, RunError } from '../store/automation-runs.ts';
import { insertDeliveries } from '../store/deliveries.ts';
import { lockDelivery, readDelivery, resendDelivery } from '../store/delivery-writes.ts';
import { readRunFacts } from '../store/run-facts.ts';
import { letRunsGoOn } from '../store/run-jobs.ts';
import type { Transaction } from '../store/transaction.ts';
import { allowedOutcome, type ActionOutcome } from './action-type.ts';
import type { AutomationContent } from './content.ts';
import { actionType } from './registry.ts';
import { variablesOf } from './run-variables.ts';
import { checkEndpoint } from './usable-endpoint.ts';

/** Whether the run can go on at once, or waits or is over. */
export type Step = 'AGAIN' | 'REST';

function isPassed({ status, allowsFailure }: ActionRun): boolean {
  return status === 'SUCCESS' || status === 'SKIPPED' || (status === 'FAILED' && allowsFailure);
}

/** The action that the run is at; null if all are passed. */
export function currentAction({ actions }: LockedRun): ActionRun | null {
  return actions.find((action) => !isPassed(action)) ?? null;
}

/** The run's actions with one in place of the one of the same key. */
export function withAction({ actions }: LockedRun, action: ActionRun): readonly ActionRun[] {
  return actions.map((other) => (other.key === action.key ? action : other));
}

/** Writes an action that is passed, and ends the run with the last one. */
export async function passAction(
  tx: Transaction,
  run: LockedRun,
  action: ActionRun,
  change: Partial<RunState> = {},
): Promise<Step> {
  const actions = withAction(run, action);
  if (!actions.every(isPassed)) {
    const status = run.isHeld ? 'PAUSED' : 'IN_PROGRESS';
    const goesOn = run.status === 'PAUSED' && status === 'IN_PROGRESS';
    const type = goesOn ? 'AUTOMATION_RUN_RESUMED' : 'AUTOMATION_RUN_PROGRESSED';
    await saveRun(tx, run, type, { ...change, status, actions });
    return 'AGAIN';
  }
  const outcome = actions.every(({ status }) => status === 'SKIPPED') ? 'SKIPPED' : 'SUCCESS';
  await finishRun(tx, await asSystem(tx), run, outcome, null, { ...change, actions });
  return 'REST';
}

/** Writes an action that failed: the run fails with it, unless it may fail. */
export async function failAction(
  tx: Transaction,
  run: LockedRun,
  action: ActionRun,
  error: RunError,
): Promise<Step> {
  const failed: ActionRun = { ...action, status: 'FAILED', error, finishedAt: tx.now, nextAt: null };
  if (action.allowsFailure) return passAction(tx, run, failed);
  await finishRun(tx, await asSystem(tx), run, 'FAILED', error, { actions: withAction(run, failed) });
  return 'REST';
}

async function settle(
  tx: Transaction,
  run: LockedRun,
  action: ActionRun,
  outcome: ActionOutcome,
): Promise<Step> {
  switch (outcome.type) {
    case 'DONE': {
      const done: ActionRun = {
        ...action,
        status: 'SUCCESS',
        output: outcome.output,
        finishedAt: tx.now,
        nextAt: null,
      };
      return passAction(
        tx,
        run,
        done,
        outcome.entityId === undefined ? {} : { outputEntityId: outcome.entityId },
      );
    }
    case 'SKIPPED': {
      const error = { code: 'NOTHING_TO_DO', message: outcome.reason };
      return passAction(tx, run, { ...action, status: 'SKIPPED', error, finishedAt: tx.now, nextAt: null });
    }
    case 'DELIVER': {
      const deliveryId = uuidv7();
      const owner = { runId: run.id, actionKey: action.key };
      await insertDeliveries(tx, [{ ...outcome.delivery, id: deliveryId, owner }]);
      // From here on, how often it was tried is how often it was sent.
      const actions = withAction(run, { ...action, status: 'IN_PROGRESS', deliveryId, attempts: 0 });
      await saveRun(tx, run, 'AUTOMATION_RUN_PROGRESSED', { status: 'IN_PROGRESS', actions });
      return 'REST';
    }
    case 'WAIT':
      return wait(tx, run, action, outcome.until);
  }
}

/** It waits until the time that it was told first, however often it is looked at. */
async function wait(tx: Transaction, run: LockedRun, action: ActionRun, until: string): Promise<Step> {
  const nextAt = (action.status === 'PAUSED' ? action.nextAt : null) ?? until;
  if (nextAt <= tx.now)
    return failAction(tx, run, action, {
      code: 'CALLBACK_EXPIRED',
      message: `Nobody called back until ${nextAt}.`,
    });
  await letRunsGoOn(tx, [run.id], Date.parse(nextAt) - Date.parse(tx.now));
  // One that was held while it waited has gone on since.
  if (action.status !== 'PAUSED' || run.status !== 'PAUSED') {
    const actions = withAction(run, { ...action, status: 'PAUSED', nextAt });
    await saveRun(tx, run, 'AUTOMATION_RUN_PAUSED', { status: 'PAUSED', actions });
  }
  return 'REST';
}

/** Sends the message of an action again, under the same id. Its endpoint may have been disabled or deleted since. */
async function sendAgain(
  tx: Transaction,
  run: LockedRun,
  action: ActionRun,
  deliveryId: string,
): Promise<Step> {
  const endpointId = (await readDelivery(tx, tx.organizationId, deliveryId))?.endpointId ?? null;
  if (endpointId !== null) await checkEndpoint(tx, endpointId);
  await lockDelivery(tx, tx.organizationId, deliveryId);
  await resendDelivery(tx, deliveryId);
  const actions = withAction(run, { ...action, status: 'IN_PROGRESS', error: null, nextAt: null });
  await saveRun(tx, run, 'AUTOMATION_RUN_PROGRESSED', { status: 'IN_PROGRESS', actions });
  return 'REST';
}

/** Ends a run that has done everything, but whose task was failed and tried again meanwhile: it is over now, too. */
async function tellAgain(tx: Transaction, run: LockedRun): Promise<Step> {
  const isSkipped = run.actions.every(({ status }) => status === 'SKIPPED');
  await finishRun(tx, await asSystem(tx), run, isSkipped ? 'SKIPPED' : 'SUCCESS', null);
  return 'REST';
}

/**
 * Does the action that a locked run is at, as far as it can be done now. Throws what the action throws: nothing of it may be kept then.
 *
 * @param onAction - told the action's key before it is done, so that whoever catches knows what failed.
 */
export async function doAction(
  tx: Transaction,
  run: LockedRun,
  publicUrl: string,
  onAction: (key: string) => void,
): Promise<Step> {
  if (run.isHeld) return 'REST';
  const present = currentAction(run);
  if (!present) return tellAgain(tx, run);
  // A message that is on its way lets its run go on when it has arrived.
  if (present.status === 'IN_PROGRESS') return 'REST';
  onAction(present.key);
  if (present.status === 'PENDING' && present.deliveryId !== null)
    return sendAgain(tx, run, present, present.deliveryId);
  const facts = await readRunFacts(tx, tx.organizationId, run);
  const definition = (facts.content as AutomationContent | null)?.actions.find(
    ({ key }) => key === present.key,
  );
  const type = actionType(present.type);
  if (!definition || !type) throw new Error(`the action ${present.key} of run ${run.id} has no definition`);
  const isNew = present.status === 'PENDING';
  const action: ActionRun = {
    ...present,
    attempts: present.attempts + (isNew ? 1 : 0),
    startedAt: present.startedAt ?? tx.now,
    error: null,
    // Until when it waits stays; when it was to be tried again is over.
    nextAt: isNew ? null : present.nextAt,
  };
  const variables = variablesOf(run, facts, publicUrl);
  const outcome = await type.run(
    { tx, run, actionKey: action.key, variables },
    type.config.parse(definition.config),
  );
  return settle(tx, run, action, allowedOutcome(type, outcome));
}
