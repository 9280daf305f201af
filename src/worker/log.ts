import { Logger } from 'graphile-worker';
import type { Logger as PinoLogger } from 'pino';

/** A level lower than its own: that a job was done is nothing that anybody waits to read. */
const LEVELS = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;

/** The logger of the job queue's library, which writes to ours. */
export function workerLogger(log: PinoLogger): Logger {
  return new Logger((scope) => (level, message, meta) => {
    const { error } = meta ?? {};
    log[LEVELS[level]]({ ...scope, ...(error === undefined ? {} : { err: error }) }, message);
  });
}
