/** A server's worker as tests start it: it reaches anything, and has no mail server. */
import { openMailer } from '../../src/outgoing/mail.ts';
import type { WorkerOptions } from '../../src/worker/worker.ts';
import { silentLog } from './live-fixture.ts';

/** What it does by the real clock, unless told otherwise. */
export function workerOptions(
  parts: Pick<WorkerOptions, 'database' | 'connectionString'> & Partial<WorkerOptions>,
): WorkerOptions {
  return {
    clock: () => new Date(),
    log: silentLog,
    replayWindowHours: 168,
    publicUrl: () => 'https://handrail.example',
    targets: 'any',
    schedule: [1, 1, 1],
    mailer: openMailer({ smtpUrl: null, from: 'handrail@localhost' }),
    random: Math.random,
    ...parts,
  };
}
