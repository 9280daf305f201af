/** Tasks for programs: which of them wait for a worker of some topic, and who has fetched which. */
import { timingSafeEqual } from 'node:crypto';
import type { Instant } from '../engine/definition.ts';
import { newSecretToken, secretTokenHash } from './secret-token.ts';
import { statement, type Queryable } from './statement.ts';

type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

export interface TaskPlace {
  readonly taskId: string;
  readonly executionId: string;
}

/**
 * Of each topic the index task_external_ready gives the tasks in the order in which they have waited, so that as few rows are looked at as are
 * taken, however many wait. Executions that somebody works on at the moment are passed over, and the others stay locked: two workers that ask at the same
 * time are given different tasks, and none waits for the other. The task's row is locked as well, so that one that was taken since the
 * statement began is looked at again.
 */
const claim = statement<TaskPlace>(
  'external.claim',
  `select c.id as "taskId", c.execution_id as "executionId"
   from unnest($2::text[]) as topic(name) cross join lateral (
     select t.id, t.execution_id, t.external_ready_at
     from task t join execution e on e.organization_id = t.organization_id and e.id = t.execution_id
     where t.organization_id = $1 and t.external_topic = topic.name and t.external_ready_at <= $3
     order by t.external_ready_at, t.id limit $4
     for no key update of e, t skip locked) c
   order by c.external_ready_at, c.id limit $4`,
);

/** Up to `limit` tasks that a worker may take now, those that have waited the longest first; their executions are locked until the transaction ends. */
export async function lockReadyTasks(
  tx: Writer,
  topics: readonly string[],
  limit: number,
): Promise<readonly TaskPlace[]> {
  return tx.query(claim, [tx.organizationId, [...new Set(topics)], tx.now, limit]);
}

const earliest = statement<{ topic: string; readyAt: Instant | null }>(
  'external.earliest',
  `select topic.name as topic, (
     select t.external_ready_at from task t
     where t.organization_id = $1 and t.external_topic = topic.name and t.external_ready_at is not null
     order by t.external_ready_at limit 1) as "readyAt"
   from unnest($2::text[]) as topic(name)`,
);

/** From when on there is a task of each of the topics; those without any are left out. */
export async function readEarliestReady(
  db: Queryable,
  organizationId: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  const rows = await db.query(earliest, [organizationId, topics]);
  return new Map(rows.flatMap(({ topic, readyAt }) => (readyAt === null ? [] : [[topic, readyAt] as const])));
}

/** How many tasks of a topic are where. */
export interface TopicCounts {
  readonly topic: string;
  /** A worker may take them now. */
  readonly available: number;
  /** They rest after an attempt that failed. */
  readonly resting: number;
  /** Workers have them. */
  readonly leased: number;
  readonly failed: number;
  /** Workers gave them to people. */
  readonly handedBack: number;
}

const count = statement<TopicCounts>(
  'external.count',
  `select t.external_topic as topic,
     count(*) filter (where t.external_ready_at <= $2)::int as available,
     count(*) filter (where t.external_ready_at > $2 and t.status = 'PENDING')::int as resting,
     count(*) filter (where t.external_ready_at > $2 and t.status = 'IN_PROGRESS')::int as leased,
     count(*) filter (where t.status = 'FAILED')::int as failed,
     count(*) filter (where t.is_enabled and jsonb_typeof(t.external_work->'handedBack') = 'object')::int as "handedBack"
   from task t join execution e on e.organization_id = t.organization_id and e.id = t.execution_id
   where t.organization_id = $1 and t.external_topic is not null and t.status not in ('COMPLETED', 'SKIPPED')
     and e.status in ('STARTED', 'FAILED')
   group by t.external_topic order by t.external_topic`,
);

/** Of every topic that open tasks have, by its name. */
export async function countTopics(
  db: Queryable,
  organizationId: string,
  now: Instant,
): Promise<readonly TopicCounts[]> {
  return db.query(count, [organizationId, now]);
}

/** What a lease's token is made of: the fencing number, which tells an old one from a new one, and a secret. */
const TOKEN = /^(\d{1,9})\.([A-Za-z0-9_-]{43})$/;

/** Of each task so many leases are known: a worker that comes with an older one finds no task instead of who was faster. */
const KNOWN_LEASES = 20;

const insert = statement<never>(
  'external.insertLeases',
  `with given as (select * from jsonb_to_recordset($2::jsonb) as l(task_id uuid, number int, secret_hash text)),
   forgotten as (
     delete from task_lease l using given
     where l.organization_id = $1 and l.task_id = given.task_id and l.number <= given.number - ${KNOWN_LEASES})
   insert into task_lease (organization_id, task_id, number, leased_by_id, secret_hash)
   select $1, given.task_id, given.number, $3, decode(given.secret_hash, 'hex') from given`,
);

/** Writes down that the worker has the tasks, under these fencing numbers; answers their tokens, in the same order. They are kept as hashes only. */
export async function insertLeases(
  tx: Writer,
  workerId: string,
  leases: readonly { readonly taskId: string; readonly number: number }[],
): Promise<readonly string[]> {
  const secrets = leases.map(newSecretToken);
  const rows = leases.map(({ taskId, number }, index) => ({
    task_id: taskId,
    number,
    secret_hash: secretTokenHash(secrets[index] ?? '').toString('hex'),
  }));
  await tx.query(insert, [tx.organizationId, JSON.stringify(rows), workerId]);
  return leases.map(({ number }, index) => `${number}.${secrets[index] ?? ''}`);
}

const find = statement<{ secretHash: Buffer }>(
  'external.findLease',
  `select l.secret_hash as "secretHash" from task_lease l
   where l.organization_id = $1 and l.task_id = $2 and l.number = $3 and l.leased_by_id = $4`,
);

/** The fencing number of the lease that this token was given to this worker for, whether or not it is over; null if it was not. */
export async function readLeaseNumber(
  db: Queryable,
  organizationId: string,
  by: { readonly taskId: string; readonly workerId: string; readonly token: string },
): Promise<number | null> {
  const [, digits = '', secret] = TOKEN.exec(by.token) ?? [];
  if (secret === undefined) return null;
  const number = Number(digits);
  const [row] = await db.query(find, [organizationId, by.taskId, number, by.workerId]);
  return row && timingSafeEqual(row.secretHash, secretTokenHash(secret)) ? number : null;
}
