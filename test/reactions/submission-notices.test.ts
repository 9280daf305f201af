/** Who is told that a customer has filled in the form of a task. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import { submitJourney } from '../../src/journeys/fill-journey.ts';
import { byToken, made, openedFrom, RIGHT, valueOf, withForm } from '../support/journeys.ts';
import { expectSound } from '../support/log.ts';
import { createNotifying, inShort, type Notifying } from '../support/notifying.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
let notifying: Notifying;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

/** The open form of a task of theirs, opened by anna; what that told is forgotten. */
async function aForm(completesTask: boolean, ...assignees: readonly AssigneeRef[]) {
  const form = withForm('form', await made(shop), { completesTask }, { assignees });
  const executionId = await shop.start({ tasks: [form, task('after')] });
  const opened = await openedFrom(shop, executionId, 'form');
  await news();
  return { ...opened, executionId };
}

async function news(): Promise<string[]> {
  await notifying.react();
  return inShort(await notifying.told()).sort();
}

const TOLD = 'SUBMISSION: The form of “form” was filled in (Solar installation, Order 1).';

test('who is responsible and who opened it are told, once', async () => {
  const bert = await notifying.user('bert');
  const { token } = await aForm(false, bert.ref);
  await byToken(shop).submit(token, RIGHT);
  const events = await notifying.react();
  expect(inShort(await notifying.told()).sort()).toEqual([`anna ${TOLD}`, `bert ${TOLD}`]);
  await notifying.reactTo(events);
  expect(await news()).toEqual([]);
});

test('who opened it is told if nobody is responsible', async () => {
  const { token } = await aForm(false);
  await byToken(shop).submit(token, RIGHT);
  expect(await news()).toEqual([`anna ${TOLD}`]);
});

test('nobody is told of a form that completes its task, or of a task that is completed by then', async () => {
  const { token } = await aForm(true);
  await byToken(shop).submit(token, RIGHT);
  expect(await news()).toEqual([]);
  const late = await aForm(false);
  await byToken(shop).submit(late.token, RIGHT);
  await shop.give(late.executionId, 'form', 'COMPLETE_TASK');
  expect(await news()).toEqual([]);
});

test('nobody is told of what a colleague filled in', async () => {
  const bert = await notifying.user('bert');
  const { sessionId } = await aForm(false, bert.ref);
  valueOf(await submitJourney(shop.caller, { sessionId, data: RIGHT }));
  expect(await news()).toEqual([]);
});
