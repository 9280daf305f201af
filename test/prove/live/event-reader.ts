/** Keeps what an event subscription delivers, to be compared with the log in the end. */
import { decodePosition } from '../../../src/store/event-cursor.ts';
import type { Chance } from '../chance.ts';
import { mentionedIds } from './mentioned-ids.ts';
import type { EventQuestion } from './questions.ts';
import type { Reader } from './subscriber.ts';

/** What one operation delivered. */
export interface Delivery {
  /** The number after which it was asked to go on. */
  readonly after: number;
  /** The numbers of its events. */
  readonly seqs: number[];
}

/** What an event says of itself, as far as it was selected; never changes. */
export type Facts = Record<string, unknown>;

export interface EventReader extends Reader {
  readonly question: EventQuestion;
  readonly deliveries: readonly Delivery[];
  /** The keys of all objects that were named. */
  readonly mentioned: ReadonlySet<string>;
}

interface Event {
  readonly cursor: string;
  readonly subjectId?: string;
  readonly version?: number;
  readonly task?: { readonly id: string; readonly version: number } | null;
}

const FACTS = ['type', 'version', 'subjectId', 'executionId', 'taskId', 'entityIds'] as const;

/** Notes what the event says of itself; a contradiction to what it said before is a fault. */
function note(known: Map<number, Facts>, seq: number, event: Facts): string | null {
  const facts = known.get(seq) ?? {};
  known.set(seq, facts);
  for (const name of FACTS) {
    const value = event[name];
    if (value === undefined) continue;
    facts[name] ??= value;
    if (JSON.stringify(facts[name]) !== JSON.stringify(value))
      return `event ${seq} has ${name} ${JSON.stringify(value)}, and had ${JSON.stringify(facts[name])}`;
  }
  return null;
}

export interface EventReaderOptions {
  readonly question: EventQuestion;
  /** Where it starts. */
  readonly position: string;
  readonly chance: Chance;
  /** What is known of the events of the organization, by whomever they were received. */
  readonly facts: Map<number, Facts>;
}

export function createEventReader({ question, position, chance, facts }: EventReaderOptions): EventReader {
  const deliveries: Delivery[] = [];
  const mentioned = new Set<string>();
  let last = position;
  let older = position;

  function check({ cursor, task, subjectId, version }: Event, seq: number): string | null {
    const delivery = deliveries.at(-1);
    const previous = delivery?.seqs.at(-1) ?? delivery?.after ?? 0;
    delivery?.seqs.push(seq);
    // Kept only now and then, as by a client that saves its place from time to time.
    if (chance.percent(10)) older = last;
    last = cursor;
    if (seq <= previous) return `event ${seq} came after ${previous} in one operation`;
    if (task && version !== undefined && task.id === subjectId && task.version < version)
      return `event ${seq} showed a task as it had been before: ${task.version}, not ${version}`;
    return null;
  }

  return {
    question,
    deliveries,
    mentioned,
    begin() {
      const after = chance.percent(20) ? older : last;
      deliveries.push({ after: decodePosition(after) ?? 0, seqs: [] });
      return { ...question.variables, after };
    },
    take(data) {
      const { event } = data as { readonly event: (Event & Facts) | null };
      const seq = event && decodePosition(event.cursor);
      if (event === null || seq === null) return `an answer without an event: ${JSON.stringify(data)}`;
      for (const key of mentionedIds(event)) mentioned.add(key);
      return check(event, seq) ?? note(facts, seq, event);
    },
  };
}
