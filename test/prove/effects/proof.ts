/** The proof that no run is lost and no effect inside happens twice, however often the servers are killed. */
import { createChance, type Chance } from '../chance.ts';
import { ORGANIZATION } from '../client.ts';
import type { Node } from '../live/nodes.ts';
import { createSignIn } from '../live/people.ts';
import { createTrouble, dropConnections } from '../live/trouble.ts';
import { createCallers } from './callers.ts';
import type { Arrival } from './findings.ts';
import { judge } from './judge.ts';
import { countRepeats } from './judge-messages.ts';
import { readFindings, readRemainder } from './read-findings.ts';
import type { Receivers, Told } from './receivers.ts';
import { sendAnew } from './send-anew.ts';
import { settle } from './settle.ts';
import { startRuns } from './starts.ts';
import { killingBoth } from './victims.ts';
import { makeWorld } from './world.ts';

/** Told by the receivers what came first. */
export type OnFirst = (arrival: Arrival, told: Told) => void;

export interface ProofOptions {
  readonly nodes: readonly [Node, Node];
  readonly secret: string;
  readonly databaseUrl: string;
  readonly publicUrl: string;
  /** Opens the receivers that the servers know. */
  readonly receivers: Receivers;
  /** Sets who is told by the receivers. */
  readonly listen: (onFirst: OnFirst) => void;
  readonly seed: number;
  /** How many runs are started; some start more. */
  readonly runs: number;
  /** Of both servers together. */
  readonly kills: number;
  /** How often the servers lose their connections to the database. */
  readonly drops: number;
  /** How many start runs at the same time. */
  readonly people: number;
  /** Told now and then what has happened so far. */
  readonly progress?: (text: string) => void;
}

export interface Figures {
  /** All, with those that others set off. */
  readonly runs: number;
  readonly kills: number;
  readonly drops: number;
  /** Commands whose answer was lost. */
  readonly lostAnswers: number;
  readonly deadLetters: number;
  readonly callbacks: number;
  /** Callbacks that had been used before. */
  readonly callbacksAgain: number;
  readonly webhooks: number;
  /** Of the messages, how many arrived more than once… */
  readonly webhooksRepeated: number;
  /** …and how many of them although they had been taken. */
  readonly webhooksRepeatedThoughTaken: number;
  /** Those that tell an endpoint of events. */
  readonly eventWebhooks: number;
  readonly eventWebhooksRepeated: number;
  readonly mails: number;
  readonly mailsRepeated: number;
  readonly mailsRepeatedThoughTaken: number;
  /** In the log. */
  readonly events: number;
  readonly seconds: number;
  /** Everything that is not as it must be; empty if it is proven. */
  readonly faults: readonly string[];
}

const PROGRESS_MS = 5_000;
/** So many runs are on their way at a time, so that starting goes on as long as killing does. */
const MOST_ON_THEIR_WAY = 150;
/** What is counted of each run: that it was started, and that its two messages came. */
const STEPS = 3;

const COUNTED = { WEBHOOK: 'hooks', EMAIL: 'mails', EVENT: 'events' } as const;

