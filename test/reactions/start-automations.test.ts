import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AutomationContent, AutomationTrigger, TriggerFilter } from '../../src/automation/content.ts';
import { disableAutomation } from '../../src/automation/automations-life.ts';
import { deleteEntity, updateEntity } from '../../src/commands/entities.ts';
import { mergePatch, type JsonObject } from '../../src/commands/merge-patch.ts';
import { sameJson } from '../../src/engine/json.ts';
import { react } from '../../src/reactions/react.ts';
import { startAutomations } from '../../src/reactions/start-automations.ts';
import type { RunRecord } from '../../src/store/automation-runs.ts';
import { readRuns } from '../../src/store/automation-run-reads.ts';
import { globalId } from '../../src/store/global-id.ts';
import { action, letRun, publishedAutomation, setting } from '../support/automation-runs.ts';
import { equals, task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
const published: string[] = [];

beforeAll(async () => {
  shop = await openWorkshop();
});
// Automations of other tests stay quiet.
beforeEach(async () => {
  for (const automationId of published.splice(0)) await disableAutomation(shop.caller, { automationId });
  await reactAll();
  await shop.database.pool.query('delete from graphile_worker._private_jobs');
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

const ANY: TriggerFilter = { connective: 'AND', statements: [] };
const WON: TriggerFilter = { connective: 'AND', statements: [equals('status', 'won')] };

function onEntity(
  type: 'ENTITY_CREATED' | 'ENTITY_UPDATED' | 'ENTITY_DELETED',
  parts: { readonly paths?: readonly string[]; readonly filter?: TriggerFilter } = {},
): AutomationTrigger {
  return { type, entitySchema: null, paths: [], filter: ANY, ...parts };
}

function onEvents(eventTypes: readonly string[], filter = ANY): AutomationTrigger {
  return { type: 'EXECUTION_EVENT', eventTypes, definitionId: null, taskKey: null, filter };
}

/** Publishes an automation with this trigger; answers its id. */
async function triggered(
  trigger: AutomationTrigger,
  actions: AutomationContent['actions'] = [setting('mark', { done: 'yes' })],
): Promise<string> {
  const id = await publishedAutomation(shop.caller, { triggers: [trigger], actions });
  published.push(id);
  return id;
}

function reactSome(batchSize: number): Promise<boolean> {
  const context = { database: shop.database, clock: () => shop.clock.now() };
  return react(context, shop.viewer.organizationId, { batchSize, reactions: [startAutomations] });
}

async function reactAll(batchSize = 200): Promise<void> {
  while (await reactSome(batchSize));
}

async function change(id: string, attributes: JsonObject): Promise<void> {
  const result = await updateEntity(shop.caller, { id, attributes });
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
}

async function remove(id: string): Promise<void> {
  const result = await deleteEntity(shop.caller, { id });
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
}

/** The places of the events that set it off, in order. */
async function firedAt(automationId: string): Promise<number[]> {
  const { rows } = await shop.database.pool.query<{ seq: number }>(
    `select (trigger->>'eventSeq')::int as seq from automation_run where automation_id = $1 order by seq`,
    [automationId],
  );
  return rows.map(({ seq }) => seq);
}

async function onlyRun(automationId: string): Promise<RunRecord> {
  const { rows } = await shop.database.pool.query<{ id: string }>(
    `select id from automation_run where automation_id = $1`,
    [automationId],
  );
  expect(rows).toHaveLength(1);
  const [run] = await readRuns(shop.database, shop.viewer.organizationId, [rows[0]?.id ?? ''], null);
  if (!run) throw new Error('no run');
  return run;
}

async function rowsKept(): Promise<number> {
  const { rows } = await shop.database.pool.query<{ count: number }>(
    'select count(*)::int as count from entity_before',
  );
  return rows[0]?.count ?? 0;
}

describe('a filter', () => {
  test('is judged by the entity as the event left it, whatever happened since', async () => {
    const won = await triggered(onEntity('ENTITY_UPDATED', { filter: WON }));
    const id = await shop.entity({ status: 'open' });
    for (let times = 0; times < 10; times += 1) {
      await change(id, { status: 'won' });
      await change(id, { status: 'lost' });
    }
    await reactAll();
    expect(await firedAt(won)).toHaveLength(10);
  });

  test('is judged so also if the entity is gone by now', async () => {
    const won = await triggered(onEntity('ENTITY_CREATED', { filter: WON }));
    await remove(await shop.entity({ status: 'won' }));
    await reactAll();
    expect(await firedAt(won)).toHaveLength(1);
  });

  test('on dates is judged by the time of the event, however much later it is looked at', async () => {
    const isToday: TriggerFilter = {
      connective: 'AND',
      statements: [{ ...equals('day', 'today'), valueType: 'RELATIVE_DATE' }],
    };
    const today = await triggered(onEntity('ENTITY_CREATED', { filter: isToday }));
    await shop.entity({ day: shop.clock.now().toISOString().slice(0, 10) });
    shop.clock.advance(2 * 24 * 3_600_000);
    await reactAll();
    expect(await firedAt(today)).toHaveLength(1);
  });

  test('keeps nothing of what has been reacted to', async () => {
    const id = await shop.entity({ status: 'open' });
    await change(id, { status: 'won' });
    await remove(id);
    expect(await rowsKept()).toBe(2);
    await reactAll();
    expect(await rowsKept()).toBe(0);
  });
});

/** The entity that the steps are about. */
interface Present {
  readonly id: string;
  readonly is: JsonObject;
  readonly isUsed: boolean;
}

type Step =
  | { readonly type: 'CREATE' | 'UPDATE'; readonly patch: JsonObject }
  | { readonly type: 'DELETE' | 'START' }
  | { readonly type: 'REACT'; readonly batchSize: number };

const patch = fc.record(
  {
    status: fc.constantFrom('won', 'lost', null),
    customer: fc.record(
      { city: fc.constantFrom('Lindental', 'Bergen'), name: fc.constantFrom('Ann', 'Bo') },
      { requiredKeys: [] },
    ),
    items: fc.array(fc.record({ price: fc.nat(2) }), { maxLength: 2 }),
    'delivery.date': fc.constantFrom('2026-03-02', '2026-03-03', null),
  },
  { requiredKeys: [] },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: patch.map((given) => ({ type: 'UPDATE', patch: given }) as const) },
  { weight: 2, arbitrary: patch.map((given) => ({ type: 'CREATE', patch: given }) as const) },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'DELETE' } as const, { type: 'START' } as const) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 4 }).map((batchSize) => ({ type: 'REACT', batchSize }) as const),
  },
);

