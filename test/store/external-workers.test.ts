/** Many workers on several servers who are killed, come too late and say things twice: each task is completed once, by who had it. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  completeExternalTask,
  extendLease,
  failExternalTask,
  fetchTasks,
  type FetchedTask,
} from '../../src/commands/external-tasks.ts';
import type { Caller } from '../../src/commands/execute.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import type { Database } from '../../src/store/database.ts';
import { externalTask } from '../support/external-tasks.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
let servers: readonly Database[];
beforeAll(async () => {
  shop = await openWorkshop();
  servers = [shop.database, shop.openAnother(), shop.openAnother()];
});
afterAll(async () => {
  for (const server of servers.slice(1)) await server[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
});

const LEASE_SECONDS = 10;
const WORKERS = 6;
const KEYS = ['a', 'b', 'c'];

/** What a worker does with one task, as it comes. KILLED: nothing, ever. LATE: it completes it some rounds later. */
type Deed = 'COMPLETE' | 'COMPLETE_TWICE' | 'FAIL' | 'EXTEND' | 'KILLED' | 'LATE';

const deed = fc.constantFrom<Deed>('COMPLETE', 'COMPLETE_TWICE', 'FAIL', 'EXTEND', 'KILLED', 'LATE', 'LATE');

interface Done {
  readonly key: string;
  /** When the lease ended, had it not been extended. */
  readonly isInTime: boolean;
}

/** Works until nothing is left to do; answers every lease that was given, and every completion that was accepted. */
async function workAll(topic: string, deeds: readonly Deed[]): Promise<{ leases: string[]; done: Done[] }> {
  const leases: string[] = [];
  const done: Done[] = [];
  const late: { readonly fetched: FetchedTask; readonly caller: Caller }[] = [];
  const extended = new Set<string>();
  let step = 0;
  const keyOf = ({ task, lease }: FetchedTask): string => `${task.id} ${lease.number}`;

  async function complete(caller: Caller, fetched: FetchedTask): Promise<void> {
    const { task, leaseToken, lease } = fetched;
    const at = shop.clock.now().toISOString();
    const result = await completeExternalTask(caller, { taskId: task.id, leaseToken, output: {} });
    if (result.ok)
      done.push({ key: keyOf(fetched), isInTime: at < lease.expiresAt || extended.has(keyOf(fetched)) });
    else expect(result.problem.code).toBe('LEASE_LOST');
  }

  async function doOne(caller: Caller, fetched: FetchedTask, what: Deed): Promise<void> {
    const { task, leaseToken } = fetched;
    const lease = { taskId: task.id, leaseToken };
    switch (what) {
      case 'COMPLETE':
        return complete(caller, fetched);
      case 'COMPLETE_TWICE':
        await Promise.all([complete(caller, fetched), complete(caller, fetched)]);
        return;
      case 'FAIL':
        await failExternalTask(caller, { ...lease, message: 'No answer', retriesLeft: 50 });
        return;
      case 'EXTEND': {
        const result = await extendLease(caller, { ...lease, leaseSeconds: 2 * LEASE_SECONDS });
        if (result.ok) extended.add(keyOf(fetched));
        late.push({ fetched, caller });
        return;
      }
      case 'LATE':
        late.push({ fetched, caller });
        return;
      case 'KILLED':
    }
  }

  async function round(worker: number, isLast: boolean): Promise<number> {
    const database = servers[worker % servers.length] ?? shop.database;
    const caller = { ...shop.caller, database };
    const input = { workerName: `w${worker}`, topics: [topic], maxTasks: 2, leaseSeconds: LEASE_SECONDS };
    const result = await fetchTasks(caller, input);
    if (!result.ok) throw new Error(result.problem.code);
    leases.push(...result.value.map(keyOf));
    await Promise.all(
      result.value.map((fetched) => {
        step += 1;
        return doOne(caller, fetched, isLast ? 'COMPLETE' : (deeds[step % deeds.length] ?? 'COMPLETE'));
      }),
    );
    return result.value.length;
  }

  for (let rounds = 0, idle = 0; idle < 2; rounds += 1) {
    const counts = await Promise.all(
      Array.from({ length: WORKERS }, (_, worker) => round(worker, rounds > 12)),
    );
    // Some come back with what they had before; the others' leases go on running out.
    const back = late.splice(0, Math.ceil(late.length / 2));
    await Promise.all([
      ...back.map(({ fetched, caller }) => complete(caller, fetched)),
      ...(await runningIds(topic)).slice(0, 2).map((id) => shop.command(id, { type: 'WAKE_EXECUTION' })),
    ]);
    shop.clock.advance(4_000 + 1_000 * (rounds % 5));
    const isIdle = counts.every((count) => count === 0) && (await openCount(topic)) === 0;
    idle = isIdle ? idle + 1 : 0;
    if (rounds > 200) throw new Error('they never come to an end');
  }
  for (const { fetched, caller } of late) await complete(caller, fetched);
  return { leases, done };
}

async function runningIds(topic: string): Promise<string[]> {
  const { rows } = await shop.database.pool.query<{ id: string }>(
    `select distinct execution_id as id from task where external_topic = $1 and status = 'IN_PROGRESS' order by 1`,
    [topic],
  );
  return rows.map(({ id }) => id);
}

async function openCount(topic: string): Promise<number> {
  const { rows } = await shop.database.pool.query<{ count: number }>(
    `select count(*)::int as count from task where external_topic = $1 and status <> 'COMPLETED'`,
    [topic],
  );
  return rows[0]?.count ?? 0;
}

function completionsOf(events: readonly StoredEvent[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { type, taskId, data } of events) {
    if (type !== 'TASK_COMPLETED' || taskId === null) continue;
    const { lease } = data['externalWork'] as { lease: { number: number; end: string } };
    expect(lease.end).toBe('COMPLETED');
    found.set(taskId, [...(found.get(taskId) ?? []), `${taskId} ${lease.number}`]);
  }
  return found;
}

test('whatever happens to them, no lease is given twice, and each task is completed once, by the lease that was good', async () => {
  let topics = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 40, size: 'max' }), async (deeds) => {
      topics += 1;
      const topic = `topic-${topics}`;
      const before = (await shop.events()).length;
      for (let count = 0; count < 4; count += 1)
        await shop.start({ tasks: KEYS.map((key) => externalTask(key, { topic })) });
      const { leases, done } = await workAll(topic, deeds);
      expect(new Set(leases).size, 'no lease is given twice').toBe(leases.length);
      const completions = completionsOf((await shop.events()).slice(before));
      expect(completions.size).toBe(4 * KEYS.length);
      for (const keys of completions.values()) expect(keys, 'each is completed once').toHaveLength(1);
      const right = new Set([...completions.values()].flat());
      for (const { key, isInTime } of done) {
        expect(right.has(key), `what was said to be done by ${key} is done by it`).toBe(true);
        expect(isInTime || done.some((other) => other.key === key && other.isInTime), key).toBe(true);
      }
    }),
    { numRuns: 4 },
  );
});
