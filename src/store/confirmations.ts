/** Requests to somebody outside to confirm tasks: who was asked, by which link, and what came of it. */
import type { Instant } from '../engine/definition.ts';
import type { ConfirmationAnswer, ConfirmationState, ExecutionStatus } from '../engine/state.ts';
import type { RunError } from './automation-runs.ts';
import type { DeliveryStatus } from './deliveries.ts';
import { isSecretToken, secretTokenHash } from './secret-token.ts';
import { statement, type Queryable } from './statement.ts';

type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

/** A request that comes into being. */
export interface NewConfirmation {
  readonly id: string;
  readonly executionId: string;
  readonly taskId: string;
  readonly number: number;
  /** The link's, kept as its hash only. */
  readonly token: string;
  readonly recipients: readonly string[];
  readonly message: string;
  readonly mailProblem: RunError | null;
  readonly deliveryId: string | null;
  /** Null: the system. */
  readonly createdById: string | null;
  readonly expiresAt: Instant;
}

const insert = statement<never>(
  'confirmation.insert',
  `insert into confirmation (organization_id, id, execution_id, task_id, number, state, token_hash, recipients, message, mail_problem,
     delivery_id, created_at, created_by_id, expires_at)
   select $1, n.id, n."executionId", n."taskId", n.number, 'OPEN', decode(n."tokenHash", 'hex'),
     array(select jsonb_array_elements_text(n.recipients)), n.message, n."mailProblem", n."deliveryId", $3, n."createdById", n."expiresAt"
   from jsonb_to_recordset($2::jsonb) as n(id uuid, "executionId" uuid, "taskId" uuid, number int, "tokenHash" text, recipients jsonb,
     message text, "mailProblem" jsonb, "deliveryId" uuid, "createdById" uuid, "expiresAt" timestamptz)`,
);

/** Adds requests. Their tasks' executions have to be locked, and what they send inserted. */
export async function insertConfirmations(tx: Writer, all: readonly NewConfirmation[]): Promise<void> {
  if (all.length === 0) return;
  const rows = all.map(({ token, ...one }) => ({
    ...one,
    tokenHash: secretTokenHash(token).toString('hex'),
  }));
  await tx.query(insert, [tx.organizationId, JSON.stringify(rows), tx.now]);
}

/** What became of a request that was open. */
export interface EndedConfirmation {
  readonly taskId: string;
  readonly number: number;
  readonly state: Exclude<ConfirmationState, 'OPEN'>;
  readonly answer: ConfirmationAnswer | null;
}

const end = statement<never>(
  'confirmation.end',
  `with ended as (
     update confirmation c set state = n.state, answer = nullif(n.answer, 'null'), finished_at = $3
     from jsonb_to_recordset($2::jsonb) as n("taskId" uuid, number int, state text, answer jsonb)
     where c.organization_id = $1 and c.task_id = n."taskId" and c.number = n.number and c.state = 'OPEN'
     returning c.delivery_id
   )
   update delivery d set secret = null, version = d.version + 1,
     status = case when d.status = 'PENDING' then 'CANCELLED' else d.status end,
     finished_at = coalesce(d.finished_at, $3), next_attempt_at = null
   from ended e where d.organization_id = $1 and d.id = e.delivery_id`,
);

/**
 * Ends open requests: their links are good for nothing any more, so their tokens are forgotten, and mails that are still on their way are given up. One that is
 * being sent at this moment may arrive.
 */
export async function endConfirmations(tx: Writer, all: readonly EndedConfirmation[]): Promise<void> {
  if (all.length > 0) await tx.query(end, [tx.organizationId, JSON.stringify(all), tx.now]);
}

/** A request as its task tells it. */
export interface ConfirmationRecord {
  readonly id: string;
  readonly taskId: string;
  readonly number: number;
  readonly state: ConfirmationState;
  readonly recipients: readonly string[];
  readonly message: string;
  readonly mailProblem: RunError | null;
  /** What became of the mail; null if there is none. */
  readonly mailStatus: DeliveryStatus | null;
  readonly createdAt: Instant;
  readonly createdById: string | null;
  readonly expiresAt: Instant;
  readonly finishedAt: Instant | null;
  readonly answer: ConfirmationAnswer | null;
}

