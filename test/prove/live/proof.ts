/** The proof that whatever breaks, every subscriber has in the end what the log says, and every live list is what a query answers. */
import { createChance, type Chance } from '../chance.ts';
import { write } from '../writers.ts';
import { createEventReader, type Facts } from './event-reader.ts';
import { isList, judgeAll, type Seat } from './judge.ts';
import { createListReader } from './list-reader.ts';
import { contradictions } from './log.ts';
import type { Node } from './nodes.ts';
import { createSignIn } from './people.ts';
import { choose } from './questions.ts';
import { startSubscriber, type Subscriber } from './subscriber.ts';
import { makeTenant, type Tenant } from './tenant.ts';
import { createTrouble, dropConnections, killing } from './trouble.ts';

export interface ProofOptions {
  readonly nodes: readonly [Node, ...Node[]];
  readonly secret: string;
  readonly databaseUrl: string;
  readonly seed: number;
  readonly changes: number;
  readonly writers: number;
  readonly subscribers: number;
  /** How often each server is killed. */
  readonly kills: number;
  /** How many sockets are cut. */
  readonly cuts: number;
  /** How often the servers lose their connections to the database. */
  readonly drops: number;
  /** Stops the database and starts it again; left out: it stays. */
  readonly crash?: () => Promise<void>;
  /** Told now and then what has happened so far. */
  readonly progress?: (text: string) => void;
}

export interface Figures {
  readonly changes: number;
  /** Commands that changed nothing. */
  readonly idle: number;
  /** Commands whose answer was lost. */
  readonly lost: number;
  readonly kills: number;
  readonly cuts: number;
  readonly drops: number;
  readonly crashes: number;
  readonly reconnects: number;
  /** Operations that could not start while the database was away. */
  readonly refusals: number;
  /** In the logs. */
  readonly events: number;
  readonly delivered: number;
  readonly listUpdates: number;
  readonly resets: number;
  readonly seconds: number;
  /** Everything that is not as it must be; empty if it is proven. */
  readonly faults: readonly string[];
}

