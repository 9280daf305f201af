import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ScheduleRule } from '../../src/engine/definition.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { eventsDuring } from '../support/told.ts';
import { present } from '../support/typed.ts';
import { branch, decision, edge, task } from '../support/workflow.ts';
import { done, keyOf, readTask, start, type Running } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
beforeEach(() => {
  api.clock.set('2026-03-02T09:00:00.000Z');
});
afterAll(() => api[Symbol.asyncDispose]());

const READ = graphql(`
  query SchedulesTask($id: ID!) {
    task(id: $id) {
      status
      isEnabled
      scheduledFor
      scheduleRanAt
      isLate
      schedule {
        anchor
        direction
        amount
        unit
        path
      }
      failure {
        code
      }
      blockers {
        ... on ScheduleBlocker {
          until
        }
      }
    }
  }
`);

async function read(run: Running, name: string) {
  return present((await api.data(api.member, READ, { id: run.task(name) })).task);
}

function rule(parts: Partial<ScheduleRule> = {}): ScheduleRule {
  return {
    anchor: 'REACHED',
    direction: 'AFTER',
    amount: 2,
    unit: 'HOURS',
    taskKey: null,
    path: null,
    entitySchema: null,
    ...parts,
  };
}

const TWO_HOURS_LATER = '2026-03-02T11:00:00.000Z';
const CALL = { tasks: [task('call', { schedule: rule() }), task('visit')], edges: [edge('call > visit')] };

/** The worker's job for this execution, as at this moment. */
async function wakeAt(run: Running, instant: string): Promise<void> {
  api.clock.set(instant);
  const { organizationId } = api.member;
  await wakeExecution(
    { database: api.database, clock: () => api.clock.now() },
    { organizationId, executionId: keyOf(run.id) },
  );
}

describe('A scheduled task', () => {
  test('waits for its time once it is reached', async () => {
    const run = await start(api, CALL);
    expect(await read(run, 'call')).toEqual({
      status: 'SCHEDULED',
      isEnabled: false,
      scheduledFor: TWO_HOURS_LATER,
      scheduleRanAt: null,
      isLate: false,
      schedule: { anchor: 'REACHED', direction: 'AFTER', amount: 2, unit: 'HOURS', path: null },
      failure: null,
      blockers: [{ until: TWO_HOURS_LATER }],
    });
  });

  test('runs now when somebody starts it', async () => {
    const run = await start(api, CALL);
    await done(api, api.member, 'startTask', { taskId: run.task('call') });
    expect(await read(run, 'call')).toMatchObject({
      status: 'PENDING',
      isEnabled: true,
      scheduleRanAt: '2026-03-02T09:00:00.000Z',
      blockers: [],
    });
  });

  test('is cancelled when somebody skips it', async () => {
    const run = await start(api, CALL);
    await done(api, api.member, 'skipTask', { taskId: run.task('call') });
    expect((await read(run, 'call')).status).toBe('SKIPPED');
    expect((await readTask(api, api.member, run.task('visit')))?.isEnabled).toBe(true);
  });

  test('goes on by itself when its time has come', async () => {
    const run = await start(api, CALL);
    await wakeAt(run, TWO_HOURS_LATER);
    expect(await read(run, 'call')).toMatchObject({
      status: 'PENDING',
      isEnabled: true,
      scheduleRanAt: TWO_HOURS_LATER,
      isLate: false,
    });
  });

  test('tells when it went on late', async () => {
    const run = await start(api, CALL);
    await wakeAt(run, '2026-03-02T11:01:01.000Z');
    expect((await read(run, 'call')).isLate).toBe(true);
  });

  test('waits on when it is woken too early', async () => {
    const run = await start(api, CALL);
    await wakeAt(run, '2026-03-02T10:59:59.000Z');
    expect((await read(run, 'call')).status).toBe('SCHEDULED');
  });

  test('goes on as the system, and the log tells it', async () => {
    const run = await start(api, CALL);
    const events = await eventsDuring(api, () => wakeAt(run, TWO_HOURS_LATER));
    expect(events.map(({ type, actorId }) => [type, actorId])).toContainEqual(['TASK_SCHEDULE_RAN', null]);
  });
});

test('An automatic decision with a schedule is taken at its time', async () => {
  const branches = [branch('on', { isDefault: true })];
  const run = await start(api, {
    tasks: [decision('ready', branches, { mode: 'AUTOMATIC' }, { schedule: rule() }), task('visit')],
    edges: [edge('ready =on> visit')],
  });
  expect((await read(run, 'ready')).status).toBe('SCHEDULED');
  await wakeAt(run, TWO_HOURS_LATER);
  expect((await read(run, 'ready')).status).toBe('COMPLETED');
});

describe('A schedule by a date of the entity', () => {
  const BEFORE = rule({
    anchor: 'ENTITY_DATE',
    direction: 'BEFORE',
    amount: 1,
    unit: 'DAYS',
    path: 'delivery.date',
  });
  const BY_DATE = { tasks: [task('call', { schedule: BEFORE })] };

  test('fails while the date is missing', async () => {
    const run = await start(api, BY_DATE);
    expect(await read(run, 'call')).toMatchObject({
      status: 'FAILED',
      failure: { code: 'SCHEDULE_DATE_MISSING' },
    });
  });

  test('is set anew by a retry, in the time zone of the organization', async () => {
    const run = await start(api, BY_DATE);
    const attributes = { delivery: { date: '2026-04-10' } };
    await done(api, api.member, 'updateEntity', { entityId: run.entityId, attributes });
    await done(api, api.member, 'retryTask', { taskId: run.task('call') });
    expect(await read(run, 'call')).toMatchObject({
      status: 'SCHEDULED',
      scheduledFor: '2026-04-08T22:00:00.000Z',
      failure: null,
    });
  });
});
