/**
 * `npm run prove:resume [-- <seed>]`: 10,000 changes by eight writers, and three clients that are each cut off at least 200 times. Prints what
 * happened; exits with 1 if an event was missing, came in the wrong order or was not the client's own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { proveResume, type Proof } from './resume-proof.ts';

const COLUMNS = ['events', 'cuts', 'reconnects', 'repeats', 'missing', 'foreign'] as const;

function report({ changes, idle, events, seconds, subscriptions, faults }: Proof, seed: number): string {
  const cells = (texts: readonly string[]): string =>
    texts.map((text, index) => (index === 0 ? text.padEnd(10) : text.padStart(11))).join('');
  return [
    `seed ${seed}: ${changes} changes (${idle} commands changed nothing), ${events} events in the log, ` +
      `${seconds.toFixed(1)} s, ${Math.round(changes / seconds)} changes/s`,
    '',
    cells(['', ...COLUMNS, 'in order']),
    ...subscriptions.map((figures) =>
      cells([
        figures.name,
        ...COLUMNS.map((column) => String(figures[column])),
        figures.isInOrder ? 'yes' : 'no',
      ]),
    ),
    '',
    ...(faults.length === 0
      ? ['Every client received every event of its subscription, in order, once without repeats.']
      : faults.slice(0, 20)),
    '',
  ].join('\n');
}

async function run(seed: number): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-prove-'));
  try {
    await using postgres = await startEmbeddedPostgres({
      dataDir,
      log: pino({ level: 'silent' }),
      durability: 'off',
    });
    const proof = await proveResume({
      databaseUrl: postgres.connectionString,
      seed,
      changes: 10_000,
      cuts: 200,
      writers: 8,
    });
    process.stdout.write(report(proof, seed));
    return proof.faults.length === 0;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

const seed = Number(process.argv[2] ?? 1);
if (!Number.isSafeInteger(seed)) {
  process.stderr.write('The seed must be a whole number.\n');
  process.exitCode = 1;
} else if (!(await run(seed))) {
  process.exitCode = 1;
}
