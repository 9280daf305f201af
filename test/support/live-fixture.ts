/** A database with one organization, and transactions that write nothing but events. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { openDatabase, type Database } from '../../src/store/database.ts';
import type { NewEvent, StoredEvent } from '../../src/store/event-log.ts';
import { provisionViewer, readViewer, type ViewerRow } from '../../src/store/viewers.ts';
import { createTestDatabase } from './database.ts';

export const silentLog = pino({ level: 'silent' });

export interface LiveFixture extends AsyncDisposable {
  readonly connectionString: string;
  readonly database: Database;
  readonly organizationId: string;
  /** Another server's connection to the same database; whoever opens it closes it. */
  openAnother(onStatement?: (text: string) => void): Database;
  /** Commits the events in one transaction; answers the log's position after it. */
  commit(...events: readonly NewEvent[]): Promise<number>;
}

/** A user of an organization, both made at first sight. */
export async function someViewer(
  database: Database,
  organizationExternalId: string,
  userExternalId: string,
): Promise<ViewerRow> {
  await provisionViewer(database, {
    organizationExternalId,
    organizationName: organizationExternalId,
    timeZone: 'Europe/Berlin',
    userExternalId,
    userName: userExternalId,
    kind: 'INTERNAL',
  });
  const viewer = await readViewer(database, organizationExternalId, userExternalId, new Date().toISOString());
  if (!viewer) throw new Error('the viewer was not made');
  return viewer;
}

/** An event about a task. */
export function taskEvent(about: Partial<NewEvent>): NewEvent {
  return {
    type: 'TASK_COMPLETED',
    subjectType: 'TASK',
    subjectId: randomUUID(),
    version: 1,
    executionId: null,
    taskId: null,
    entityIds: [],
    audience: [],
    changedFields: ['status'],
    data: {},
    ...about,
  };
}

export async function openLiveFixture(): Promise<LiveFixture> {
  const { connectionString, ...testDatabase } = await createTestDatabase();
  const open = (onStatement?: (text: string) => void): Database =>
    openDatabase({ connectionString, poolSize: 4, log: silentLog, onStatement });
  const database = open();
  const { organizationId } = await someViewer(database, 'acme', 'ann');
  return {
    connectionString,
    database,
    organizationId,
    openAnother: open,
    async commit(...events) {
      const scope = { organizationId, actorId: null, now: new Date().toISOString() };
      const { seq } = await database.transaction(scope, (tx) => {
        tx.record(...events);
        return Promise.resolve();
      });
      return seq;
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await testDatabase[Symbol.asyncDispose]();
    },
  };
}

/** The numbers of the next `count` events. */
export async function nextSeqs(events: AsyncGenerator<StoredEvent>, count: number): Promise<number[]> {
  const seqs: number[] = [];
  while (seqs.length < count) {
    const step = await events.next();
    if (step.done) break;
    seqs.push(step.value.seq);
  }
  return seqs;
}
