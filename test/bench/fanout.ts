/**
 * `npm run bench:fanout [-- --only 2000x20,10000x1]`: what it costs to deliver one change to many subscribers, beside a bare `ws.send`
 * loop with the same bytes and beside graphql-ws as usually wired, in one run on one machine. A case is <subscribers>x<groups>, or
 * <subscribers>x<groups>x<servers>. Prints the figures and how they stand to the goals; exits with 1 if a message was missing or out of place.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { nameOf, parseCases, type Case } from './fanout/cases.ts';
import { startCrowd } from './fanout/crowd.ts';
import { measure, type Measured } from './fanout/measure.ts';
import { report } from './fanout/report.ts';
import { startHandrail, startTellable, type Subject } from './fanout/subjects.ts';
import { makeWorld, type World } from './fanout/world.ts';

/** Of a process, besides its sockets. */
const OTHER_FILES = 200;

const begin = performance.now();

function progress(text: string): void {
  const seconds = Math.round((performance.now() - begin) / 1_000);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${text}\n`);
}

function requireFiles(cases: readonly Case[]): void {
  const limit = Number(execFileSync('sh', ['-c', 'ulimit -n']).toString()) || Infinity;
  const needed = Math.max(...cases.map(({ subscribers }) => subscribers)) + OTHER_FILES;
  if (limit < needed)
    throw new RangeError(
      `This needs ${needed} open files for each process, the limit is ${limit}: raise it with ulimit -n.`,
    );
}

/** One of Handrail's messages, which the others imitate. */
async function captureFrame(subject: Subject, world: World, nextNumber: () => number): Promise<string> {
  await using crowd = startCrowd();
  const [url = ''] = subject.urls;
  const [token = ''] = world.colleagues;
  await crowd.open([{ url, token }], world.subscription);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const number = nextNumber();
    await subject.change(number);
    const arrival = await crowd.arrival(number, 500);
    if (arrival) return arrival.frame;
  }
  throw new Error('no message came');
}

interface Bench {
  readonly cases: readonly Case[];
  readonly databaseUrl: string;
}

async function measureAll({ cases, databaseUrl }: Bench): Promise<readonly Measured[]> {
  const secret = randomBytes(32).toString('hex');
  let last = 0;
  const nextNumber = (): number => (last += 1);
  let taskId = '';
  const handrail = (nodes: number) => startHandrail({ databaseUrl, secret, nodes, taskId: () => taskId });
  const made = await (async () => {
    await using subject = await handrail(1);
    const [url = ''] = subject.urls;
    const world = await makeWorld(
      url.replace('ws', 'http'),
      secret,
      Math.max(...cases.map(({ groups }) => groups)),
    );
    ({ taskId } = world);
    return { world, frame: await captureFrame(subject, world, nextNumber) };
  })();
  const { world, frame } = made;
  const all: Measured[] = [];

  async function run(started: Promise<Subject>, which: Case): Promise<void> {
    await using subject = await started;
    const { groups, subscribers } = which;
    const isBare = subject.kind === 'ws.send';
    progress(`${subject.kind}: ${isBare ? `${subscribers} sockets` : nameOf(which)}`);
    const tokens = groups === 1 ? world.colleagues : world.partners.slice(0, groups);
    const subscription = isBare ? null : world.subscription;
    const measured = await measure({ subject, case: which, tokens, subscription, nextNumber });
    progress(`  ${measured.cpu.toFixed(2)} µs CPU per message, p99 ${measured.p99.toFixed(1)} ms`);
    all.push(measured);
  }

  for (const which of cases) {
    const { subscribers, groups } = which;
    const same = all.filter((one) => one.case.subscribers === subscribers);
    await run(handrail(which.nodes), which);
    if (!same.some((one) => one.kind === 'graphql-ws' && one.case.groups === groups))
      await run(startTellable('graphql-ws', frame), { ...which, nodes: 1 });
    if (!same.some((one) => one.kind === 'ws.send'))
      await run(startTellable('ws.send', frame), { subscribers, groups: 1, nodes: 1 });
  }
  return all;
}

async function bench(cases: readonly Case[]): Promise<void> {
  requireFiles(cases);
  progress(`${cases.map(nameOf).join(', ')}: about ${cases.length * 45} seconds`);
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-bench-'));
  try {
    await using postgres = await startEmbeddedPostgres({
      dataDir,
      log: pino({ level: 'silent' }),
      durability: 'off',
    });
    process.stdout.write(report(await measureAll({ cases, databaseUrl: postgres.connectionString })));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

try {
  await bench(parseCases(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof RangeError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