const COLUMNS = `c.id, c.task_id as "taskId", c.number, c.state, c.recipients, c.message, c.mail_problem as "mailProblem",
  d.status as "mailStatus", c.created_at as "createdAt", c.created_by_id as "createdById", c.expires_at as "expiresAt",
  c.finished_at as "finishedAt", c.answer`;

/** How many requests of one task are read, the newest first. */
const MAX_CONFIRMATIONS = 100;

const ofTasks = statement<ConfirmationRecord>(
  'confirmation.ofTasks',
  `select ${COLUMNS} from unnest($2::uuid[]) as wanted(id)
   cross join lateral (
     select * from confirmation n where n.organization_id = $1 and n.task_id = wanted.id order by n.number desc limit $3) c
   left join delivery d on d.organization_id = $1 and d.id = c.delivery_id
   order by c.number desc`,
);

async function readOfTasks(
  db: Queryable,
  organizationId: string,
  taskIds: readonly string[],
  limit: number,
): Promise<Map<string, ConfirmationRecord[]>> {
  const byTask = new Map<string, ConfirmationRecord[]>(taskIds.map((id) => [id, []]));
  for (const row of await db.query(ofTasks, [organizationId, taskIds, limit]))
    byTask.get(row.taskId)?.push(row);
  return byTask;
}

/** The last 100 requests of each of these tasks, the newest first. */
export async function readConfirmations(
  db: Queryable,
  organizationId: string,
  taskIds: readonly string[],
): Promise<Map<string, ConfirmationRecord[]>> {
  return readOfTasks(db, organizationId, taskIds, MAX_CONFIRMATIONS);
}

/** The newest request of each of these tasks that has one. */
export async function readNewestConfirmations(
  db: Queryable,
  organizationId: string,
  taskIds: readonly string[],
): Promise<Map<string, ConfirmationRecord>> {
  const all = await readOfTasks(db, organizationId, taskIds, 1);
  return new Map([...all].flatMap(([id, [newest]]) => (newest ? [[id, newest]] : [])));
}

const mailed = statement<{ isMailed: boolean }>(
  'confirmation.isMailed',
  `select c.delivery_id is not null as "isMailed" from confirmation c where c.token_hash = $1`,
);

/** Whether somebody is mailed the link with the token. */
export async function isMailed(db: Queryable, token: string): Promise<boolean> {
  const [row] = await db.query(mailed, [secretTokenHash(token)]);
  return row?.isMailed ?? false;
}

/** A request as whoever has its link may see it. */
export interface ConfirmationView {
  readonly organizationId: string;
  readonly executionId: string;
  readonly taskId: string;
  readonly number: number;
  readonly state: ConfirmationState;
  readonly message: string;
  readonly expiresAt: Instant;
  readonly answer: ConfirmationAnswer | null;
  /** Null if the task or its execution is gone. */
  readonly taskName: string | null;
  readonly executionStatus: ExecutionStatus | null;
  readonly organizationName: string;
  readonly locale: string;
  readonly timeZone: string;
}

const byToken = statement<ConfirmationView>(
  'confirmation.byToken',
  `select c.organization_id as "organizationId", c.execution_id as "executionId", c.task_id as "taskId", c.number, c.state, c.message,
     c.expires_at as "expiresAt", c.answer, t.name as "taskName", e.status as "executionStatus", o.name as "organizationName", o.locale,
     o.time_zone as "timeZone"
   from confirmation c
   join organization o on o.id = c.organization_id
   left join task t on t.organization_id = c.organization_id and t.id = c.task_id
   left join execution e on e.organization_id = c.organization_id and e.id = c.execution_id
   where c.token_hash = $1`,
);

/** In whichever organization the request is whose link has the token; null if there is none. */
export async function findConfirmation(db: Queryable, token: string): Promise<ConfirmationView | null> {
  if (!isSecretToken(token)) return null;
  const [row] = await db.query(byToken, [secretTokenHash(token)]);
  return row ?? null;
}