const TENANTS = ['north', 'south'];
/** For how long after its trouble the database may still be missed, in ms. */
const AFTERMATH_MS = 20_000;
const PROGRESS_MS = 5_000;
const FAULTS_TOLD = 20;

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** Runs it all, on servers that are there already. */
export async function proveLive(options: ProofOptions): Promise<Figures> {
  const { nodes, secret, databaseUrl, seed, changes, drops, crash, progress } = options;
  const begin = performance.now();
  const faults: string[] = [];
  const onFault = (fault: string): void => {
    if (faults.length < FAULTS_TOLD) progress?.(fault);
    faults.push(fault);
  };
  const losses = { lost: 0 };
  const chanceOf = (index: number): Chance => createChance(seed * 1_000 + index);
  const fate = chanceOf(0);
  let troubledUntil = 0;
  const happened = { drops: 0, crashes: 0 };

  async function trouble(kind: 'drops' | 'crashes', strike: () => Promise<void>): Promise<void> {
    troubledUntil = Infinity;
    await strike();
    happened[kind] += 1;
    troubledUntil = performance.now() + AFTERMATH_MS;
  }
  const troubles = createTrouble(
    [
      ...killing(nodes, options.kills),
      {
        times: drops,
        strike: () => trouble('drops', () => dropConnections(databaseUrl)),
      },
      ...(crash ? [{ times: 1, strike: () => trouble('crashes', crash) }] : []),
    ],
    changes,
    fate,
  );
  for (const node of nodes) node.onUnexpectedEnd(onFault);

  let isPaced = false;
  const signIn = createSignIn({
    secret,
    chance: fate,
    losses,
    url: () => fate.pick(nodes).url,
    pace: () => (isPaced ? troubles.pace() : Promise.resolve()),
  });
  const tenants = await Promise.all(TENANTS.map((name) => makeTenant(signIn, name)));
  const facts = new Map(tenants.map(({ externalId }) => [externalId, new Map<number, Facts>()]));

  function take(index: number, seats: readonly Seat[]): Seat {
    const chance = chanceOf(100 + index);
    const tenant = tenants[index % tenants.length] as Tenant;
    const { watcher, question } = choose(
      chance,
      tenant,
      seats
        .filter((seat) => seat.tenant === tenant)
        .map(({ watcher, reader: { question } }) => ({ watcher, question })),
    );
    const reader =
      question.kind === 'list'
        ? createListReader(question)
        : createEventReader({
            question,
            chance,
            position: tenant.position,
            facts: facts.get(tenant.externalId) ?? new Map<number, Facts>(),
          });
    const name = `#${index} ${question.field} of ${watcher.name} in ${tenant.externalId}`;
    const subscriber = startSubscriber({
      nodes,
      token: watcher.person.token,
      text: question.text,
      reader,
      chance,
      isTroubled: () => performance.now() < troubledUntil,
      onFault: (fault) => onFault(`${name}: ${fault}`),
    });
    return { name, tenant, watcher, reader, subscriber };
  }
  const seats: Seat[] = [];
  for (let index = 0; index < options.subscribers; index += 1) seats.push(take(index, seats));

  let made = 0;
  function onChange(): void {
    made += 1;
    troubles.reach(made);
    // On average as many as asked for.
    for (let cuts = options.cuts / changes; cuts > 0; cuts -= 1)
      if (cuts >= 1 || fate.below(1_000_000) < cuts * 1_000_000)
        seats[fate.below(seats.length)]?.subscriber.cut();
  }

  function soFar(): string {
    const count = (value: (subscriber: Subscriber) => number) =>
      sum(seats, ({ subscriber }) => value(subscriber));
    return (
      `${((performance.now() - begin) / 1_000).toFixed(0)} s: ${made} changes, ${sum(nodes, ({ kills }) => kills)} kills, ` +
      `${count(({ cuts }) => cuts)} cuts, ${happened.drops} drops, ${happened.crashes} crashes, ` +
      `${count(({ reconnects }) => reconnects)} reconnects, ${count(({ messages }) => messages)} messages, ` +
      `${faults.length} faults`
    );
  }
  const timer = setInterval(() => progress?.(soFar()), PROGRESS_MS);

  async function work(tenant: Tenant, index: number) {
    const people = await Promise.all(
      Array.from({ length: Math.ceil(options.writers / tenants.length) }, (_, number) =>
        signIn(tenant.externalId, `writer-${number + 1}`, ['member']),
      ),
    );
    const share = Math.floor(changes / tenants.length) + (index < changes % tenants.length ? 1 : 0);
    return write({ people, world: tenant.world, chance: chanceOf(10 + index), changes: share, onChange });
  }

  try {
    isPaced = true;
    const written = await Promise.all(tenants.map(work));
    isPaced = false;
    await troubles.finish();
    progress?.(`${soFar()}; now it is quiet`);
    const logs = await judgeAll(databaseUrl, tenants, seats, onFault);
    for (const [name, log] of logs) contradictions(log, facts.get(name) ?? new Map()).forEach(onFault);
    const lists = seats.flatMap(({ reader }) => (isList(reader) ? [reader] : []));
    return {
      changes: sum(written, ({ reached }) => reached.size),
      idle: sum(written, ({ idle }) => idle) - losses.lost,
      lost: losses.lost,
      kills: sum(nodes, ({ kills }) => kills),
      ...happened,
      cuts: sum(seats, ({ subscriber }) => subscriber.cuts),
      reconnects: sum(seats, ({ subscriber }) => subscriber.reconnects),
      refusals: sum(seats, ({ subscriber }) => subscriber.refusals),
      events: sum([...logs.values()], ({ events }) => events.length),
      delivered: sum(seats, ({ reader }) =>
        isList(reader) ? 0 : sum(reader.deliveries, ({ seqs }) => seqs.length),
      ),
      listUpdates: sum(lists, ({ updates }) => updates),
      resets: sum(lists, ({ resets }) => resets),
      seconds: (performance.now() - begin) / 1_000,
      faults,
    };
  } finally {
    clearInterval(timer);
    await Promise.all(seats.map(({ subscriber }) => subscriber.stop()));
  }
}
