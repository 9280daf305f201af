/** A server that takes a job and never ends it, as a process of its own that can be killed. Its argument is the connection string. */
import { pino } from 'pino';
import { startRunner } from '../../src/worker/runner.ts';

const [, , connectionString = ''] = process.argv;
await startRunner({
  connectionString,
  log: pino({ level: 'silent' }),
  tasks: {
    count: () => {
      process.stdout.write('taken\n');
      return new Promise(() => undefined);
    },
  },
});
