/** Long polls: a worker that asks for tasks is answered as soon as there are some. */
import {
  checkFetch,
  fetchTasks,
  requireTopics,
  type FetchedTask,
  type FetchInput,
} from '../commands/external-tasks.ts';
import type { CommandResult } from '../commands/execute.ts';
import { refuseInput } from '../commands/problem.ts';
import type { Context } from './context.ts';

/** The longest that an answer may be waited for, in seconds: less than most proxies let a request last. */
export const MAX_WAIT_SECONDS = 30;

/** What was there and could not be had (somebody works on its execution at the moment) is tried again after this time, in milliseconds. */
const AGAIN_MS = 100;

type Fetched = CommandResult<readonly FetchedTask[]>;

function isAnswer(result: Fetched): boolean {
  return !result.ok || result.value.length > 0;
}

/** Something that is told again and again, and of which only the last time counts. */
function createBell() {
  let hasRung = false;
  let answer = (): void => undefined;
  return {
    ring(): void {
      hasRung = true;
      answer();
    },
    /** Resolves when it has rung since the last call. */
    async heard(): Promise<void> {
      if (!hasRung)
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      hasRung = false;
    },
  };
}

/** No longer than the token is valid. */
function waitMs({ viewer, clock }: Context, waitSeconds: number): number {
  const { expiresAt } = viewer;
  const left = expiresAt === null ? Infinity : expiresAt * 1_000 - clock().getTime();
  return Math.max(0, Math.min(waitSeconds * 1_000, left));
}

function userOf({ viewer: { organizationId, userId } }: Context) {
  return { organizationId, userId };
}

/**
 * Fetches tasks. If there are none, it waits for up to so many seconds, without a connection to the database, until there are some, the client has gone, its
 * access ends or the server stops.
 */
export async function fetchWhenThere(
  context: Context,
  input: FetchInput,
  waitSeconds: number,
): Promise<Fetched> {
  const { live, viewer, clock, signal } = context;
  checkFetch(input);
  if (!Number.isInteger(waitSeconds) || waitSeconds < 0 || waitSeconds > MAX_WAIT_SECONDS)
    refuseInput(
      'waitSeconds',
      'OUT_OF_RANGE',
      `waitSeconds is ${waitSeconds}; it is a whole number from 0 to ${MAX_WAIT_SECONDS}.`,
    );
  requireTopics(viewer, input.topics);
  let result = await fetchTasks(context, input);
  if (isAnswer(result) || waitSeconds === 0) return result;

  const bell = createBell();
  const over = new AbortController();
  const end = (): void => {
    over.abort();
    bell.ring();
  };
  if (signal?.aborted) end();
  const timeout = setTimeout(end, waitMs(context, waitSeconds));
  let again: NodeJS.Timeout | undefined;
  signal?.addEventListener('abort', end);
  const forgetUser = live.watchActivity({ ...userOf(context), onDeactivated: end });
  const place = live.watchWork({
    organizationId: viewer.organizationId,
    topics: input.topics,
    clock,
    onLook(ready) {
      const now = clock().toISOString();
      if ([...ready.values()].some((at) => at <= now)) bell.ring();
    },
    onEnd: end,
  });
  try {
    for (;;) {
      await bell.heard();
      if (over.signal.aborted) break;
      result = await fetchTasks(context, input);
      if (isAnswer(result)) break;
      clearTimeout(again);
      again = setTimeout(() => {
        place.lookAgain();
      }, AGAIN_MS);
    }
    return result;
  } finally {
    clearTimeout(timeout);
    clearTimeout(again);
    signal?.removeEventListener('abort', end);
    forgetUser();
    place[Symbol.dispose]();
  }
}
