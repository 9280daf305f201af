import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { demoGreeting, openDemo } from './demo.ts';
import { useCallback } from './commands/callbacks.ts';
import { answerConfirmation, lookAtConfirmation } from './commands/confirmations.ts';
import { createContext } from './graphql/context.ts';
import { schema } from './graphql/schema.ts';
import { createAccessWatch } from './http/access.ts';
import { createAuthenticator } from './http/authentication.ts';
import { createConnectionLimit } from './http/connection-limits.ts';
import { createFanOut } from './http/fan-out.ts';
import { openDemoKey } from './http/demo-key.ts';
import { createHttpServer } from './http/server.ts';
import { loadPages } from './http/pages.ts';
import { attachWebSockets } from './http/websocket.ts';
import { createGraphqlYoga, GRAPHQL_PATH } from './http/yoga.ts';
import { createJourneys } from './journeys/by-token.ts';
import { createLive } from './live/live.ts';
import { startPostgresSignal } from './live/signal/postgres-signal.ts';
import { startRedisSignal } from './live/signal/redis-signal.ts';
import type { Signal } from './live/signal/signal.ts';
import { openMailer } from './outgoing/mail.ts';
import { isDatabaseAway } from './store/away.ts';
import { requireDatabase, wentAway } from './store/connect.ts';
import { openDatabase, type Database } from './store/database.ts';
import { startEmbeddedPostgres } from './store/embedded/embedded-postgres.ts';
import { migrateJobQueue } from './store/job-queue.ts';
import { applyMigrations } from './store/migrations.ts';
import { createStoreCheck } from './store/readiness.ts';
import { startWorker } from './worker/worker.ts';

/** The whole server. Disposing drains and closes everything, in the order in which things depend on each other. */
export interface App extends AsyncDisposable {
  /** Starts accepting requests. @returns the address to open. @throws {StartError} when it cannot be had. */
  listen(): Promise<{ url: string; greeting: string | null }>;
}

const migrations = join(import.meta.dirname, '../prisma/migrations');
const clock = (): Date => new Date();

/**
 * Wires everything: database, migrations, event log, worker, GraphQL, HTTP server and sockets. Nothing is reachable from outside yet.
 *
 * @throws {StartError} for what the person who starts it can put right; nothing stays open then.
 */
export async function createApp(config: Config, log: Logger): Promise<App> {
  const opened: AsyncDisposable[] = [];
  const closeAll = async () => {
    for (const part of opened.splice(0).reverse()) await part[Symbol.asyncDispose]();
  };
  try {
    const store = await openStore(config, log, opened);
    const { database } = store;
    const signal = await startSignal(config, store, log);
    opened.push(signal);
    const live = createLive({ database, log, signal, clock });
    const { auth } = config;
    const demoKey = auth.mode === 'demo' ? await openDemoKey(config.dataDir) : null;
    const demo = demoKey ? await openDemo(database, demoKey, auth.claims, log) : null;
    if (demo?.isNew) log.info('demo organization made');

    let address: string | null = null;
    // What runs before the server listens tells where it will: with a port of its own choice nobody knows.
    const publicUrl = (): string => config.publicUrl ?? address ?? `http://${config.host}:${config.port}`;
    if (config.worker) opened.push(await openWorker(config, store, publicUrl, log, opened));
    const authenticate = createAuthenticator({ auth, demoKey, database, log, clock });
    const watchAccess = createAccessWatch({ live, clock });
    const connections = createConnectionLimit(config.maxConnectionsPerUser);
    const fanOut = createFanOut({ live, log });
    const settings = { webhookTargets: config.webhookTargets, publicUrl };
    const yoga = createGraphqlYoga({
      schema,
      createContext: (viewer, request) =>
        createContext({ database, live, clock, log: request.log, signal: request.signal, settings }, viewer),
      authenticate,
      watchAccess,
      connections,
      fanOut,
      log,
      config,
      graphiql: demo?.graphiql ?? { examples: () => Promise.resolve([]) },
    });
    const http = createHttpServer({
      config,
      log,
      graphql: yoga,
      useCallback: (token, output) => useCallback({ database, clock }, token, output),
      confirmations: {
        look: (token) => lookAtConfirmation({ database, clock }, token),
        answer: (token, given) => answerConfirmation({ database, clock }, token, given),
      },
      journeys: createJourneys({ database, clock, publicUrl }),
      pages: await loadPages(),
      ready: createStoreCheck(database.pool, migrations, log),
    });
    const { server } = http;
    const sockets = attachWebSockets({
      server,
      yoga,
      authenticate,
      watchAccess,
      connections,
      fanOut,
      config,
      log,
      drainMs: config.shutdownTimeoutMs,
    });
    opened.push({
      async [Symbol.asyncDispose]() {
        // Accepting ends first; requests in flight then have the time that sockets and subscriptions take to end.
        const closed = http.close();
        await sockets[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
        await closed;
      },
    });
    return {
      async listen() {
        const { url } = await http.listen();
        address = new URL(url).origin;
        return { url, greeting: demo && demoGreeting(demo, new URL(GRAPHQL_PATH, url).href) };
      },
      [Symbol.asyncDispose]: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw isDatabaseAway(error) ? wentAway(error) : error;
  }
}

interface Store {
  readonly database: Database;
  readonly connectionString: string;
}

/** The database of the settings, or the embedded one, with all migrations applied. */
async function openStore(config: Config, log: Logger, opened: AsyncDisposable[]): Promise<Store> {
  const connectionString = config.databaseUrl ?? (await embedded(config, log, opened));
  await requireDatabase(connectionString);
  const database = openDatabase({ connectionString, poolSize: config.databasePoolSize, log });
  opened.push(database);
  const applied = await applyMigrations(database.pool, migrations);
  if (applied.length > 0) log.info({ migrations: applied }, 'database migrated');
  await migrateJobQueue(connectionString);
  return { database, connectionString };
}

async function embedded(config: Config, log: Logger, opened: AsyncDisposable[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  opened.push(postgres);
  return postgres.connectionString;
}

/** What this server does later, and outside. */
async function openWorker(
  config: Config,
  { database, connectionString }: Store,
  publicUrl: () => string,
  log: Logger,
  opened: AsyncDisposable[],
): Promise<AsyncDisposable> {
  const {
    replayWindowHours,
    webhookTargets: targets,
    deliveryRetrySeconds: schedule,
    smtpUrl = null,
  } = config;
  const mailer = openMailer({ smtpUrl, from: config.mailFrom });
  opened.push(mailer);
  const outside = { publicUrl, targets, schedule, mailer, random: Math.random };
  return startWorker({ database, connectionString, clock, log, replayWindowHours, ...outside });
}

/** Through which the servers on this database wake each other. */
async function startSignal(
  { redisUrl }: Config,
  { database, connectionString }: Store,
  log: Logger,
): Promise<Signal> {
  if (redisUrl === undefined) return startPostgresSignal({ connectionString, database, log });
  return startRedisSignal({ url: redisUrl, database, log });
}