/** Runs it all, on servers that are there already. */
export async function proveEffects(options: ProofOptions): Promise<Figures> {
  const { nodes, secret, databaseUrl, publicUrl, receivers, seed, runs, progress } = options;
  const begin = performance.now();
  const chanceOf = (index: number): Chance => createChance(seed * 1_000 + index);
  const faults: string[] = [];
  const onFault = (fault: string): void => {
    progress?.(fault);
    faults.push(fault);
  };
  const count = { started: 0, hooks: 0, mails: 0, events: 0, drops: 0 };
  const steps = (): number => count.started + count.hooks + count.mails;
  const kills = (): number => nodes[0].kills + nodes[1].kills;
  for (const node of nodes) node.onUnexpectedEnd(onFault);

  const troubles = createTrouble(
    [
      // One is left for the end.
      ...killingBoth(nodes, options.kills - 1, chanceOf(0)),
      {
        times: options.drops,
        async strike() {
          await dropConnections(databaseUrl);
          count.drops += 1;
        },
      },
    ],
    runs * STEPS,
    chanceOf(1),
  );
  let waiting: (() => void)[] = [];
  function onStep(): void {
    troubles.reach(steps());
    if (count.started - count.mails >= MOST_ON_THEIR_WAY) return;
    for (const goOn of waiting) goOn();
    waiting = [];
  }
  async function pace(): Promise<void> {
    await troubles.pace();
    if (count.started - count.mails >= MOST_ON_THEIR_WAY)
      await new Promise<void>((resolve) => waiting.push(resolve));
  }

  const fate = chanceOf(2);
  const callers = createCallers({
    chance: chanceOf(3),
    longestThought: 1_500,
    publicUrl,
    onFault,
    post: (path, body) =>
      fetch(new URL(path, fate.pick(nodes).url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }),
  });
  options.listen(({ kind }, { callback }) => {
    count[COUNTED[kind]] += 1;
    if (callback !== undefined) callers.call(callback);
    onStep();
  });

  const losses = { lost: 0 };
  let isPaced = false;
  const signIn = createSignIn({
    secret,
    chance: fate,
    losses,
    url: () => fate.pick(nodes).url,
    pace: () => (isPaced ? pace() : Promise.resolve()),
  });
  const soFar = (): string =>
    `${((performance.now() - begin) / 1_000).toFixed(0)} s: ${count.started} runs started, ${count.hooks} webhooks and ${count.mails} mails ` +
    `have arrived, ${kills()} kills, ${losses.lost} answers lost`;
  const timer = setInterval(() => progress?.(soFar()), PROGRESS_MS);

  async function quiet(): Promise<void> {
    let told = performance.now();
    const left = await settle(
      () => readRemainder(databaseUrl, ORGANIZATION),
      () => steps() + count.events + kills(),
      (text) => {
        if (performance.now() - told < PROGRESS_MS) return;
        told = performance.now();
        progress?.(`left: ${text}`);
      },
    );
    if (left !== null) onFault(`nothing goes on any more, with ${left}`);
  }

  try {
    const admin = await signIn(ORGANIZATION, 'admin', ['admin']);
    const people = await Promise.all(
      Array.from({ length: options.people }, (_, index) =>
        signIn(ORGANIZATION, `member-${index + 1}`, ['member']),
      ),
    );
    const world = await makeWorld(admin, receivers, runs);
    isPaced = true;
    const expected = await startRuns({
      people,
      world,
      runs,
      chance: chanceOf(4),
      onStarted() {
        count.started += 1;
        onStep();
      },
    });
    isPaced = false;
    await quiet();
    await troubles.finish();
    receivers.repair();
    // What the doomed runs do from here on is under fire, too.
    const [deadLetters] = await Promise.all([sendAnew(admin), nodes[0].kill()]);
    await callers.finish();
    await quiet();
    const found = await readFindings(databaseUrl, ORGANIZATION);
    const { arrivals } = receivers;
    faults.push(...judge({ ...found, expected, arrivals, plans: world.plans }));
    const webhooks = countRepeats(arrivals, 'WEBHOOK');
    const mails = countRepeats(arrivals, 'EMAIL');
    return {
      runs: found.runs.length,
      kills: kills(),
      drops: count.drops,
      lostAnswers: losses.lost,
      deadLetters,
      callbacks: callers.used,
      callbacksAgain: callers.usedBefore,
      webhooks: count.hooks,
      webhooksRepeated: webhooks.repeated,
      webhooksRepeatedThoughTaken: webhooks.repeatedThoughTaken,
      eventWebhooks: count.events,
      eventWebhooksRepeated: countRepeats(arrivals, 'EVENT').repeated,
      mails: count.mails,
      mailsRepeated: mails.repeated,
      mailsRepeatedThoughTaken: mails.repeatedThoughTaken,
      events: found.events.length,
      seconds: (performance.now() - begin) / 1_000,
      faults,
    };
  } finally {
    clearInterval(timer);
  }
}
