/** What `npm run prove:effects` proves with servers that are killed, in short: everything is lost now and then, before or after it was written down. */
import { afterAll, expect, test } from 'vitest';
import type { ActionDefinition } from '../../src/automation/content.ts';
import { runAutomation } from '../../src/automation/run.ts';
import { retryRun, startRun } from '../../src/commands/automation-runs.ts';
import { useCallback, type CallbackAnswer } from '../../src/commands/callbacks.ts';
import { createEntity } from '../../src/commands/entities.ts';
import type { CommandResult } from '../../src/commands/execute.ts';
import { startExecution } from '../../src/commands/executions.ts';
import type { JsonObject } from '../../src/commands/merge-patch.ts';
import { createEndpoint } from '../../src/commands/webhook-endpoints.ts';
import { openMailer } from '../../src/outgoing/mail.ts';
import { react } from '../../src/reactions/react.ts';
import { DELIVER, type DeliverPayload } from '../../src/store/delivery-jobs.ts';
import { RUN_AUTOMATION, type RunAutomationPayload } from '../../src/store/run-jobs.ts';
import { deliver } from '../../src/worker/deliver.ts';
import { owners } from '../../src/worker/worker.ts';
import { createChance } from '../prove/chance.ts';
import { actionsOf, planOf, type Task } from '../prove/effects/actions.ts';
import { createCallers } from '../prove/effects/callers.ts';
import { FOLLOWED, type Origin, type Plan } from '../prove/effects/findings.ts';
import { judge } from '../prove/effects/judge.ts';
import { readFindings, readRemainder } from '../prove/effects/read-findings.ts';
import { openReceivers } from '../prove/effects/receivers.ts';
import { doJobs, publishedAutomation } from '../support/automation-runs.ts';
import { faultyDatabase, type Loss } from '../support/faulty-database.ts';
import { silentLog } from '../support/live-fixture.ts';
import { expectSound } from '../support/log.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop } from '../support/workshop.ts';

const ORGANIZATION = 'lindental';
const PUBLIC_URL = 'https://handrail.example';
const RUNS = 30;

const chance = createChance(5);
const shop = await openWorkshop();
const receivers = await openReceivers({
  chance,
  slowest: 10,
  later: 0,
  onFirst(_arrival, { callback }) {
    if (callback !== undefined) callers.call(callback);
  },
});
const mailer = openMailer({ smtpUrl: receivers.smtpUrl, from: 'handrail@example.com' });
afterAll(async () => {
  await mailer[Symbol.asyncDispose]();
  await receivers[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
});

const losses: Loss[] = [];
const database = faultyDatabase(shop.database, () => {
  const loss = chance.percent(70) ? 'NONE' : chance.pick<Loss>(['BEFORE', 'AFTER']);
  losses.push(loss);
  return loss;
});
// Messages are signed with the time, and receivers look at it.
const clock = (): Date => new Date();
const caller = { ...shop.caller, database, clock };
const faults: string[] = [];
const STATUSES: Readonly<Record<CallbackAnswer, number>> = {
  USED: 200,
  USED_BEFORE: 409,
  EXPIRED: 410,
  UNKNOWN: 404,
};
const callers = createCallers({
  chance,
  longestThought: 20,
  publicUrl: PUBLIC_URL,
  onFault: (fault) => faults.push(fault),
  async post(path, body) {
    const token = path.replace('/callbacks/', '');
    return { status: STATUSES[await useCallback(caller, token, JSON.parse(body) as JsonObject)] };
  },
});

/** Does it until it is not lost. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error;
    }
  }
}

async function done<T>(work: () => Promise<CommandResult<T>>): Promise<T> {
  const result = await insist(work);
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
  return result.value;
}

/** Jobs are done until they are not lost, and now and then by two servers at the same time. */
function underFire<Payload>(job: (payload: Payload) => Promise<void>) {
  return async (payload: Payload): Promise<void> => {
    const times = chance.percent(20) ? 2 : 1;
    await Promise.all(Array.from({ length: times }, () => insist(() => job(payload))));
  };
}

const jobs = {
  [RUN_AUTOMATION]: underFire((payload: RunAutomationPayload) =>
    runAutomation({ database, clock, log: silentLog, publicUrl: () => PUBLIC_URL, random: () => 0 }, payload),
  ),
  [DELIVER]: underFire((payload: DeliverPayload) =>
    deliver(
      {
        database,
        clock,
        publicUrl: () => PUBLIC_URL,
        targets: 'any',
        schedule: Array.from({ length: 10 }, () => 0),
        mailer,
        owners,
        log: silentLog,
        random: () => 0,
      },
      payload,
    ),
  ),
};

async function reactToAll(): Promise<void> {
  while (await insist(() => react({ database, clock }, shop.viewer.organizationId, { batchSize: 20 })));
}

/** More rounds than anything takes: what is left then, is left for good. */
const MOST_ROUNDS = 200;

/** Everything that follows from what happened, until nothing is left. */
async function settle(): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await reactToAll();
    await doJobs(shop, jobs);
    await callers.finish();
    const { runs, messages, events } = await readRemainder(shop.connectionString, ORGANIZATION);
    if (runs + messages + events === 0) return;
  }
}

