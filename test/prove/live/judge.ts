/** What is compared when all is quiet. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventReader } from './event-reader.ts';
import { difference, freshState, type ListReader } from './list-reader.ts';
import { dueTo, faultsOf, missingOf, readLog, type Log } from './log.ts';
import type { Subscriber } from './subscriber.ts';
import type { Tenant, Watcher } from './tenant.ts';

/** One subscriber with what it has. */
export interface Seat {
  readonly name: string;
  readonly tenant: Tenant;
  readonly watcher: Watcher;
  readonly reader: EventReader | ListReader;
  readonly subscriber: Subscriber;
}

/** For how long the last messages may be on their way, in ms. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 200;

/** Whether it is of a live list. */
export function isList(reader: EventReader | ListReader): reader is ListReader {
  return 'state' in reader;
}

/** Waits until every event has arrived, as far as patience goes. */
async function settle(
  databaseUrl: string,
  tenants: readonly Tenant[],
  seats: readonly Seat[],
): Promise<ReadonlyMap<string, Log>> {
  const logs = new Map<string, Log>();
  for (const { externalId } of tenants) logs.set(externalId, await readLog(databaseUrl, externalId));
  const until = performance.now() + PATIENCE_MS;
  for (const { reader, tenant, watcher } of seats) {
    const log = logs.get(tenant.externalId);
    if (isList(reader) || !log) continue;
    const due = dueTo(log, watcher, reader);
    while (missingOf(reader, due).length > 0 && performance.now() < until) await delay(LOOK_MS);
  }
  return logs;
}

/** What is wrong with what the subscriber has, in words. */
async function judge(
  { reader, tenant, watcher }: Seat,
  logs: ReadonlyMap<string, Log>,
  until: number,
): Promise<string[]> {
  const log = logs.get(tenant.externalId);
  if (!log) return [];
  const faults: string[] = [];
  const foreign = [...reader.mentioned].filter((id) => !log.ownIds.has(id));
  if (foreign.length > 0)
    faults.push(`was told of ${foreign.slice(0, 3).join(', ')}, which is not of its organization`);
  const unlike = isList(reader) ? await lastDifference(reader, watcher, until) : null;
  if (unlike !== null) faults.push(unlike);
  if (!isList(reader)) faults.push(...faultsOf(reader, dueTo(log, watcher, reader)));
  return faults;
}

/** How the list differs from a fresh query when all is quiet; null if it does not. */
async function lastDifference(reader: ListReader, watcher: Watcher, until: number): Promise<string | null> {
  for (;;) {
    const fresh = freshState(await watcher.person.ask(reader.question.fresh, reader.question.variables));
    const unlike = difference(reader.state, fresh);
    if (unlike === null || performance.now() > until) return unlike;
    await delay(LOOK_MS);
  }
}

/**
 * Waits until everything has arrived, as far as patience goes, and tells what is wrong with what each has.
 *
 * @returns the logs of the tenants.
 */
export async function judgeAll(
  databaseUrl: string,
  tenants: readonly Tenant[],
  seats: readonly Seat[],
  onFault: (fault: string) => void,
): Promise<ReadonlyMap<string, Log>> {
  const logs = await settle(databaseUrl, tenants, seats);
  const until = performance.now() + PATIENCE_MS;
  for (const seat of seats)
    for (const fault of await judge(seat, logs, until)) onFault(`${seat.name}: ${fault}`);
  return logs;
}
