/** Reacts to what happens, in all organizations, as soon as it has happened. */
import type { Logger } from 'pino';
import { react } from '../reactions/react.ts';
import { readBehind } from '../store/reaction-cursor.ts';
import type { WorkerContext } from './wake-execution.ts';

/** How often to look for commits of other servers; own ones are seen at once. In ms. */
const INTERVAL_MS = 500;

export interface ReactorContext extends WorkerContext {
  readonly log: Logger;
}

/** Reacts until `signal` is aborted. Several servers may do so: each event is reacted to by one of them. Never rejects. */
export async function keepReacting(context: ReactorContext, signal: AbortSignal): Promise<void> {
  const { database, log } = context;
  let wake = (): void => undefined;
  let commits = 0;
  const stopListening = database.onCommit(() => {
    commits += 1;
    wake();
  });
  const isAborted = (): boolean => signal.aborted;
  signal.addEventListener('abort', () => {
    wake();
  });
  while (!isAborted()) {
    const seen = commits;
    let isMore = false;
    try {
      // One batch of each, so that one that is far behind holds up no other.
      for (const organizationId of await readBehind(database))
        if (!isAborted() && (await reactToSome(context, organizationId))) isMore = true;
    } catch (error) {
      log.warn({ err: error }, 'could not look for what happened');
    }
    if (isMore || commits !== seen || isAborted()) continue;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, INTERVAL_MS).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  stopListening();
}

/** Answers whether there may be more. What goes wrong in one organization holds up no other; it is tried again with the next look. */
async function reactToSome(context: ReactorContext, organizationId: string): Promise<boolean> {
  const { log } = context;
  try {
    return await react(context, organizationId, {
      onLeftOut(error, at) {
        log.error({ err: error, organizationId, ...at }, 'what follows from an event was left out: it fails');
      },
    });
  } catch (error) {
    log.error({ err: error, organizationId }, 'could not react to what happened');
    return false;
  }
}
