/**
 * A worker: a program that fetches tasks of its topics and works them, several at a time. It keeps its leases alive, stops working on what it
 * has lost, and ends without dropping what it has begun.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { authorizedFetch, type Token } from './authorized-fetch.ts';

export interface Job {
  readonly taskId: string;
  readonly topic: string;
  /** Rises with every lease of the task: hand it to whatever you write to, so that it can refuse what comes from an older one. */
  readonly leaseNumber: number;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What came of a job. A job that throws has failed with the error's message. */
export type Outcome = { readonly output: object } | { readonly handBack: string };

export interface ExternalWorkerOptions {
  /** `https://…/graphql` */
  readonly url: string;
  readonly token: Token;
  readonly workerName: string;
  readonly topics: readonly string[];
  /** Works one job. `lost` is aborted when the lease is: the task is another's then, so write nothing more. */
  readonly work: (job: Job, lost: AbortSignal) => Promise<Outcome>;
  /** How many jobs at a time; 4 if left out. */
  readonly concurrency?: number;
  /** In seconds; 300 if left out. A heartbeat comes after half of it, so choose it long: each is an event. */
  readonly leaseSeconds?: number;
  /** The pauses after the first failed request, the second, …, in milliseconds; after further ones as after the last. */
  readonly backoffMs?: readonly [number, ...number[]];
}

export interface ExternalWorker {
  /** Fetches nothing more; resolves when all that was begun is said to be done. */
  stop(): Promise<void>;
}

interface Fetched extends Job {
  readonly leaseToken: string;
  readonly expiresAt: string;
}

/** A payload, or the problem that was in its way. */
type Answer<Payload> = Payload | { readonly code: string; readonly message: string };

const FETCH = `mutation Fetch($input: FetchExternalTasksInput!) {
  answer: fetchExternalTasks(input: $input) {
    ... on FetchExternalTasksPayload { tasks { taskId leaseToken leaseNumber expiresAt topic input } }
    ... on Problem { code message } } }`;

/** All commands on a lease look alike. */
function onLease(field: string, inputType: string, payload: string): string {
  return `mutation OnLease($input: ${inputType}!) { answer: ${field}(input: $input) {
    ... on ${payload} { workedTask { status expiresAt } } ... on Problem { code message } } }`;
}

const EXTEND = onLease('extendLease', 'ExtendLeaseInput', 'ExtendLeasePayload');
const COMPLETE = onLease('completeExternalTask', 'CompleteExternalTaskInput', 'CompleteExternalTaskPayload');
const FAIL = onLease('failExternalTask', 'FailExternalTaskInput', 'FailExternalTaskPayload');
const HAND_BACK = onLease('handBackExternalTask', 'HandBackExternalTaskInput', 'HandBackExternalTaskPayload');

/** Starts at once. */
export function startExternalWorker(options: ExternalWorkerOptions): ExternalWorker {
  const { url, token, workerName, topics, work } = options;
  const { concurrency = 4, leaseSeconds = 300, backoffMs = [100, 500, 2_000, 10_000] } = options;
  const send = authorizedFetch(token);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  async function ask<Payload>(query: string, input: object, signal?: AbortSignal): Promise<Answer<Payload>> {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input } }),
      signal: signal ?? null,
    });
    const { data, errors } = (await response.json()) as {
      data?: { answer: Answer<Payload> };
      errors?: { message: string }[];
    };
    if (errors || !data) throw new Error(errors?.[0]?.message ?? 'no data');
    return data.answer;
  }

  /** Asks again and again, as long as it is worth it. What is said twice is done once, so nothing is lost by it. */
  async function insist(query: string, input: object, lost: AbortSignal): Promise<void> {
    for (let attempt = 0; !lost.aborted; attempt += 1)
      try {
        await ask(query, input);
        return;
      } catch {
        await rest(attempt, lost);
      }
  }

  async function rest(attempt: number, signal: AbortSignal): Promise<void> {
    const milliseconds = backoffMs[Math.min(attempt, backoffMs.length - 1)];
    await pause(milliseconds, undefined, { signal }).catch(() => undefined);
  }

  /** Until the job is done: a lease that could not be extended in time is lost, also if nobody says so. */
  async function keepAlive(lease: object, lost: AbortController, done: AbortSignal): Promise<void> {
    let endsAt = performance.now() + leaseSeconds * 1_000;
    let attempt = 0;
    while (!lost.signal.aborted) {
      if (attempt === 0) await pause(leaseSeconds * 500, undefined, { signal: done }).catch(() => undefined);
      const asked = performance.now();
      try {
        const answer = await ask<object>(EXTEND, { ...lease, leaseSeconds }, done);
        if ('code' in answer) lost.abort();
        endsAt = asked + leaseSeconds * 1_000;
        attempt = 0;
      } catch {
        // What is done needs no lease any more: asking has thrown because of that, without a request.
        if (done.aborted) return;
        attempt += 1;
        if (performance.now() >= endsAt) lost.abort();
        else await rest(attempt, done);
      }
    }
  }

  async function doJob({ leaseToken, expiresAt: _, ...job }: Fetched): Promise<void> {
    const lease = { taskId: job.taskId, leaseToken };
    const lost = new AbortController();
    const done = new AbortController();
    const alive = keepAlive(lease, lost, done.signal);
    try {
      const outcome = await work(job, lost.signal);
      if ('output' in outcome) await insist(COMPLETE, { ...lease, output: outcome.output }, lost.signal);
      else await insist(HAND_BACK, { ...lease, reason: outcome.handBack }, lost.signal);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await insist(FAIL, { ...lease, message }, lost.signal);
    } finally {
      done.abort();
      await alive;
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted;) {
      const room = concurrency - running.size;
      if (room === 0) {
        await Promise.race(running);
        continue;
      }
      try {
        const input = { workerName, topics, maxTasks: room, leaseSeconds, waitSeconds: 20 };
        const answer = await ask<{ tasks: readonly Fetched[] }>(FETCH, input, stopping.signal);
        if ('code' in answer) throw new Error(answer.message);
        attempt = 0;
        for (const fetched of answer.tasks) {
          const job = doJob(fetched).finally(() => running.delete(job));
          running.add(job);
        }
      } catch {
        await rest(attempt, stopping.signal);
        attempt += 1;
      }
    }
  }

  const looping = run();
  return {
    async stop() {
      stopping.abort();
      await looping;
      await Promise.all(running);
    },
  };
}
