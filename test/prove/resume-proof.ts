/** The proof that a client that is cut off again and again gets every event of its subscription, in order, once. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { decodePosition } from '../../src/store/event-cursor.ts';
import { createChance } from './chance.ts';
import { ORGANIZATION, signIn } from './client.ts';
import { startCutOffClient, type CutOffClient } from './cut-off-client.ts';
import { makeWorld, type Watched } from './world.ts';
import { write, type Written } from './writers.ts';

export interface ProofOptions {
  /** An empty database. */
  readonly databaseUrl: string;
  readonly seed: number;
  readonly changes: number;
  /** How often each client is cut off at least. */
  readonly cuts: number;
  readonly writers: number;
}

/** What became of one subscription. */
export interface Figures {
  readonly name: string;
  /** Events that the log has for it. */
  readonly events: number;
  readonly cuts: number;
  readonly reconnects: number;
  /** Events that arrived more than once. */
  readonly repeats: number;
  /** Events of the log that did not arrive. */
  readonly missing: number;
  /** Events that arrived and are not its own. */
  readonly foreign: number;
  /** Whether, without the repeats, it is the log's sequence. */
  readonly isInOrder: boolean;
  readonly faults: readonly string[];
}

export interface Proof {
  /** Of the log. */
  readonly changes: number;
  /** Commands that changed nothing. */
  readonly idle: number;
  /** Of the whole log. */
  readonly events: number;
  readonly seconds: number;
  readonly subscriptions: readonly Figures[];
  /** Everything that is not as it must be; empty if it is proven. */
  readonly faults: readonly string[];
}

/** Less than a test may take, so that what is missing is told instead of a timeout. */
const PATIENCE_MS = 20_000;

/** Cuts each client off at random moments, on average twice as often as it must be. */
function createCutter(clients: readonly CutOffClient[], { seed, changes, cuts }: ProofOptions) {
  const chance = createChance(seed + 1);
  const spread = Math.max(1, Math.floor(changes / cuts) - 1);
  const due = clients.map(() => 1 + chance.below(spread));
  return (count: number): void => {
    for (const [index, client] of clients.entries()) {
      if (count < (due[index] ?? 0) || !client.cut()) continue;
      due[index] = count + 1 + chance.below(spread);
    }
  };
}

/** What the log has, read without any of the server's code. */
interface Log extends AsyncDisposable {
  /** The numbers of the events after `from` that concern what is watched. */
  seqsOf(watched: Watched, from: number): Promise<number[]>;
  /** The last event's number of each transaction after `from`, those of notifications aside. */
  changes(from: number): Promise<number[]>;
  /** How many events, notifications aside, came after `from`; `isGapless`: all numbers from 1 on are there. */
  totals(from: number): Promise<{ events: number; isGapless: boolean }>;
}

