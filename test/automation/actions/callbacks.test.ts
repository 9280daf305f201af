import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useCallback, type CallbackAnswer } from '../../../src/commands/callbacks.ts';
import { openCallbacks } from '../../../src/store/callbacks.ts';
import { openActions, type Actions } from '../../support/actions.ts';

const HOUR = 3_600_000;

let actions: Actions;
let token: string;
beforeAll(async () => {
  actions = await openActions();
});
afterAll(async () => {
  await actions[Symbol.asyncDispose]();
});
beforeEach(async () => {
  actions.clock.set('2026-03-02T09:00:00.000Z');
  await actions.database.pool.query(`update automation_run set status = 'PENDING', finished_at = null`);
  token = await open();
});

/** Makes the callback of the action; answers its token. */
async function open(): Promise<string> {
  const { database, run } = actions;
  await actions.inRun((tx) => openCallbacks(tx, run.id, [{ key: 'it', until: '2026-03-03T09:00:00.000Z' }]));
  const { rows } = await database.pool.query<{ token: string }>('select token from callback');
  return rows[0]?.token ?? '';
}

function use(output: object = {}): Promise<CallbackAnswer> {
  const { database, clock } = actions;
  return useCallback({ database, clock: () => clock.now() }, token, { ...output });
}

async function outcome() {
  return (await actions.act('WAIT_FOR_CALLBACK', { expiresInHours: 2 })).outcome;
}

describe('a run that waits for a callback', () => {
  test('goes on with what came with it, which counts once', async () => {
    expect(await outcome()).toEqual({ type: 'WAIT', until: '2026-03-02T11:00:00.000Z' });
    await actions.database.pool.query('delete from graphile_worker._private_jobs');
    const answers = await Promise.all([use({ a: 1 }), use({ a: 1 }), use({ a: 1 })]);
    expect(answers.sort()).toEqual(['USED', 'USED_BEFORE', 'USED_BEFORE']);
    expect(await outcome()).toEqual({ type: 'DONE', output: { a: 1 } });
    expect((await actions.jobs()).map(({ key }) => key)).toEqual([`run:${actions.run.id}`]);
  });

  test('waits no longer than it was told first, however often it is looked at', async () => {
    const first = await outcome();
    actions.clock.advance(HOUR);
    const nextAt = first.type === 'WAIT' ? first.until : null;
    const waiting = { key: 'it', status: 'PAUSED', nextAt } as Actions['run']['actions'][number];
    const again = await actions.act('WAIT_FOR_CALLBACK', { expiresInHours: 2 }, { actions: [waiting] });
    expect(again.outcome).toEqual(first);
    actions.clock.advance(HOUR);
    expect(await use()).toBe('EXPIRED');
  });
});

test('a callback that was used early is waited for no more', async () => {
  expect(await use({ early: true })).toBe('USED');
  expect(await outcome()).toEqual({ type: 'DONE', output: { early: true } });
});

test('a callback of a run that is over does nothing, unless the run failed and may be retried', async () => {
  const over = (status: string) =>
    actions.database.pool.query(`update automation_run set finished_at = now(), status = $1`, [status]);
  await over('CANCELLED');
  expect(await use()).toBe('EXPIRED');
  await over('FAILED');
  expect(await use()).toBe('USED');
});

test('a callback that the run never comes to wait for can be used for a time only', async () => {
  actions.clock.advance(24 * HOUR);
  expect(await use()).toBe('EXPIRED');
});

test('a run that begins anew has another callback', async () => {
  const before = token;
  await use({ old: true });
  token = await open();
  expect((await outcome()).type).toBe('WAIT');
  token = before;
  expect(await use()).toBe('UNKNOWN');
  token = 'x';
  expect(await use()).toBe('UNKNOWN');
});
