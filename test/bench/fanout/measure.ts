/** One crowd on one server: connect, be idle, deliver. */
import { setTimeout as delay } from 'node:timers/promises';
import { IDLE_FROM, type Case } from './cases.ts';
import { startCrowd, type Crowd } from './crowd.ts';
import { quantile, sum } from './figures.ts';
import type { Sample, Subscription, Target } from './protocol.ts';
import type { Subject, SubjectKind } from './subjects.ts';

export interface Measured {
  readonly kind: SubjectKind;
  readonly case: Case;
  readonly changes: number;
  readonly frameBytes: number;
  /** CPU for each delivered message, in µs, of all servers: from the change on, and all of it, with the change. */
  readonly cpu: number;
  readonly wholeCpu: number;
  /** From the change to the receipt, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** For each idle subscriber, in bytes. */
  readonly resident: number;
  readonly heap: number;
  /** Of a core, while nothing happens; null for small crowds. */
  readonly idleCpu: number | null;
  /** For each event, of all servers; of the statements the median. */
  readonly executions: number;
  readonly statements: number;
  /** How many of them have each name. */
  readonly statementNames: readonly (readonly [string, number])[];
}

export interface MeasureOptions {
  readonly subject: Subject;
  readonly case: Case;
  /** Shared among the subscribers. */
  readonly tokens: readonly string[];
  readonly subscription: Subscription;
  readonly nextNumber: () => number;
}

interface Span {
  readonly least: number;
  readonly most: number;
  readonly ms: number;
}

/** Few subscribers, so that what is done once for each change becomes as fast as it is in a server that has run for a while. */
const FIRST_CROWD = 20;
const FIRST: Span = { least: 20, most: 300, ms: 2_500 };
const WARM_UP: Span = { least: 3, most: 30, ms: 2_000 };
const MEASURED: Span = { least: 5, most: 60, ms: 5_000 };
/** A crowd that gets nothing for so long is not being sent anything. */
const PATIENCE_MS = 20_000;
const JOIN_PATIENCE_MS = 1_000;
const JOIN_ATTEMPTS = 20;
/** Each connection is pinged once in 12 s: a shorter look would see more or fewer of the pings than there are. */
const IDLE_MS = 12_000;
const QUIET_MS = 1_500;
const LATE_MS = 300;

interface Round {
  readonly samples: readonly [Sample, ...Sample[]];
  /** In ms. */
  readonly latencies: Float64Array;
  readonly frame: string;
}

function targetsOf(urls: readonly string[], tokens: readonly string[], count: number): Target[] {
  return Array.from({ length: count }, (_, index) => ({
    token: tokens[index % tokens.length] ?? '',
    url: urls[Math.floor(index / tokens.length) % urls.length] ?? '',
  }));
}

/** Subscribing is not answered: changes until everybody has one. */
async function untilJoined(crowd: Crowd, { subject, nextNumber }: MeasureOptions): Promise<void> {
  for (let attempt = 0; attempt < JOIN_ATTEMPTS; attempt += 1) {
    const number = nextNumber();
    await subject.change(number);
    if (await crowd.arrival(number, JOIN_PATIENCE_MS)) return;
  }
  throw new Error('not all subscribers receive something');
}

async function deliver(crowd: Crowd, { subject, nextNumber }: MeasureOptions, { least, most, ms }: Span) {
  const rounds: Round[] = [];
  const begin = performance.now();
  let number = 0;
  while (rounds.length < least || (rounds.length < most && performance.now() - begin < ms)) {
    number = nextNumber();
    await subject.change(number);
    const arrival = await crowd.arrival(number, PATIENCE_MS);
    if (!arrival) throw new Error(`change ${number} has not reached everybody`);
    const samples = await subject.sample();
    const { changedAt } = samples[0];
    if (changedAt === null) throw new Error('the server has not noticed that it changed something');
    rounds.push({
      samples,
      latencies: arrival.times.map((time) => time - changedAt),
      frame: arrival.frame,
    });
  }
  await delay(LATE_MS);
  await crowd.requireAllAt(number);
  return rounds;
}

/** What goes on while nothing happens: the CPU of all servers, as a share of one core, and the names of statements. */
async function beIdle(subject: Subject, ms: number) {
  const before = await subject.sample();
  const begin = performance.now();
  await delay(ms);
  const after = await subject.sample();
  const elapsed = (performance.now() - begin) * 1_000;
  const cpu = sum(after.map((sample, node) => sample.cpu - (before[node]?.cpu ?? 0)));
  return { cpu: cpu / elapsed, statements: new Set(after.flatMap(({ statements }) => statements)) };
}

async function memoryOf(subject: Subject) {
  const all = await subject.memory();
  return { resident: sum(all.map(({ resident }) => resident)), heap: sum(all.map(({ heap }) => heap)) };
}

/** How often each statement is sent for a change, of all servers: the median, since some are sent by the clock. */
function statementsOf(rounds: readonly Round[], background: ReadonlySet<string>) {
  const sent = rounds.map(({ samples }) => samples.flatMap(({ statements }) => statements));
  const names = [...new Set(sent.flat())].filter((name) => !background.has(name));
  return names
    .map((name) => {
      const counts = sent.map((statements) => statements.filter((one) => one === name).length);
      return [name, quantile([Float64Array.from(counts)], 0.5)] as const;
    })
    .filter(([, count]) => count > 0);
}

/** The sums of all servers in all rounds. */
function spent(before: readonly Sample[], rounds: readonly Round[]) {
  const last = rounds.at(-1)?.samples ?? [];
  const since = (field: 'cpu' | 'executions'): number =>
    sum(last.map((sample, node) => sample[field] - (before[node]?.[field] ?? 0)));
  return {
    cpuAfterChange: sum(rounds.flatMap(({ samples }) => samples.map(({ cpuAfterChange }) => cpuAfterChange))),
    cpu: since('cpu'),
    executions: since('executions'),
  };
}

/** Checks every delivery; throws if one is missing, comes twice or not in its place. */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { subject, tokens, subscription } = options;
  const { subscribers } = options.case;
  await using crowd = startCrowd();
  await crowd.open(targetsOf(subject.urls, tokens, FIRST_CROWD), subscription);
  await untilJoined(crowd, options);
  await deliver(crowd, options, FIRST);
  await crowd.close();
  const empty = await memoryOf(subject);

  await crowd.open(targetsOf(subject.urls, tokens, subscribers), subscription);
  await untilJoined(crowd, options);
  const full = await memoryOf(subject);
  const idle = await beIdle(subject, subscribers < IDLE_FROM ? QUIET_MS : IDLE_MS);

  await deliver(crowd, options, WARM_UP);
  const before = await subject.sample();
  const rounds = await deliver(crowd, options, MEASURED);
  const { cpuAfterChange, cpu, executions } = spent(before, rounds);
  const names = statementsOf(rounds, idle.statements);
  const latencies = rounds.map((round) => round.latencies);
  const deliveries = rounds.length * subscribers;
  return {
    kind: subject.kind,
    case: options.case,
    changes: rounds.length,
    frameBytes: Buffer.byteLength(rounds[0]?.frame ?? ''),
    cpu: cpuAfterChange / deliveries,
    wholeCpu: cpu / deliveries,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    resident: (full.resident - empty.resident) / subscribers,
    heap: (full.heap - empty.heap) / subscribers,
    idleCpu: subscribers < IDLE_FROM ? null : idle.cpu,
    executions: executions / rounds.length,
    statements: sum(names.map(([, count]) => count)),
    statementNames: names,
  };
}
