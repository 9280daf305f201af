/**
 * `npm run prove:live [-- --seed 1 --changes 10000]`: two servers on one PostgreSQL, 200 subscribers with random documents, 20 clients that
 * change things, and everything breaks all the time. Prints what happened; exits with 1 if in the end a subscriber had not exactly what
 * it must have.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startProcessNode } from './live/nodes.ts';
import { proveLive, type Figures } from './live/proof.ts';
import { startBreakableStore } from './live/store.ts';

const FAULTS_SHOWN = 20;
const FAULTS_OF_A_KIND = 3;

interface Settings {
  readonly seed: number;
  readonly changes: number;
  readonly subscribers: number;
  readonly kills: number;
}

/** The first few of each kind. */
function pickFaults(faults: readonly string[]): readonly string[] {
  const kinds = new Map<string, number>();
  const picked = faults.filter((fault) => {
    const kind = fault
      .replace(/^#[^:]*: /, '')
      .replace(/[^a-z]+/g, '')
      .slice(0, 24);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    return (kinds.get(kind) ?? 0) <= FAULTS_OF_A_KIND;
  });
  return picked.slice(0, FAULTS_SHOWN);
}

function report({ faults, seconds, ...figures }: Figures, seed: number): string {
  const rows = Object.entries({ ...figures, faults: faults.length });
  return [
    `seed ${seed}, ${seconds.toFixed(1)} s`,
    ...rows.map(([name, value]) => `${name.padEnd(12)}${String(value).padStart(10)}`),
    '',
    ...(faults.length === 0
      ? [
          'Every subscriber has every event that it must have, in order; every live list equals a fresh query.',
        ]
      : pickFaults(faults)),
    '',
  ].join('\n');
}

async function run({ seed, changes, subscribers, kills }: Settings): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-prove-'));
  try {
    await using store = await startBreakableStore(dataDir);
    const secret = randomBytes(32).toString('hex');
    const environment = {
      DATABASE_URL: store.connectionString,
      AUTH_SECRET: secret,
      MAX_CONNECTIONS_PER_USER: '1000',
    };
    // One after the other: the first makes the tables.
    await using first = await startProcessNode(environment);
    await using second = await startProcessNode(environment);
    const figures = await proveLive({
      nodes: [first, second],
      secret,
      databaseUrl: store.connectionString,
      seed,
      changes,
      writers: 20,
      subscribers,
      kills,
      cuts: changes / 5,
      drops: Math.ceil(changes / 1_000),
      crash: () => store.crash(),
      progress: (text) => process.stdout.write(`${text}\n`),
    });
    process.stdout.write(`\n${report(figures, seed)}`);
    return figures.faults.length === 0;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

// So that what was started is ended, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    changes: { type: 'string', default: '10000' },
    subscribers: { type: 'string', default: '200' },
    kills: { type: 'string', default: '20' },
  },
});
const settings = {
  seed: Number(values.seed),
  changes: Number(values.changes),
  subscribers: Number(values.subscribers),
  kills: Number(values.kills),
};
if (!Object.values(settings).every((value) => Number.isSafeInteger(value) && value > 0)) {
  process.stderr.write('--seed, --changes, --subscribers and --kills must be whole numbers above 0.\n');
  process.exitCode = 1;
} else if (!(await run(settings))) {
  process.exitCode = 1;
}
