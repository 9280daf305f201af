/** Messages to the outside: kept until they have arrived or are given up, and then as the log of what was sent. */
import type { Instant, Json } from '../engine/definition.ts';
import type { RunError } from './automation-runs.ts';
import { addDeliverJob } from './delivery-jobs.ts';
import { statement, type Queryable } from './statement.ts';

/** A message that has yet to be sent. */
export type NewDelivery = NewWebhook | NewEmail;

/** A request to an endpoint, as the Standard Webhooks specification has it: its body is `{ type, timestamp, data }`. */
export interface NewWebhook {
  readonly kind: 'WEBHOOK';
  readonly endpointId: string;
  /** `task.completed` */
  readonly type: string;
  readonly data: { readonly [name: string]: Json };
  /** The event that it tells of. */
  readonly eventSeq?: number;
  /** When what it tells of happened; now if left out. */
  readonly at?: Instant;
}

export interface NewEmail {
  readonly kind: 'EMAIL';
  /** What it is for: `automation`, `digest`, `confirmation`. */
  readonly type: string;
  readonly content: EmailContent;
  /** The token of the link whose place is marked in the content. */
  readonly secret?: string;
}

export interface EmailContent {
  /** Addresses, at least one of all three lists. */
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Null for text only. */
  readonly html: string | null;
  /** Those of the addresses that have yet to get it, when others have; left out: all. */
  readonly remaining?: readonly string[];
}

/** What of a webhook is the same in each attempt. */
export interface WebhookContent {
  /** The JSON text that is signed and sent. */
  readonly body: string;
}

export type DeliveryStatus =
  | 'PENDING'
  | 'DELIVERED'
  /** Given up: a dead letter. */
  | 'FAILED'
  /** There is no mail server to send it by. */
  | 'NOT_SENT'
  | 'CANCELLED';

/** The run and its action that wait for a message. */
export interface DeliveryOwner {
  readonly runId: string;
  readonly actionKey: string;
}

export interface DeliveryRecord {
  /** The `webhook-id`, or in the `Message-ID`, of every attempt. */
  readonly id: string;
  readonly kind: 'WEBHOOK' | 'EMAIL';
  readonly status: DeliveryStatus;
  readonly endpointId: string | null;
  readonly runId: string | null;
  readonly actionKey: string | null;
  readonly type: string;
  readonly eventSeq: number | null;
  readonly content: WebhookContent | EmailContent;
  /** The token of the link that its content marks; null if there is none, or if it is good for nothing any more. */
  readonly secret: string | null;
  readonly attempts: number;
  /** Attempts since it was last sent anew. */
  readonly round: number;
  readonly nextAttemptAt: Instant | null;
  readonly error: RunError | null;
  readonly createdAt: Instant;
  readonly finishedAt: Instant | null;
  readonly version: number;
}

/** A message without what is sent, which may be large, or secret. */
export type DeliverySummary = Omit<DeliveryRecord, 'content' | 'secret'>;

/** One attempt to deliver a message. */
export interface DeliveryAttempt {
  /** 1, 2, 3… over all rounds. */
  readonly number: number;
  readonly at: Instant;
  readonly durationMs: number;
  /** The HTTP status, or the code of the mail server's answer; null if there was none. */
  readonly statusCode: number | null;
  /** The beginning of the answer. */
  readonly response: string | null;
  /** Null if it arrived. */
  readonly error: RunError | null;
}

/** What those who wait for a message are told of it. */
export type DeliveryOutcome =
  | {
      readonly status: 'DELIVERED';
      /** `{ deliveryId, statusCode, response }`: the answer as JSON if it is, and as text otherwise. */
      readonly output: { readonly [name: string]: Json };
      /** All that were made. */
      readonly attempts: number;
    }
  | {
      readonly status: 'RETRYING';
      readonly error: RunError;
      readonly attempts: number;
      readonly nextAt: Instant;
    }
  | { readonly status: 'FAILED'; readonly error: RunError; readonly attempts: number }
  | { readonly status: 'NOT_SENT' }
  /** Its endpoint is disabled, so it waits until that is enabled. */
  | { readonly status: 'PARKED'; readonly error: RunError }
  /** Its endpoint was deleted. */
  | { readonly status: 'CANCELLED' };

/** A message with the id that it has from now on, and who waits for it. */
export type InsertedDelivery = NewDelivery & { readonly id: string; readonly owner?: DeliveryOwner };

/** The transaction in which something is sent, as far as it matters here. */
type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

const insert = statement<never>(
  'delivery.insert',
  `with added as (
     insert into delivery (organization_id, id, kind, status, endpoint_id, run_id, action_key, type, event_seq, content, secret, next_attempt_at,
       created_at)
     select $1, n.id, n.kind, 'PENDING', n.endpoint_id, n.run_id, n.action_key, n.type, n.event_seq, n.content, n.secret, $3, $3
     from jsonb_to_recordset($2::jsonb) as n(
       id uuid, kind text, endpoint_id uuid, run_id uuid, action_key text, type text, event_seq bigint, content jsonb, secret text)
     returning id
   )
   select ${addDeliverJob('a.id')} from added a`,
);

/** How many rows one statement adds, and how many characters of them: PostgreSQL reads at most 256 MB of JSON at once. */
const BATCH_SIZE = 500;
const BATCH_LENGTH = 4_000_000;

/** The text is made once, so that each attempt sends and signs the same bytes. */
function contentOf(delivery: NewDelivery, now: Instant): WebhookContent | EmailContent {
  if (delivery.kind === 'EMAIL') return delivery.content;
  const { type, data, at = now } = delivery;
  return { body: JSON.stringify({ type, timestamp: at, data }) };
}

/**
 * Adds messages, and the job that makes the first attempt at each: they are sent once the transaction commits, and not at all if it doesn't. They may
 * arrive in any order. Takes one statement for each 500 that are not large.
 */
export async function insertDeliveries(tx: Writer, deliveries: readonly InsertedDelivery[]): Promise<void> {
  let batch: string[] = [];
  let length = 0;
  const add = async (): Promise<void> => {
    if (batch.length > 0) await tx.query(insert, [tx.organizationId, `[${batch.join(',')}]`, tx.now]);
    batch = [];
    length = 0;
  };
  for (const delivery of deliveries) {
    const row = rowOf(delivery, tx.now);
    if (batch.length === BATCH_SIZE || length + row.length > BATCH_LENGTH) await add();
    batch.push(row);
    length += row.length;
  }
  await add();
}

/** As JSON. */
function rowOf(delivery: InsertedDelivery, now: Instant): string {
  return JSON.stringify({
    id: delivery.id,
    kind: delivery.kind,
    endpoint_id: delivery.kind === 'WEBHOOK' ? delivery.endpointId : null,
    run_id: delivery.owner?.runId ?? null,
    action_key: delivery.owner?.actionKey ?? null,
    type: delivery.type,
    event_seq: delivery.kind === 'WEBHOOK' ? (delivery.eventSeq ?? null) : null,
    content: contentOf(delivery, now),
    secret: delivery.kind === 'EMAIL' ? (delivery.secret ?? null) : null,
  });
}
