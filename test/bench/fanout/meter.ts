/** What a server of the bench spends, counted in its own process. */
import { setTimeout as delay } from 'node:timers/promises';
import { clockMs, type Memory, type Sample } from './protocol.ts';

export interface Meter {
  /** Something has changed right now: what was spent before is not the cost of delivering it. */
  change(): void;
  execution(): void;
  statement(name: string): void;
  sample(): Sample;
}

function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export function createMeter(): Meter {
  let changedAt: number | null = null;
  let counted = cpuNow();
  let executions = 0;
  let statements: string[] = [];
  return {
    change() {
      changedAt = clockMs();
      counted = cpuNow();
      statements = [];
    },
    execution() {
      executions += 1;
    },
    statement(name) {
      statements.push(name);
    },
    sample() {
      const cpu = cpuNow();
      const sample = { cpu, cpuAfterChange: cpu - counted, changedAt, executions, statements };
      counted = cpu;
      statements = [];
      return sample;
    },
  };
}

/** The process's own memory without garbage. */
export async function readMemory(): Promise<Memory> {
  if (!globalThis.gc) throw new Error('the process was started without --expose-gc');
  // What finalizers and closed sockets let go of is garbage of the next round.
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc();
    await delay(150);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed + external };
}
