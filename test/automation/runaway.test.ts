/** The guard against runaways, when runs begin late or in another order than they were set off. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enableAutomation } from '../../src/automation/automations-life.ts';
import { runAutomation } from '../../src/automation/run.ts';
import { retryRun, startRun } from '../../src/commands/automation-runs.ts';
import { letRun, publishedAutomation, runningContext, valueOf } from '../support/automation-runs.ts';
import { readRun, startOn } from '../support/workshop-runs.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
beforeEach(async () => {
  await shop.database.pool.query('delete from graphile_worker._private_jobs');
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

/** An automation of which at most two runs may be set off within a minute. */
function atMostTwo(): Promise<string> {
  return publishedAutomation(shop.caller, { limit: { runs: 2, seconds: 60 } });
}

async function setOff(automationId: string, times: number): Promise<string[]> {
  const runs: string[] = [];
  for (let time = 0; time < times; time += 1) {
    runs.push(await startOn(shop, automationId, await shop.entity()));
    shop.clock.advance(1_000);
  }
  return runs;
}

async function begin(runIds: readonly string[]): Promise<void> {
  const { organizationId } = shop.viewer;
  for (const runId of runIds) await runAutomation(runningContext(shop), { organizationId, runId });
}

async function statuses(runIds: readonly string[]): Promise<string[]> {
  return Promise.all(runIds.map(async (id) => (await readRun(shop, id)).status));
}

describe('of runs that were set off too often', () => {
  test('the first go through and the others are HOT, however much later they begin', async () => {
    const runs = await setOff(await atMostTwo(), 4);
    shop.clock.advance(3_600_000);
    await begin(runs);
    expect(await statuses(runs)).toEqual(['SUCCESS', 'SUCCESS', 'HOT', 'HOT']);
  });

  test('these are the same in whichever order they begin', async () => {
    const automationId = await atMostTwo();
    const runs = await setOff(automationId, 4);
    await begin([...runs].reverse());
    expect(await statuses(runs)).toEqual(['SUCCESS', 'SUCCESS', 'HOT', 'HOT']);
    const disabled = (await shop.events()).filter(
      ({ type, subjectId }) => type === 'AUTOMATION_DISABLED' && subjectId === automationId,
    );
    expect(disabled).toHaveLength(1);
  });

  test('more than a hundred in half a minute are HOT, although nobody worked while they came', async () => {
    const automationId = await publishedAutomation(shop.caller, { triggers: [{ type: 'API' }] });
    const runs: string[] = [];
    for (let run = 0; run < 103; run += 1)
      runs.push(valueOf(await startRun(shop.caller, { automationId, entityId: null, data: {} })));
    shop.clock.advance(40_000);
    await begin(runs);
    const found = await statuses(runs);
    expect(found.filter((status) => status === 'HOT')).toHaveLength(3);
    expect(found.slice(100)).toEqual(['HOT', 'HOT', 'HOT']);
  });

  test('what was set off before somebody enabled the automation again counts no more', async () => {
    const automationId = await atMostTwo();
    await begin(await setOff(automationId, 3));
    shop.clock.advance(1_000);
    await enableAutomation(shop.caller, { automationId });
    const runs = await setOff(automationId, 3);
    await begin(runs);
    expect(await statuses(runs)).toEqual(['SUCCESS', 'SUCCESS', 'HOT']);
  });

  test('one that somebody retries goes through once the automation is enabled again', async () => {
    const automationId = await atMostTwo();
    const runs = await setOff(automationId, 3);
    await begin(runs);
    const last = runs.at(-1) ?? '';
    valueOf(await retryRun(shop.caller, { runId: last, from: 'FAILED_ACTION' }));
    await letRun(shop);
    expect(await readRun(shop, last)).toMatchObject({
      status: 'FAILED',
      error: { code: 'AUTOMATION_DISABLED' },
    });
    await enableAutomation(shop.caller, { automationId });
    valueOf(await retryRun(shop.caller, { runId: last, from: 'FAILED_ACTION' }));
    await letRun(shop);
    expect((await readRun(shop, last)).status).toBe('SUCCESS');
  });
});

test('what is set off after the guard has disabled its automation does not run', async () => {
  const automationId = await atMostTwo();
  const [first = '', ...others] = await setOff(automationId, 3);
  await begin(others);
  shop.clock.advance(1_000);
  // As a task of a workflow does, which asks nobody.
  await shop.database.pool.query(`update automation_run set created_at = $2 where id = $1`, [
    first,
    shop.clock.now().toISOString(),
  ]);
  await begin([first]);
  expect(await readRun(shop, first)).toMatchObject({
    status: 'FAILED',
    error: { code: 'AUTOMATION_DISABLED' },
  });
});
