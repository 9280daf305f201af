/** Callbacks: secret addresses by which somebody outside lets a run go on, each once. */
import type { Instant, Json } from '../engine/definition.ts';
import { newSecretToken } from './secret-token.ts';
import { statement, type Queryable } from './statement.ts';

type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

export interface CallbackRecord {
  readonly runId: string;
  readonly actionKey: string;
  /** It can be used before the run has come to wait for it; then it is set anew. */
  readonly expiresAt: Instant;
  readonly usedAt: Instant | null;
  /** What came with it. */
  readonly output: { readonly [name: string]: Json } | null;
}

const COLUMNS = `c.run_id as "runId", c.action_key as "actionKey", c.expires_at as "expiresAt", c.used_at as "usedAt", c.output`;

const open = statement<never>(
  'callback.open',
  `insert into callback (organization_id, run_id, action_key, token, expires_at)
   select $1, $2, k.key, k.token, k.until from jsonb_to_recordset($3::jsonb) as k(key text, token text, until timestamptz)
   on conflict (organization_id, run_id, action_key)
     do update set token = excluded.token, expires_at = excluded.expires_at, used_at = null, output = null`,
);

/** A callback that is to be made for an action. */
export interface NewCallback {
  readonly key: string;
  readonly until: Instant;
}

/** Makes callbacks for the run's actions with these keys, in place of those that there are. */
export async function openCallbacks(
  tx: Writer,
  runId: string,
  callbacks: readonly NewCallback[],
): Promise<void> {
  if (callbacks.length === 0) return;
  const rows = callbacks.map((callback) => ({ ...callback, token: newSecretToken() }));
  await tx.query(open, [tx.organizationId, runId, JSON.stringify(rows)]);
}

const wait = statement<CallbackRecord>(
  'callback.wait',
  `update callback c set expires_at = $4 where c.organization_id = $1 and c.run_id = $2 and c.action_key = $3 returning ${COLUMNS}`,
);

/** The callback, which can be used until then; null if there is none. Its run has to be locked. */
export async function awaitCallback(
  tx: Writer,
  runId: string,
  actionKey: string,
  until: Instant,
): Promise<CallbackRecord | null> {
  const [row] = await tx.query(wait, [tx.organizationId, runId, actionKey, until]);
  return row ?? null;
}

/** Where a callback belongs. */
export interface CallbackPlace {
  readonly organizationId: string;
  readonly runId: string;
}

const place = statement<CallbackPlace>(
  'callback.place',
  `select c.organization_id as "organizationId", c.run_id as "runId" from callback c where c.token = $1`,
);

/** In whichever organization the callback with the token is; null if there is none. */
export async function findCallback(db: Queryable, token: string): Promise<CallbackPlace | null> {
  const [row] = await db.query(place, [token]);
  return row ?? null;
}

const byToken = statement<CallbackRecord>(
  'callback.byToken',
  `select ${COLUMNS} from callback c where c.organization_id = $1 and c.run_id = $2 and c.token = $3`,
);

/** The run's callback with the token; null if there is none. */
export async function readCallback(tx: Writer, runId: string, token: string): Promise<CallbackRecord | null> {
  const [row] = await tx.query(byToken, [tx.organizationId, runId, token]);
  return row ?? null;
}

const use = statement<never>(
  'callback.use',
  `update callback set used_at = $3, output = $4 where organization_id = $1 and token = $2`,
);

/** Writes that a callback was used now, and what came with it. Its run has to be locked. */
export async function saveCallbackUse(
  tx: Writer,
  token: string,
  output: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query(use, [tx.organizationId, token, tx.now, JSON.stringify(output)]);
}
