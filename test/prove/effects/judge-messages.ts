/** Whether every message arrived at least once, and every attempt at one was the same message under the same id. */
import {
  FOLLOWED,
  groupBy,
  type Arrival,
  type Findings,
  type FoundDelivery,
  type FoundEvent,
  type FoundRun,
} from './findings.ts';

type Kind = Exclude<Arrival['kind'], 'EVENT'>;

/** Which action sends what. */
const SENDERS = { WEBHOOK: 'hook', EMAIL: 'mail' } as const satisfies Record<Kind, string>;

function unlike(what: string, values: readonly string[]): string[] {
  const different = new Set(values);
  return different.size > 1 ? [`${what}: ${[...different].join(' and ')}`] : [];
}

/** All arrivals of one message, which is known by that id. */
function judgeMessage(key: string, known: string | null | undefined, arrivals: readonly Arrival[]): string[] {
  if (arrivals.length === 0) return [`its ${key} never arrived`];
  const ids = arrivals.map(({ id }) => id);
  return [
    ...unlike(`its ${key} arrived under different ids`, ids),
    ...(ids[0] === known ? [] : [`its ${key} arrived as ${ids[0]}, not ${known}`]),
    ...unlike(
      `its ${key} arrived with different contents`,
      arrivals.map(({ content }) => content),
    ),
    ...(arrivals.some(({ fate }) => fate === 'TAKEN') ? [] : [`its ${key} was never taken`]),
    ...(arrivals.every(({ isGenuine }) => isGenuine) ? [] : [`its ${key} was wrongly signed`]),
  ];
}

/** All arrivals of what one action of a run sends. */
function judgeAction(run: FoundRun, kind: Kind, arrivals: readonly Arrival[]): string[] {
  const key = SENDERS[kind];
  return judgeMessage(key, run.actions.find((one) => one.key === key)?.deliveryId, arrivals);
}

/** Of each event that is followed there is one message, and it arrived. */
function judgeFollowed(
  { seq }: FoundEvent,
  sent: readonly FoundDelivery[],
  arrivals: readonly Arrival[],
): string[] {
  const [only] = sent;
  return [
    ...judgeMessage('message', only?.id, arrivals),
    ...(sent.length === 1 ? [] : [`has ${sent.length} messages instead of 1`]),
    ...undelivered(sent),
  ].map((fault) => `event ${seq}: ${fault}`);
}

function undelivered(sent: readonly FoundDelivery[]): string[] {
  return sent.flatMap(({ id, status }) => (status === 'DELIVERED' ? [] : [`its message ${id} is ${status}`]));
}

/** Actions are done strictly in order: the mail is sent when the webhook has been taken. */
function judgeOrder(all: readonly Arrival[], places: ReadonlyMap<Arrival, number>): string[] {
  const placeOf = (arrival: Arrival | undefined): number =>
    (arrival === undefined ? undefined : places.get(arrival)) ?? Infinity;
  const hook = placeOf(all.find(({ kind, fate }) => kind === 'WEBHOOK' && fate === 'TAKEN'));
  const mail = placeOf(all.find(({ kind }) => kind === 'EMAIL'));
  return hook < mail ? [] : ['its mail arrived before its webhook'];
}

/** All that is wrong with the messages, in words. */
export function judgeMessages({ runs, arrivals: all, deliveries, events }: Findings): string[] {
  const arrivals = all.filter(({ kind }) => kind !== 'EVENT');
  const byMark = groupBy(arrivals, ({ mark }) => mark);
  const followed = events.filter(({ type }) => type === FOLLOWED.type);
  const bySeq = groupBy(
    all.filter(({ kind }) => kind === 'EVENT'),
    ({ mark }) => mark,
  );
  const messagesOf = groupBy(deliveries, ({ eventSeq }) => String(eventSeq));
  const places = new Map(arrivals.map((arrival, place) => [arrival, place]));
  const marks = new Set(runs.map(({ mark }) => mark));
  const deliveriesOf = groupBy(deliveries, ({ runId }) => runId ?? '');
  return [
    ...runs.flatMap((run) => {
      const own = byMark.get(run.mark) ?? [];
      const sent = deliveriesOf.get(run.id) ?? [];
      const kinds: readonly Kind[] = ['WEBHOOK', 'EMAIL'];
      return [
        ...kinds.flatMap((kind) =>
          judgeAction(
            run,
            kind,
            own.filter((arrival) => arrival.kind === kind),
          ),
        ),
        ...judgeOrder(own, places),
        ...(sent.length === kinds.length ? [] : [`has ${sent.length} messages instead of ${kinds.length}`]),
        ...undelivered(sent),
      ].map((fault) => `run ${run.id}: ${fault}`);
    }),
    ...followed.flatMap((event) => {
      const seq = String(event.seq);
      return judgeFollowed(event, messagesOf.get(seq) ?? [], bySeq.get(seq) ?? []);
    }),
    ...[...groupBy(all, ({ kind, id }) => `${kind} ${id}`)].flatMap(([name, same]) =>
      unlike(
        `${name} stands for different messages`,
        same.map(({ mark }) => mark),
      ),
    ),
    ...[...byMark.keys()].flatMap((mark) =>
      marks.has(mark) ? [] : [`a message tells of ${mark}, which is no run`],
    ),
    ...[...bySeq.keys()].flatMap((mark) =>
      followed.some(({ seq }) => String(seq) === mark)
        ? []
        : [`a message tells of event ${mark}, which is not followed`],
    ),
  ];
}

/** How many messages arrived more than once, and how many of them although they had been taken. */
export interface Repeats {
  readonly repeated: number;
  readonly repeatedThoughTaken: number;
}

/** Of one kind; what was refused and came again is repeated, too. */
export function countRepeats(arrivals: readonly Arrival[], kind: Arrival['kind']): Repeats {
  const messages = [...groupBy(arrivals, ({ id }) => id).values()].filter(([first]) => first?.kind === kind);
  return {
    repeated: messages.filter(({ length }) => length > 1).length,
    repeatedThoughTaken: messages.filter((all) => {
      const taken = all.findIndex(({ fate }) => fate === 'TAKEN');
      return taken >= 0 && taken < all.length - 1;
    }).length,
  };
}
