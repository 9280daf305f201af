/** The batched reads around messages to the outside; a part of the loaders of each step. */
import DataLoader from 'dataloader';
import { may, type Viewer } from '../commands/viewer.ts';
import type { Database } from '../store/database.ts';
import type { DeliveryAttempt, DeliveryRecord, DeliverySummary } from '../store/deliveries.ts';
import { readAttempts, readContents, readDeliveries } from '../store/delivery-lists.ts';
import { readEndpoints, type EndpointRecord } from '../store/webhook-endpoints.ts';
import { byId, foundLoaders } from './found-loader.ts';

/** Null, or empty, where nothing is found and for those who can't read what is sent: members and partners. */
export interface DeliveryLoaders {
  readonly webhookEndpoints: DataLoader<string, EndpointRecord | null>;
  readonly deliveries: DataLoader<string, DeliverySummary | null>;
  /** What is sent, by the message's id. */
  readonly deliveryContents: DataLoader<string, DeliveryRecord['content'] | null>;
  /** By the message's id. */
  readonly deliveryAttempts: DataLoader<string, readonly DeliveryAttempt[]>;
}

/** Loaders for one step of an operation of this viewer. */
export function createDeliveryLoaders(database: Database, viewer: Viewer): DeliveryLoaders {
  const { organizationId } = viewer;
  const mayRead = may(viewer, 'design');
  const loader = foundLoaders(mayRead);

  return {
    webhookEndpoints: loader(
      async (ids) => byId(await readEndpoints(database, organizationId, ids)),
      (endpoint) => endpoint,
    ),
    deliveries: loader(
      async (ids) => byId(await readDeliveries(database, organizationId, ids)),
      (delivery) => delivery,
    ),
    deliveryContents: loader(
      async (ids) => byId(await readContents(database, organizationId, ids)),
      ({ content }) => content,
    ),
    deliveryAttempts: new DataLoader(async (ids) => {
      const attempts = mayRead ? await readAttempts(database, organizationId, ids) : null;
      return ids.map((id) => attempts?.get(id) ?? []);
    }),
  };
}
