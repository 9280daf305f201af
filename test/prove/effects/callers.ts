/** Those outside who call back: at once or later, once or twice, until they know that it is known. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../chance.ts';
import { CALLED } from './actions.ts';

export interface CallersOptions {
  readonly chance: Chance;
  /** How long they think before they call, at most. In ms. */
  readonly longestThought: number;
  /** Sends a request to one of the servers; rejects if there is no answer. */
  readonly post: (path: string, body: string) => Promise<{ readonly status: number }>;
  /** What the addresses of callbacks have to begin with. */
  readonly publicUrl: string;
  readonly onFault: (fault: string) => void;
}

export interface Callers {
  /** How many callbacks were used. */
  readonly used: number;
  /** How many were used before by the one who asks again. */
  readonly usedBefore: number;
  call(url: string): void;
  /** Resolves when everybody has got an answer. */
  finish(): Promise<void>;
}

const PAUSE_MS = 50;
const TRIES = 1_000;
const USED = 200;
const USED_BEFORE = 409;

export function createCallers({ chance, longestThought, post, publicUrl, onFault }: CallersOptions): Callers {
  const calls: Promise<void>[] = [];
  let used = 0;
  let usedBefore = 0;

  /** The status of the answer that says what came of it. */
  async function insist(path: string): Promise<number> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      try {
        const { status } = await post(path, JSON.stringify({ note: CALLED }));
        if (status < 500) return status;
      } catch {
        // The server is gone, maybe after it has used the callback.
      }
      await delay(PAUSE_MS);
    }
    return 0;
  }

  async function callOften(url: string, times: number, thought: number): Promise<void> {
    await delay(thought);
    if (!url.startsWith(`${publicUrl}/callbacks/`)) onFault(`the address of a callback is ${url}`);
    const path = new URL(url).pathname;
    const statuses = await Promise.all(Array.from({ length: times }, () => insist(path)));
    const good = statuses.filter((status) => status === USED).length;
    used += good;
    usedBefore += statuses.filter((status) => status === USED_BEFORE).length;
    if (good > 1) onFault(`the callback ${path} was used ${good} times`);
    const odd = statuses.filter((status) => status !== USED && status !== USED_BEFORE);
    if (odd.length > 0) onFault(`the callback ${path} was answered with ${odd.join(', ')}`);
  }

  return {
    get used() {
      return used;
    },
    get usedBefore() {
      return usedBefore;
    },
    call(url) {
      const thought = chance.percent(50) ? 0 : chance.below(longestThought);
      calls.push(callOften(url, chance.percent(40) ? 2 : 1, thought));
    },
    async finish() {
      await Promise.all(calls);
    },
  };
}
