import { afterAll, beforeAll, expect, test } from 'vitest';
import { disableAutomation } from '../../src/automation/automations-life.ts';
import type { AutomationContent } from '../../src/automation/content.ts';
import { createAutomation } from '../../src/automation/automations.ts';
import { disableRunaway, lockAutomation, readRunnable, readTriggered } from '../../src/store/automations.ts';
import { insertAutomationVersion } from '../../src/store/automations-writes.ts';
import { automation, publishedAutomation } from '../support/automation-runs.ts';
import { eventually } from '../support/eventually.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

const scope = () => ({
  organizationId: shop.viewer.organizationId,
  actorId: null,
  now: shop.clock.now().toISOString(),
});

test('Events can set off the automations that are enabled, published and have a trigger for events', async () => {
  const filter = { connective: 'AND', statements: [] } as const;
  const triggers: AutomationContent['triggers'] = [
    { type: 'ENTITY_CREATED', entitySchema: null, paths: [], filter },
  ];
  const id = await publishedAutomation(shop.caller, { triggers });
  const disabled = await publishedAutomation(shop.caller, { triggers });
  await disableAutomation(shop.caller, { automationId: disabled });
  await publishedAutomation(shop.caller);
  await createAutomation(shop.caller, { content: automation({ triggers }) });
  const found = await readTriggered(shop.database, shop.viewer.organizationId);
  expect(found).toMatchObject([{ id, content: { triggers } }]);
});

test('A run that waits for a publication sees the version that was published', async () => {
  const automationId = await publishedAutomation(shop.caller);
  const organizationId = shop.viewer.organizationId;
  const reading = await shop.database.transaction(scope(), async (tx) => {
    await lockAutomation(tx, organizationId, automationId);
    await insertAutomationVersion(tx, automationId, { id: crypto.randomUUID(), number: 2 });
    const waiting = shop.database.transaction(scope(), (other) =>
      readRunnable(other, organizationId, automationId),
    );
    await eventually(async () => {
      const { rows } = await shop.database.pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%from automation a%'`,
      );
      expect(rows).toHaveLength(1);
    });
    return { waiting };
  });
  expect((await reading.value.waiting).value).toMatchObject({ newest: { number: 2 } });
});

test('An automation that runs away is disabled by the system', async () => {
  const automationId = await publishedAutomation(shop.caller);
  const { value } = await shop.database.transaction(scope(), async (tx) => {
    const version = await disableRunaway(tx, automationId);
    return { version, now: await lockAutomation(tx, tx.organizationId, automationId) };
  });
  expect(value).toMatchObject({
    version: 3,
    now: { version: 3, isEnabled: false, disabledById: null, disabledReason: 'RUNAWAY' },
  });
});
