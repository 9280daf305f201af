import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { submitJourney } from '../../src/journeys/fill-journey.ts';
import { react } from '../../src/reactions/react.ts';
import { listRuns, ALL_RUNS } from '../../src/store/automation-run-lists.ts';
import { readSubmissions } from '../../src/store/journey-submissions.ts';
import { encodePosition } from '../../src/store/event-cursor.ts';
import { globalId } from '../../src/store/global-id.ts';
import { letRun, publishedAutomation, setting } from '../support/automation-runs.ts';
import { made, opened, openedFrom, RIGHT, valueOf, withForm } from '../support/journeys.ts';
import { expectSound } from '../support/log.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

/** By hand, since the workshop’s definitions are not in the log. */
async function disable(definitionId: string): Promise<void> {
  await shop.database.pool.query('update definition set is_enabled = false where id = $1', [definitionId]);
}

async function reactToAll(): Promise<void> {
  const context = { database: shop.database, clock: () => shop.clock.now() };
  while (await react(context, shop.viewer.organizationId));
}

/** Submits the journey on an entity; answers both ids. */
async function submitted(journeyId: string, entityId: string | null): Promise<string> {
  const { sessionId } = await opened(shop, { journeyId, entityId });
  return valueOf(await submitJourney(shop.caller, { sessionId, data: RIGHT }));
}

async function startedBy(submissionId: string) {
  const { organizationId } = shop.viewer;
  const [submission] = await readSubmissions(shop.database, organizationId, [submissionId], null);
  const found = await Promise.all((submission?.startedExecutionIds ?? []).map((id) => shop.execution(id)));
  return found.map((snapshot) => snapshot?.execution);
}

describe('submitting a journey', () => {
  test('starts the workflows with a trigger for it or for any, on its entity, once', async () => {
    const [journeyId, other] = [await made(shop), await made(shop)];
    const tasks = [task('only')];
    const named = await shop.publish({ tasks, triggers: [{ type: 'JOURNEY', journeyId }] });
    const any = await shop.publish({ tasks, triggers: [{ type: 'JOURNEY', journeyId: null }] });
    await shop.publish({ tasks, triggers: [{ type: 'JOURNEY', journeyId: other }] });
    await shop.publish({ tasks });
    const off = await shop.publish({ tasks, triggers: [{ type: 'JOURNEY', journeyId }] });
    await disable(off);
    const entityId = await shop.entity();
    const id = await submitted(journeyId, entityId);
    await reactToAll();
    await reactToAll();
    const executions = await startedBy(id);
    expect(executions.map((execution) => execution?.definitionId).sort()).toEqual([named, any].sort());
    expect(executions[0]).toMatchObject({ entityId, startedBy: { type: 'SYSTEM' }, chainDepth: 0 });
    await disable(any);
  });

  test('from a task starts them, too, on the entity of its execution', async () => {
    const journeyId = await made(shop);
    const definitionId = await shop.publish({
      tasks: [task('a')],
      triggers: [{ type: 'JOURNEY', journeyId }],
    });
    const entityId = await shop.entity();
    const executionId = await shop.start({ tasks: [withForm('form', journeyId)] }, [entityId]);
    const { sessionId } = await openedFrom(shop, executionId, 'form');
    const id = valueOf(await submitJourney(shop.caller, { sessionId, data: RIGHT }));
    await reactToAll();
    expect(await startedBy(id)).toMatchObject([{ definitionId, entityId }]);
  });

  test('starts them on the entity that it makes, and nothing without one', async () => {
    const creates = { entitySchema: 'lead', title: 'Lead', attributes: [] };
    const [creating, without] = [await made(shop, { creates }), await made(shop)];
    for (const journeyId of [creating, without])
      await shop.publish({ tasks: [task('a')], triggers: [{ type: 'JOURNEY', journeyId }] });
    const [lead, none] = [await submitted(creating, null), await submitted(without, null)];
    await reactToAll();
    const [execution] = await startedBy(lead);
    expect(await shop.readEntity(execution?.entityId ?? '')).toMatchObject({ schema: 'lead' });
    expect(await startedBy(none)).toEqual([]);
  });

  test('sets off the automations with a trigger for it, which are told what was filled in', async () => {
    const [journeyId, other] = [await made(shop), await made(shop)];
    const filter = {
      connective: 'AND' as const,
      statements: [
        {
          source: { type: 'ENTITY', entitySchema: null, paths: ['zip'], match: 'ANY', offset: null } as const,
          ...({ operator: 'EQUALS', values: ['12345'], valueType: 'STATIC' as const } as const),
        },
      ],
    };
    const automationId = await publishedAutomation(shop.caller, {
      triggers: [{ type: 'JOURNEY_SUBMITTED', journeyId, filter }],
      actions: [setting('note', { told: 'In {{input.submission.data.address.city}}' })],
    });
    const entityId = await shop.entity();
    const id = await submitted(journeyId, entityId);
    await submitted(other, entityId);
    await reactToAll();
    const filterOf = { ...ALL_RUNS, automationId };
    const page = { after: null, limit: 10 };
    const runs = await listRuns(shop.database, shop.viewer.organizationId, null, filterOf, page);
    const event = (await shop.events()).find(({ subjectId }) => subjectId === id);
    expect(runs).toMatchObject([
      {
        entityId,
        trigger: { type: 'JOURNEY_SUBMITTED', eventSeq: event?.seq },
        input: {
          event: { type: 'JOURNEY_SUBMITTED', position: encodePosition(event?.seq ?? 0) },
          journey: { id: globalId('Journey', journeyId) },
          submission: { id: globalId('JourneySubmission', id), data: RIGHT },
        },
      },
    ]);
    await letRun(shop);
    expect((await shop.readEntity(entityId)).attributes).toMatchObject({ told: 'In Lindental' });
  });
});
