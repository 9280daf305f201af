/** What the outside is told of events: one message for each endpoint that subscribes to their type. */
import { v7 as uuidv7 } from 'uuid';
import { subscribesTo, webhookTypeOf } from '../commands/webhook-types.ts';
import type { Json } from '../engine/definition.ts';
import { insertDeliveries, type InsertedDelivery } from '../store/deliveries.ts';
import { encodePosition } from '../store/event-cursor.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { globalId } from '../store/global-id.ts';
import { subjectGlobalId } from '../store/subject-id.ts';
import type { Transaction } from '../store/transaction.ts';
import { readSubscribedEndpoints } from '../store/webhook-endpoints.ts';

/** Makes a message for each event and each enabled endpoint that subscribes to it, in two statements however many they are. */
export async function sendWebhooks(tx: Transaction, events: readonly StoredEvent[]): Promise<void> {
  const told = events.flatMap((event) => {
    const type = webhookTypeOf(event.type);
    return type === null ? [] : [{ event, type }];
  });
  if (told.length === 0) return;
  const endpoints = await readSubscribedEndpoints(tx, tx.organizationId);
  const deliveries = told.flatMap(({ event, type }): InsertedDelivery[] => {
    const subscribers = endpoints.filter(({ eventTypes }) => subscribesTo(eventTypes, type));
    if (subscribers.length === 0) return [];
    const common = { kind: 'WEBHOOK', type, data: dataOf(event), eventSeq: event.seq, at: event.at } as const;
    return subscribers.map((endpoint) => ({ ...common, id: uuidv7(), endpointId: endpoint.id }));
  });
  await insertDeliveries(tx, deliveries);
}

function idOf(type: string, key: string | null): string | null {
  return key === null ? null : globalId(type, key);
}

/** The event as receivers see it. Ids are those of the API, except inside of `changes`, which are the log's own. */
function dataOf(event: StoredEvent): { [name: string]: Json } {
  return {
    id: globalId('Event', String(event.seq)),
    cursor: encodePosition(event.seq),
    at: event.at,
    subjectId: subjectGlobalId(event.subjectType, event.subjectId),
    version: event.version,
    executionId: idOf('WorkflowExecution', event.executionId),
    taskId: idOf('Task', event.taskId),
    entityIds: event.entityIds.map((id) => globalId('Entity', id)),
    actorId: idOf('User', event.actorId),
    onBehalfOfId: idOf('User', event.onBehalfOfId),
    automationRunId: idOf('AutomationRun', event.runId),
    changedFields: [...event.changedFields],
    changes: event.data as { readonly [name: string]: Json },
  };
}
