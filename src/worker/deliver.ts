/**
 * The job that sends a message: one attempt, outside of any transaction, and then what came of it in one. If the server is killed in between, the message
 * is sent once more, with the same id.
 */
import { LINK_MARK, confirmationUrl } from '../commands/confirmation-link.ts';
import type { DeliveryRecord, EmailContent, WebhookContent } from '../store/deliveries.ts';
import { scheduleDelivery, type DeliverPayload } from '../store/delivery-jobs.ts';
import { readDelivery } from '../store/delivery-writes.ts';
import { readFullEndpoint, type FullEndpoint } from '../store/webhook-endpoints.ts';
import { attemptEmail, attemptWebhook, type AttemptResult } from './delivery-attempt.ts';
import type { DeliverContext } from './delivery-context.ts';
import { cancelDelivery, parkDelivery, settleDelivery } from './delivery-settling.ts';

/**
 * Makes the next attempt at a message if it is time. One that is over needs nothing; one whose endpoint is disabled waits without a job until that is enabled.
 * Rejects if what came of it can't be written down; the queue repeats the job then.
 */
export async function deliver(context: DeliverContext, payload: DeliverPayload): Promise<void> {
  const { database, clock } = context;
  const { organizationId, deliveryId } = payload;
  const delivery = await readDelivery(database, organizationId, deliveryId);
  if (delivery?.status !== 'PENDING') return;
  const { endpointId, nextAttemptAt } = delivery;
  const endpoint = endpointId === null ? null : await readFullEndpoint(database, organizationId, endpointId);
  if (endpoint?.isDeleted) {
    await cancelDelivery(context, payload);
    return;
  }
  if (endpoint?.isEnabled === false) {
    await parkDelivery(context, payload, endpoint.id);
    return;
  }
  const now = clock();
  const wait = nextAttemptAt === null ? 0 : Date.parse(nextAttemptAt) - now.getTime();
  if (wait > 0) {
    // By how much is for this server's clock to say, when is for the database's: the two may differ.
    await scheduleDelivery(database, payload, wait);
    return;
  }
  const result = await attempt(context, delivery, endpoint, now);
  if (result.verdict === 'INTERRUPTED') await scheduleDelivery(database, payload, 0);
  else await settleDelivery(context, payload, { startedAt: now, endpoint, result });
}

/** The mail with the link in the place that is marked for it. */
function linked(content: EmailContent, token: string | null, publicUrl: () => string): EmailContent {
  if (token === null) return content;
  const url = confirmationUrl(publicUrl(), token);
  const { text, html } = content;
  return {
    ...content,
    text: text.replaceAll(LINK_MARK, url),
    html: html?.replaceAll(LINK_MARK, url) ?? null,
  };
}

function attempt(
  { targets, mailer, signal, log, publicUrl }: DeliverContext,
  { id, content, secret }: DeliveryRecord,
  endpoint: FullEndpoint | null,
  now: Date,
): Promise<AttemptResult> {
  // A message has an endpoint exactly if it is a webhook.
  return endpoint === null
    ? attemptEmail(id, linked(content as EmailContent, secret, publicUrl), mailer, log)
    : attemptWebhook(id, content as WebhookContent, endpoint, { targets, now, signal });
}
