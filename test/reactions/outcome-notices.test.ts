/** Who is told how a task has ended that somebody else worked, by notifications, from the command on. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answerConfirmation } from '../../src/commands/confirmations.ts';
import { fetchTasks, handBackExternalTask, type LeaseInput } from '../../src/commands/external-tasks.ts';
import { commandTask } from '../../src/commands/tasks.ts';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import { handOver } from '../support/confirmations.ts';
import { externalTask } from '../support/external-tasks.ts';
import { expectSound } from '../support/log.ts';
import { createNotifying, inShort, type Notifying } from '../support/notifying.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, valueOf, type Workshop } from '../support/workshop.ts';

const PLACE = '(Solar installation, Order 1)';
const MONDAY = '2026-03-02T08:00:00.000Z';

let shop: Workshop;
let notifying: Notifying;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
});
beforeEach(() => {
  shop.clock.set(MONDAY);
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

/** Starts a task of theirs, and forgets what that told. */
async function begin(...assignees: readonly AssigneeRef[]): Promise<string> {
  const run = await shop.start({ tasks: [task('visit', { assignees }), task('after')] });
  await notifying.react();
  await notifying.told();
  return run;
}

async function news(): Promise<string[]> {
  await notifying.react();
  return inShort(await notifying.told());
}

function answer(token: string, what: 'CONFIRMED' | 'DECLINED', by: string | null) {
  return answerConfirmation(shop.caller, token, { answer: what, by, comment: null });
}

describe('of a task that somebody outside confirms', () => {
  test('who asked and who is responsible are told the answer, and by whom', async () => {
    const bert = await notifying.user('bert');
    const token = await handOver(shop, await begin(bert.ref));
    await answer(token, 'CONFIRMED', 'Clara');
    expect((await news()).sort()).toEqual([
      `anna CONFIRMATION: Clara confirmed “visit” ${PLACE}.`,
      `bert CONFIRMATION: Clara confirmed “visit” ${PLACE}.`,
    ]);
    await answer(token, 'CONFIRMED', 'Clara');
    expect(await news()).toEqual([]);
  });

  test('they are told that it was declined, also if nobody says by whom', async () => {
    const token = await handOver(shop, await begin());
    await answer(token, 'DECLINED', null);
    expect(await news()).toEqual([`anna CONFIRMATION: “visit” was declined ${PLACE}.`]);
  });

  test('they are told that nobody answered in time, once', async () => {
    const run = await begin();
    await handOver(shop, run);
    shop.clock.advance(8 * 24 * 3_600_000);
    const place = { organizationId: shop.viewer.organizationId, executionId: run };
    await wakeExecution({ ...shop.caller }, place);
    expect(await news()).toEqual([`anna CONFIRMATION: Nobody confirmed “visit” in time ${PLACE}.`]);
    await wakeExecution({ ...shop.caller }, place);
    expect(await news()).toEqual([]);
  });

  test('they are told nothing of what was withdrawn', async () => {
    const run = await begin();
    await handOver(shop, run);
    await shop.give(run, 'visit', 'WITHDRAW_CONFIRMATION');
    expect(await news()).toEqual([]);
  });
});

describe('of a task that a program hands back', () => {
  /** A task of theirs that a program has, told of. */
  async function fetched(...assignees: readonly AssigneeRef[]): Promise<LeaseInput> {
    await shop.start({ tasks: [externalTask('visit', {}, { assignees }), task('after')] });
    const wanted = { workerName: 'Robot', topics: ['check'], maxTasks: 1 };
    const [one] = valueOf(await fetchTasks(shop.caller, wanted));
    if (!one) throw new Error('there is no task');
    await notifying.react();
    await notifying.told();
    return { taskId: one.task.id, leaseToken: one.leaseToken };
  }
  async function handBack(lease: LeaseInput): Promise<void> {
    valueOf(await handBackExternalTask(shop.caller, { ...lease, reason: 'A signature is missing.' }));
  }

  test('who is responsible is told that it is for people now', async () => {
    const bert = await notifying.user('bert');
    await handBack(await fetched(bert.ref));
    expect(await news()).toEqual([`bert ASSIGNMENT: Robot handed “visit” back to people ${PLACE}.`]);
  });

  test('nobody is told once it is done', async () => {
    const bert = await notifying.user('bert');
    const lease = await fetched(bert.ref);
    await handBack(lease);
    valueOf(await commandTask(shop.caller, { type: 'COMPLETE_TASK', taskId: lease.taskId }));
    expect(await news()).toEqual([]);
  });
});

describe('of a task that fails', () => {
  test('who is responsible is told, but not who failed it', async () => {
    const bert = await notifying.user('bert');
    const own = { type: 'USER', id: shop.viewer.userId } as const;
    const run = await begin(bert.ref, own);
    await shop.give(run, 'visit', 'FAIL_TASK', { reason: 'No roof.' });
    expect(await news()).toEqual([`bert FAILURE: “visit” has failed ${PLACE}.`]);
  });

  test('nobody is told once it goes on', async () => {
    const bert = await notifying.user('bert');
    const run = await begin(bert.ref);
    await shop.give(run, 'visit', 'FAIL_TASK', { reason: 'No roof.' });
    await shop.give(run, 'visit', 'RETRY_TASK');
    expect(await news()).toEqual([]);
  });
});