const plans = new Map<string, Plan>();

/** A published automation that does this. */
async function automation(schema: string, work: Task): Promise<string> {
  const id = await publishedAutomation(shop.caller, {
    triggers: [
      { type: 'API' },
      {
        type: 'ENTITY_CREATED',
        entitySchema: schema,
        paths: [],
        filter: { connective: 'AND', statements: [] },
      },
    ],
    actions: actionsOf(work).map(
      (action) => ({ ...action, name: action.key, allowsFailure: false }) as ActionDefinition,
    ),
  });
  plans.set(id, planOf(work));
  return id;
}

async function endpoint(url: string, eventTypes: readonly string[] = []): Promise<string> {
  const { id, secret } = await done(() =>
    createEndpoint(shop.caller, 'any', { name: 'Receiver', url, eventTypes, headers: [] }),
  );
  receivers.trust(url, secret ?? '');
  return id;
}

function running(automationId: string): Promise<string> {
  return shop.publish({
    triggers: [
      { type: 'MANUAL', entitySchema: null },
      { type: 'AUTOMATION', automationId: null },
    ],
    tasks: [
      task('work', {
        type: 'AUTOMATION',
        automation: { automationId, mode: 'AUTOMATIC', inputTaskKey: null },
      }),
    ],
  });
}

interface Known {
  readonly id: string;
  readonly schema: string;
  readonly definitionId: string;
}

/** One that waits, one that sets another one off, one that is doomed. */
async function makeAutomations(): Promise<readonly [Known, ...Known[]]> {
  const endpointId = await endpoint(receivers.url);
  const brokenId = await endpoint(receivers.brokenUrl);
  await endpoint(receivers.followerUrl, [FOLLOWED.subscription]);
  const people = await shop.publish({
    triggers: [{ type: 'AUTOMATION', automationId: null }],
    tasks: [task('work')],
  });
  const common = { endpointId, definitionId: people, waits: false, isDoomed: false };
  const chain = await running(await automation('none', common));
  const known = async (schema: string, work: Partial<Task>): Promise<Known> => {
    const id = await automation(schema, { ...common, ...work });
    return { id, schema, definitionId: await running(id) };
  };
  return [
    await known('case_1', { waits: true }),
    await known('case_2', { definitionId: chain }),
    await known('case_3', { endpointId: brokenId, isDoomed: true }),
  ];
}

/** Starts a run in one of three ways; answers how it can be told. */
async function start(
  number: number,
  { id: automationId, schema, definitionId }: Known,
  entityId: string,
): Promise<Origin> {
  const idempotencyKey = `start ${number}`;
  switch (number % 3) {
    case 0:
      await done(() => startRun(caller, { automationId, entityId, data: { number }, idempotencyKey }));
      return { kind: 'API', key: String(number) };
    case 1: {
      const input = { schema, title: 'Case', attributes: {}, idempotencyKey };
      return { kind: 'EVENT', key: await done(() => createEntity(caller, input)) };
    }
    default: {
      const input = { definitionId, entityId, contextEntityIds: [], idempotencyKey };
      return { kind: 'TASK', key: await done(() => startExecution(caller, input)) };
    }
  }
}

test('Runs do everything inside once, and everything outside under one id, whatever is lost on the way', async () => {
  const automations = await makeAutomations();
  const entityIds = [await shop.entity(), await shop.entity()] as const;
  const expected: Origin[] = [];
  for (let number = 0; number < RUNS; number += 1) {
    expected.push(await start(number, chance.pick(automations), chance.pick(entityIds)));
    await reactToAll();
  }
  await settle();
  receivers.repair();
  const given = await readFindings(shop.connectionString, ORGANIZATION);
  const failed = given.runs.filter(({ status }) => status === 'FAILED');
  for (const { id } of failed) await done(() => retryRun(shop.caller, { runId: id, from: 'FAILED_ACTION' }));
  await settle();

  const found = await readFindings(shop.connectionString, ORGANIZATION);
  faults.push(...judge({ ...found, plans, expected, arrivals: receivers.arrivals }));
  expect(faults).toEqual([]);
  await expectSound(shop.database, shop.viewer.organizationId);
  // It was under fire, and every kind of run was there.
  expect(losses.filter((loss) => loss !== 'NONE').length).toBeGreaterThan(RUNS);
  expect(failed.length).toBeGreaterThan(0);
  expect(callers.used).toBeGreaterThan(0);
  expect(found.runs.length).toBeGreaterThan(RUNS);
});
