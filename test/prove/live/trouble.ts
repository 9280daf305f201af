/** When something breaks, measured by how many changes have been made. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Chance } from '../chance.ts';
import type { Node } from './nodes.ts';

/** Something that is broken again and again, one time after the other. */
export interface Lane {
  /** How often. */
  readonly times: number;
  readonly strike: () => Promise<void>;
}

export interface Trouble {
  /** To be called with the number of changes. */
  reach(count: number): void;
  /** Waits until what was to be broken by now is. */
  pace(): Promise<void>;
  /** Waits until everything was broken as often as it must, and is whole again. */
  finish(): Promise<void>;
}

interface Course {
  readonly lane: Lane;
  /** The numbers of changes at which it strikes. */
  readonly due: number[];
  running: Promise<void> | null;
}

const PACE_MS = 20;

/** Spreads the strikes over all changes, at random places. */
export function createTrouble(lanes: readonly Lane[], changes: number, chance: Chance): Trouble {
  const courses = lanes.map((lane): Course => {
    const stretch = changes / lane.times;
    const due = Array.from({ length: lane.times }, (_, index) =>
      Math.floor(stretch * index + chance.below(Math.max(1, Math.floor(stretch * 0.9)))),
    );
    return { lane, due, running: null };
  });
  let failure: unknown = null;
  let made = 0;

  function start(course: Course): void {
    course.due.shift();
    course.running = course.lane
      .strike()
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        course.running = null;
      });
  }

  function reach(count: number): void {
    for (const course of courses) if (!course.running && (course.due[0] ?? Infinity) <= count) start(course);
    made = count;
  }

  return {
    reach,
    async pace() {
      // A strike that is due while the one before it is still going on makes everybody wait.
      while (failure === null && courses.some(({ due }) => (due[0] ?? Infinity) <= made)) {
        await delay(PACE_MS);
        reach(made);
      }
    },
    async finish() {
      while (failure === null && courses.some(({ due, running }) => due.length > 0 || running !== null)) {
        await Promise.all(courses.flatMap(({ running }) => running ?? []));
        reach(Infinity);
      }
      if (failure !== null) throw failure as Error;
    },
  };
}

/** Ends all connections that the servers have to the database. */
export async function dropConnections(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: 'proof' });
  await client.connect();
  try {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name like 'handrail%'`,
    );
  } finally {
    await client.end();
  }
}

/** Kills each of the servers so often. */
export function killing(nodes: readonly Node[], times: number): Lane[] {
  return nodes.map((node) => ({ times, strike: () => node.kill() }));
}
