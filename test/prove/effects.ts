/**
 * `npm run prove:effects [-- --seed 1 --runs 1000 --kills 50]`: two servers on one PostgreSQL, automations that change things inside and send webhooks and mails to
 * receivers that are unreliable, and the servers are killed all the time. Prints what happened; exits with 1 if in the end a run was lost, something inside was
 * done twice or not at all, or a message did not arrive or came under two ids.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { createChance } from './chance.ts';
import { proveEffects, type Figures, type OnFirst } from './effects/proof.ts';
import { openReceivers } from './effects/receivers.ts';
import { startProcessNode } from './live/nodes.ts';

const FAULTS_SHOWN = 20;
const PUBLIC_URL = 'https://handrail.example.com';
/** Short pauses. Receivers make trouble for three attempts at most; some more fail with those of others, whose connection they use. */
const RETRY_SECONDS = '0,1,1,1,1,2';

interface Settings {
  readonly seed: number;
  readonly runs: number;
  readonly kills: number;
}

function report({ faults, seconds, ...figures }: Figures, seed: number): string {
  const rows = Object.entries({ ...figures, faults: faults.length });
  return [
    `seed ${seed}, ${seconds.toFixed(1)} s`,
    ...rows.map(([name, value]) => `${name.padEnd(28)}${String(value).padStart(8)}`),
    '',
    ...(faults.length === 0
      ? ['Every run did everything inside once and in order, and each of its messages arrived, under one id.']
      : faults.slice(0, FAULTS_SHOWN)),
    '',
  ].join('\n');
}

async function run({ seed, runs, kills }: Settings): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-prove-'));
  try {
    await using postgres = await startEmbeddedPostgres({
      dataDir,
      log: pino({ level: 'silent' }),
      durability: 'off',
    });
    let tell: OnFirst = () => undefined;
    await using receivers = await openReceivers({
      chance: createChance(seed),
      slowest: 1_500,
      later: 1,
      onFirst: (arrival, told) => tell(arrival, told),
    });
    const secret = randomBytes(32).toString('hex');
    const environment = {
      DATABASE_URL: postgres.connectionString,
      AUTH_SECRET: secret,
      PUBLIC_URL,
      SMTP_URL: receivers.smtpUrl,
      MAIL_FROM: 'Handrail <handrail@example.com>',
      WEBHOOK_TARGETS: 'any',
      DELIVERY_RETRY_SECONDS: RETRY_SECONDS,
    };
    // One after the other: the first makes the tables.
    await using first = await startProcessNode(environment);
    await using second = await startProcessNode(environment);
    const figures = await proveEffects({
      nodes: [first, second],
      secret,
      databaseUrl: postgres.connectionString,
      publicUrl: PUBLIC_URL,
      receivers,
      listen(onFirst) {
        tell = onFirst;
      },
      seed,
      runs,
      kills,
      drops: 1,
      people: 6,
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
    runs: { type: 'string', default: '1000' },
    kills: { type: 'string', default: '50' },
  },
});
const settings = { seed: Number(values.seed), runs: Number(values.runs), kills: Number(values.kills) };
if (!Object.values(settings).every((value) => Number.isSafeInteger(value) && value > 0)) {
  process.stderr.write('--seed, --runs and --kills must be whole numbers above 0.\n');
  process.exitCode = 1;
} else if (!(await run(settings))) {
  process.exitCode = 1;
}
