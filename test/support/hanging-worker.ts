/** A server that takes a job and never ends it, as a process of its own that can be killed. Its arguments are the connection string, and the job's name. */
import { pino } from 'pino';
import { startRunner } from '../../src/worker/runner.ts';

const [, , connectionString = '', name = 'count'] = process.argv;
await startRunner({
  connectionString,
  log: pino({ level: 'silent' }),
  concurrency: 1,
  connections: 2,
  tasks: {
    [name]: () => {
      process.stdout.write('taken\n');
      return new Promise(() => undefined);
    },
  },
});