async function openLog(databaseUrl: string): Promise<Log> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('select id from organization where external_id = $1', [
    ORGANIZATION,
  ]);
  const organizationId = rows[0]?.id;
  return {
    async seqsOf({ sql, keys }, from) {
      const found = await client.query<{ seq: string }>(
        `select seq from event where organization_id = $1 and seq > $2 and ${sql} order by seq`,
        [organizationId, from, keys],
      );
      return found.rows.map(({ seq }) => Number(seq));
    },
    async changes(from) {
      const found = await client.query<{ seq: string }>(
        `select max(seq) as seq from event
         where organization_id = $1 and seq > $2 and subject_type <> 'NOTIFICATION' group by xmin::text`,
        [organizationId, from],
      );
      return found.rows.map(({ seq }) => Number(seq));
    },
    async totals(from) {
      const found = await client.query<{ events: number; isGapless: boolean }>(
        `select count(*) filter (where seq > $2 and subject_type <> 'NOTIFICATION')::int as events,
           min(seq) = 1 and max(seq) = count(*) as "isGapless"
         from event where organization_id = $1`,
        [organizationId, from],
      );
      return found.rows[0] ?? { events: 0, isGapless: false };
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

function compare(name: string, client: CutOffClient, logged: readonly number[]): Figures {
  const first = [...new Set(client.received)];
  const expected = new Set(logged);
  return {
    name,
    events: logged.length,
    cuts: client.cuts,
    reconnects: client.reconnects,
    repeats: client.received.length - first.length,
    missing: logged.length - first.filter((seq) => expected.has(seq)).length,
    foreign: first.filter((seq) => !expected.has(seq)).length,
    isInOrder: first.length === logged.length && first.every((seq, index) => seq === logged[index]),
    faults: client.faults,
  };
}

function faultsOf({ name, cuts, missing, foreign, isInOrder, faults }: Figures, least: number): string[] {
  return [
    ...(cuts < least ? [`was cut off only ${cuts} times`] : []),
    ...(missing > 0 ? [`misses ${missing} events`] : []),
    ...(foreign > 0 ? [`got ${foreign} events that are not its own`] : []),
    ...(isInOrder ? [] : ['did not get the events in the order of the log']),
    ...faults,
  ].map((fault) => `${name}: ${fault}`);
}

/** Each change of a writer is a transaction of its own in the log, and the log has no other. */
function faultsOfLog(logged: readonly number[], { own, reached }: Written): string[] {
  const known = new Set(logged);
  const lost = [...new Set(own)].filter((position) => !known.has(position));
  const foreign = logged.filter((seq) => !reached.has(seq));
  return [
    ...(new Set(own).size < own.length ? ['two changes were given the same position'] : []),
    ...(lost.length > 0 ? [`the log does not have the changes ${lost.join(', ')}`] : []),
    ...(foreign.length > 0 ? [`the log has changes that nobody made: ${foreign.join(', ')}`] : []),
  ];
}

/** Runs the server, the writers and three clients: of an execution, an entity and an inbox. */
export async function proveResume(options: ProofOptions): Promise<Proof> {
  const { databaseUrl, seed, changes, writers } = options;
  const secret = randomBytes(32).toString('hex');
  const environment = { PORT: '0', DATABASE_URL: databaseUrl, AUTH_SECRET: secret, LOG_LEVEL: 'silent' };
  await using app = await createApp(readConfig(environment), pino({ level: 'silent' }));
  const url = new URL('/graphql', (await app.listen()).url).href;
  const world = await makeWorld(url, secret);
  const from = decodePosition(world.position) ?? 0;
  const people = await Promise.all(
    Array.from({ length: writers }, (_, index) => signIn(url, secret, `writer-${index + 1}`)),
  );
  const clients = world.watched.map(({ text }, index) =>
    startCutOffClient({
      url: url.replace('http', 'ws'),
      token: world.watcher.token,
      text,
      after: world.position,
      chance: createChance(seed + 10 + index),
    }),
  );

  const start = performance.now();
  const onChange = createCutter(clients, options);
  const written = await write({ people, world, chance: createChance(seed), changes, onChange });
  const seconds = (performance.now() - start) / 1_000;

  await using log = await openLog(databaseUrl);
  const subscriptions: Figures[] = [];
  for (const [index, watched] of world.watched.entries()) {
    const client = clients[index];
    if (!client) continue;
    const logged = await log.seqsOf(watched, from);
    await client.waitFor(logged.at(-1) ?? 0, PATIENCE_MS);
    await client.stop();
    subscriptions.push(compare(watched.name, client, logged));
  }
  const { events, isGapless } = await log.totals(from);
  const changesLogged = await log.changes(from);
  return {
    changes: changesLogged.length,
    idle: written.idle,
    events,
    seconds,
    subscriptions,
    faults: [
      ...subscriptions.flatMap((figures) => faultsOf(figures, options.cuts)),
      ...(isGapless ? [] : ['the log has gaps']),
      ...faultsOfLog(changesLogged, written),
    ],
  };
}
