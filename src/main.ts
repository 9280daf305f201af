import { pino } from 'pino';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { StartError } from './start-error.ts';

try {
  await run();
  // Everything is closed. What a library may have left open must not keep the process.
  process.exit(0);
} catch (error) {
  const text =
    error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** Config → createApp → listen, until a signal asks to stop. */
async function run(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ level: config.logLevel });
  // From the beginning, so that Ctrl-C during a slow first start leaves nothing behind either.
  const stop = untilSignal();
  await using app = await createApp(config, log);
  const { url, greeting } = await app.listen();
  log.info(
    { url, database: config.databaseUrl === undefined ? config.dataDir : 'DATABASE_URL' },
    'listening',
  );
  if (greeting !== null) process.stdout.write(`${greeting}\n`);
  const signal = await stop;
  log.info({ signal }, 'stopping');
}

/** Resolves at the first SIGTERM or SIGINT. A second one ends the process without waiting for anything. */
function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        for (const again of ['SIGTERM', 'SIGINT'] as const) process.once(again, () => process.exit(1));
        resolve(signal);
      });
    }
  });
}
