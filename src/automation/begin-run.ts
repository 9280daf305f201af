/** The first step of a run: whether it may run at all, on what, and with which actions. */
import { hoursAfter } from '../engine/instant.ts';
import { asSystem } from '../commands/acting.ts';
import { recordAutomation } from './automation-session.ts';
import { MAX_CHAIN_DEPTH } from '../commands/chain-depth.ts';
import { finishRun, saveRun, type RunOutcome } from '../commands/run-session.ts';
import type { Instant } from '../engine/definition.ts';
import type { LockedRun } from '../store/automation-run-writes.ts';
import type { ActionRun, RunError } from '../store/automation-runs.ts';
import { disableRunaway, readRunnable } from '../store/automations.ts';
import { openCallbacks, type NewCallback } from '../store/callbacks.ts';
import { countRuns, readOutputEntity } from '../store/run-facts.ts';
import type { Transaction } from '../store/transaction.ts';
import type { ActionDefinition, AutomationContent } from './content.ts';
import { actionType } from './registry.ts';
import { ENTITY_LIMIT, exceeded, GENERAL_LIMIT } from './runaway.ts';

function pendingAction({ key, name, type, allowsFailure }: ActionDefinition): ActionRun {
  return {
    ...{ key, name, type, allowsFailure },
    status: 'PENDING',
    attempts: 0,
    startedAt: null,
    finishedAt: null,
    error: null,
    output: null,
    deliveryId: null,
    nextAt: null,
  };
}

/** For how long a callback can be used beside all waiting, in hours: messages before it take days, and so may a hold. */
const CALLBACK_MARGIN_HOURS = 7 * 24;
/** Of each action that waits: usable until the run has come there and waited, as far as that can be told now. */
function callbacksOf({ actions }: AutomationContent, now: Instant): NewCallback[] {
  let hours = CALLBACK_MARGIN_HOURS;
  return actions.flatMap(({ key, type: name, config }) => {
    const type = actionType(name);
    if (type?.retry !== 'WAITING') return [];
    hours += type.hoursOf(type.config.parse(config));
    return [{ key, until: hoursAfter(now, hours) }];
  });
}

interface Ready {
  readonly versionId: string;
  readonly content: AutomationContent;
  readonly entityId: string | null;
}
interface NotReady {
  readonly outcome: RunOutcome;
  readonly error: RunError;
  /** The automation is to be disabled with it. */
  readonly disables: boolean;
}

function notReady(code: string, message: string): NotReady {
  return { outcome: 'FAILED', error: { code, message }, disables: false };
}

/**
 * Whether the run may begin although its automation is disabled: the guard against runaways disabled it for runs that were set off later, however early
 * they began. What somebody retries waits until somebody has enabled the automation.
 */
function isFromBefore({ retriedAt, createdAt }: LockedRun, ranAwayAt: Instant | null): boolean {
  return ranAwayAt !== null && retriedAt === null && createdAt <= ranAwayAt;
}

/** The runs of one automation come in here one after the other: its row is locked. */
async function prepare(tx: Transaction, run: LockedRun): Promise<Ready | NotReady> {
  if (run.automationId === null)
    return notReady('AUTOMATION_NOT_FOUND', 'What the task names is no automation of this organization.');
  const automation = await readRunnable(tx, tx.organizationId, run.automationId);
  if (!automation) return notReady('AUTOMATION_NOT_FOUND', 'There is no such automation.');
  if (automation.isArchived) return notReady('AUTOMATION_ARCHIVED', 'The automation is archived.');
  if (automation.newest === null)
    return notReady('AUTOMATION_NOT_PUBLISHED', 'The automation has not been published.');
  if (!automation.isEnabled && !isFromBefore(run, automation.ranAwayAt))
    return notReady('AUTOMATION_DISABLED', 'The automation is disabled. Enable it and retry.');
  if (run.chainDepth > MAX_CHAIN_DEPTH)
    return notReady(
      'CHAIN_TOO_DEEP',
      `${MAX_CHAIN_DEPTH} automations have set each other off before this one; that is where it ends.`,
    );
  const { versionId } = automation.newest;
  // Only validated content is ever published.
  const content = automation.newest.content as AutomationContent;
  const tooMany = await runaway(tx, run, run.automationId, content);
  if (tooMany !== null)
    return {
      outcome: 'HOT',
      error: { code: 'RUNAWAY', message: tooMany },
      disables: automation.isEnabled,
    };
  return withEntity(tx, run, { versionId, content, entityId: run.entityId });
}

/** Null also for one that somebody retries: they have seen what became of it. */
async function runaway(
  tx: Transaction,
  { id: runId, retriedAt }: LockedRun,
  automationId: string,
  { limit }: AutomationContent,
): Promise<string | null> {
  if (retriedAt !== null) return null;
  const counts = await countRuns(
    tx,
    { automationId, runId },
    {
      ofAutomation: GENERAL_LIMIT.seconds,
      onEntity: ENTITY_LIMIT.seconds,
      inLimit: limit?.seconds ?? 0,
    },
  );
  return exceeded(counts, limit);
}

async function withEntity(tx: Transaction, run: LockedRun, ready: Ready): Promise<Ready | NotReady> {
  const { inputTaskKey, executionId } = run;
  if (inputTaskKey === null || executionId === null) return ready;
  const entityId = await readOutputEntity(tx, tx.organizationId, executionId, inputTaskKey);
  if (entityId !== null) return { ...ready, entityId };
  return notReady(
    'NO_INPUT_ENTITY',
    `The task "${inputTaskKey}", whose entity it is to work on, has not made or changed one.`,
  );
}

/**
 * Begins a locked run that is PENDING, or ends it at once: FAILED if it can't run, HOT if its automation runs away, which is disabled then. Answers the run if it
 * goes on, null if it is over.
 */
export async function beginRun(tx: Transaction, run: LockedRun): Promise<LockedRun | null> {
  const prepared = await prepare(tx, run);
  if ('outcome' in prepared) {
    if (prepared.disables && run.automationId !== null) {
      const version = await disableRunaway(tx, run.automationId);
      const change = { isEnabled: false, disabledReason: 'RUNAWAY' };
      recordAutomation(tx, 'AUTOMATION_DISABLED', { id: run.automationId, version }, change);
    }
    await finishRun(tx, await asSystem(tx), run, prepared.outcome, prepared.error);
    return null;
  }
  const { versionId, content, entityId } = prepared;
  await openCallbacks(tx, run.id, callbacksOf(content, tx.now));
  return saveRun(tx, run, 'AUTOMATION_RUN_PROGRESSED', {
    status: 'IN_PROGRESS',
    versionId,
    entityId,
    actions: content.actions.map(pendingAction),
    startedAt: tx.now,
  });
}