test('whatever happens to entities, each event sets off what its trigger plainly says', async () => {
  const automations = {
    created: await triggered(onEntity('ENTITY_CREATED', { filter: WON })),
    won: await triggered(onEntity('ENTITY_UPDATED', { filter: WON })),
    price: await triggered(onEntity('ENTITY_UPDATED', { paths: ['items[*].price', 'customer.city'] })),
    date: await triggered(onEntity('ENTITY_UPDATED', { paths: ['["delivery.date"]'], filter: WON })),
    deleted: await triggered(onEntity('ENTITY_DELETED', { filter: WON })),
    started: await triggered(onEvents(['EXECUTION_STARTED'], WON)),
  };
  await reactAll();

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
      const from = (await shop.events()).at(-1)?.seq ?? 0;
      const expected = Object.fromEntries(Object.keys(automations).map((name) => [name, [] as number[]]));
      let present = null as Present | null;
      const expectAt = async (
        name: keyof typeof automations,
        type: string,
        isDue: boolean,
      ): Promise<void> => {
        const seq = (await shop.events()).findLast((event) => event.type === type)?.seq ?? 0;
        if (isDue) expected[name]?.push(seq);
      };
      for (const one of steps) {
        if (one.type === 'REACT') await reactSome(one.batchSize);
        else if (one.type === 'CREATE') {
          const is = mergePatch({}, one.patch);
          present = { id: await shop.entity(is), is, isUsed: false };
          await expectAt('created', 'ENTITY_CREATED', is['status'] === 'won');
        } else if (present === null) continue;
        else if (one.type === 'UPDATE') {
          const before = present.is;
          const is = mergePatch(before, one.patch);
          await change(present.id, one.patch);
          present = { ...present, is };
          if (sameJson(is, before)) continue;
          const differs = (name: string, inner?: string) => {
            const [old, next] = [before, is].map((object) => {
              const value = object[name] as JsonObject | undefined;
              return inner === undefined ? value : value?.[inner];
            });
            return !sameJson(old ?? null, next ?? null);
          };
          const isWon = is['status'] === 'won';
          await expectAt('won', 'ENTITY_UPDATED', isWon);
          await expectAt('price', 'ENTITY_UPDATED', differs('items') || differs('customer', 'city'));
          await expectAt('date', 'ENTITY_UPDATED', isWon && differs('delivery.date'));
        } else if (one.type === 'START') {
          await shop.start({ tasks: [task('only')] }, [present.id]);
          present = { ...present, isUsed: true };
          await expectAt('started', 'EXECUTION_STARTED', present.is['status'] === 'won');
        } else if (!present.isUsed) {
          await remove(present.id);
          await expectAt('deleted', 'ENTITY_DELETED', present.is['status'] === 'won');
          present = null;
        }
      }
      await reactAll(3);
      for (const [name, automationId] of Object.entries(automations)) {
        const fired = (await firedAt(automationId)).filter((seq) => seq > from);
        expect({ [name]: fired }).toEqual({ [name]: expected[name] });
      }
      expect(await rowsKept()).toBe(0);
    }),
    { numRuns: 25 },
  );
});

