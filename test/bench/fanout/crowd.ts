/** All subscribers of one measurement, in processes of their own, so that what they spend is not the server's. */
import { availableParallelism } from 'node:os';
import { startHelper, type HelperProcess } from './helper-process.ts';
import type { CrowdHandlers, CrowdNews, Subscription, Target } from './protocol.ts';

/** A change as all subscribers received it. */
export interface Arrival {
  /** When each did, by `clockMs`; in no order. */
  readonly times: Float64Array;
  /** One of the messages. */
  readonly frame: string;
}

/** Disposing ends the processes. */
export interface Crowd extends AsyncDisposable {
  /** Connects all targets; resolves when each has asked for its subscription, which the server may still be starting. */
  open(targets: readonly Target[], subscription: Subscription): Promise<void>;
  /**
   * When everybody has the change; null as soon as nothing has been received for `patienceMs` and somebody does not have it.
   *
   * @throws Error if something has arrived that must not, or not in its place.
   */
  arrival(number: number, patienceMs: number): Promise<Arrival | null>;
  /** @throws Error unless this change is the last that everybody has. */
  requireAllAt(number: number): Promise<void>;
  close(): Promise<void>;
}

type CrowdProcess = HelperProcess<CrowdHandlers, CrowdNews>;

/** One core is the server's. More processes than this would not be faster. */
const PROCESSES = Math.min(4, Math.max(1, availableParallelism() - 1));

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function startCrowd(): Crowd {
  const processes = Array.from({ length: PROCESSES }, (): CrowdProcess => startHelper('crowd-process.ts'));
  const counts = processes.map(() => 0);
  let used: readonly CrowdProcess[] = [];
  const complete = new Map<number, { readonly parts: Float64Array[]; frame: string }>();
  const faults: string[] = [];
  let lastNews = 0;
  let wake: () => void = () => undefined;

  for (const [index, helper] of processes.entries()) {
    helper.onNews((news) => {
      if (news.kind === 'fault') faults.push(news.text);
      else if (news.kind === 'complete') {
        const parts = [...(complete.get(news.number)?.parts ?? []), news.times];
        complete.set(news.number, { parts, frame: news.frame });
      } else if (news.messages !== counts[index]) {
        counts[index] = news.messages;
        lastNews = performance.now();
      }
      wake();
    });
  }

  function requireNoFault(): void {
    if (faults.length > 0) throw new Error([`${faults.length} faults:`, ...faults.slice(0, 5)].join('\n'));
  }

  return {
    async open(targets, subscription) {
      const shares = processes.map((_, share) =>
        targets.filter((_target, index) => index % processes.length === share),
      );
      used = processes.filter((_, index) => shares[index]?.length);
      await Promise.all(used.map((helper, index) => helper.ask('open', shares[index] ?? [], subscription)));
    },
    async arrival(number, patienceMs) {
      lastNews = performance.now();
      for (;;) {
        requireNoFault();
        const found = complete.get(number);
        if (found?.parts.length === used.length) {
          complete.delete(number);
          if (found.frame.includes('"errors"')) throw new Error(`a message with errors: ${found.frame}`);
          return { times: joined(found.parts), frame: found.frame };
        }
        if (performance.now() - lastNews > patienceMs) return null;
        // News come ten times a second, if only to say that there are none.
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async requireAllAt(number) {
      requireNoFault();
      const behind = await Promise.all(used.map((helper) => helper.ask('behind', number)));
      const sum = behind.reduce((total, count) => total + count, 0);
      if (sum > 0) throw new Error(`${sum} subscribers do not have change ${number} as their last`);
    },
    async close() {
      await Promise.all(used.map((helper) => helper.ask('close')));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((helper) => helper[Symbol.asyncDispose]()));
    },
  };
}
