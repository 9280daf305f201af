/** Notices that a user is deactivated, whichever server it was done on. */
import type { Logger } from 'pino';
import type { Hub, Hubs } from './hubs.ts';
import { joinRights } from './memberships.ts';
import { untilRead } from './retry.ts';

export interface UserWatch {
  readonly organizationId: string;
  readonly userId: string;
  /** Called once, as soon as the deactivation has been read from the log. */
  readonly onDeactivated: () => void;
}

/** A place in the organization's hub whose feed has started. */
async function joined(hubs: Hubs, organizationId: string): Promise<Hub> {
  const hub = hubs.acquire(organizationId);
  try {
    await hub.feed.ready;
    return hub;
  } catch (error) {
    // For the next attempt to begin with another feed: this one will never start.
    hub.release();
    throw error;
  }
}

/**
 * Watches until the answered function is called. Deactivations before the call are noticed as well: the user is looked up once more when the
 * place is taken, in memory if another watch of the organization knows them. The database's absence delays it.
 */
export function watchActivity(hubs: Hubs, log: Logger, watch: UserWatch): () => void {
  const { organizationId, userId, onDeactivated } = watch;
  const over = new AbortController();
  const { signal } = over;
  const patience = { log, signal };

  async function check(): Promise<void> {
    const membership = await untilRead(() => hubs.memberships(organizationId).read(userId), patience);
    if (membership?.isActive || signal.aborted) return;
    over.abort();
    onDeactivated();
  }

  async function follow(): Promise<void> {
    const hub = await untilRead(() => joined(hubs, organizationId), patience);
    const leave = joinRights(hub.bus, userId, () => {
      check().catch(() => undefined);
    });
    const end = (): void => {
      leave();
      hub.release();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
    await check();
  }

  // Both reject only when the watch is over.
  follow().catch(() => undefined);
  return () => {
    over.abort();
  };
}