const PLANNING = {
  key: 'p',
  name: 'Planning',
  assignees: [],
  dueAt: null,
  dueRule: null,
  escalations: [],
  labels: [],
};

describe('what a run knows of the event that set it off', () => {
  const keeping = (values: Readonly<Record<string, string>>) => [
    action('note', 'CREATE_ENTITY', {
      schema: 'note',
      title: 'Note',
      attributes: Object.entries(values).map(([target, value]) => ({ target, mode: 'SET', value })),
    }),
  ];

  /** The attributes of the entity that its run made. */
  async function noted(automationId: string): Promise<unknown> {
    await reactAll();
    await letRun(shop);
    const { outputEntityId } = await onlyRun(automationId);
    return (await shop.readEntity(outputEntityId ?? '')).attributes;
  }

  test('is the deleted entity as it was', async () => {
    const automationId = await triggered(
      onEntity('ENTITY_DELETED'),
      keeping({
        id: '{{entityId}}',
        title: '{{entityTitle}}',
        schema: '{{entitySchema}}',
        city: '{{entity.city}}',
        told: '{{input.event.entity.attributes.city}}',
      }),
    );
    const id = await shop.entity({ city: 'Lindental' }, 'lead');
    await remove(id);
    expect(await noted(automationId)).toEqual({
      ...{ id: globalId('Entity', id), title: 'Order 1', schema: 'lead' },
      ...{ city: 'Lindental', told: 'Lindental' },
    });
  });

  test('are the new values of what changed', async () => {
    const automationId = await triggered(
      onEntity('ENTITY_UPDATED'),
      keeping({ city: '{{input.event.changes.attributes.city}}' }),
    );
    const id = await shop.entity({ city: 'Lindental' });
    await change(id, { city: 'Bergen' });
    expect(await noted(automationId)).toEqual({ city: 'Bergen' });
  });

  test('is the task, with its phase', async () => {
    const automationId = await triggered(
      onEvents(['TASK_COMPLETED']),
      keeping({
        id: '{{task.id}}',
        name: '{{task.name}}',
        key: '{{input.event.task.key}}',
        phase: '{{input.event.phase.name}}',
        status: '{{input.event.changes.status}}',
      }),
    );
    const executionId = await shop.start({
      phases: [PLANNING],
      tasks: [task('call', { name: 'Call Ann', phaseKey: 'p' })],
    });
    await shop.give(executionId, 'call', 'COMPLETE_TASK');
    const { id } = await shop.task(executionId, 'call');
    expect(await noted(automationId)).toEqual({
      ...{ id: globalId('Task', id), name: 'Call Ann', key: 'call' },
      ...{ phase: 'Planning', status: 'COMPLETED' },
    });
  });

  test('is the phase', async () => {
    const automationId = await triggered(
      onEvents(['PHASE_COMPLETED']),
      keeping({ key: '{{input.event.phase.key}}', task: 'x{{task.name}}' }),
    );
    const executionId = await shop.start({
      phases: [PLANNING],
      tasks: [task('call', { phaseKey: 'p' })],
    });
    await shop.give(executionId, 'call', 'COMPLETE_TASK');
    expect(await noted(automationId)).toEqual({ key: 'p', task: 'x' });
  });
});
