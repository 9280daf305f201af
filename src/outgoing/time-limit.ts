import { RequestFailure } from './failure.ts';

/** A signal that is aborted when something has taken too long, or is cancelled; its reason is a {@link RequestFailure}. Dispose when done. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
  /** What `work` comes to, or the signal's reason if that comes first; `work` itself goes on then. */
  race<T>(work: Promise<T>): Promise<T>;
}

/** @param cancelled - of the caller. */
export function limitTime(ms: number, cancelled?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let reject: (failure: RequestFailure) => void;
  const over = new Promise<never>((_, onOver) => (reject = onOver));
  // Nobody may be racing when it comes.
  over.catch(() => undefined);
  const end = (failure: RequestFailure) => {
    controller.abort(failure);
    reject(failure);
  };
  const cancel = () => end(new RequestFailure('CANCELLED', 'The request was cancelled.'));
  const timer = setTimeout(
    () => end(new RequestFailure('TIMEOUT', `There was no complete answer within ${ms} ms.`)),
    ms,
  );
  cancelled?.addEventListener('abort', cancel, { once: true });
  if (cancelled?.aborted) cancel();
  return {
    signal: controller.signal,
    race: (work) => Promise.race([work, over]),
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      cancelled?.removeEventListener('abort', cancel);
    },
  };
}
