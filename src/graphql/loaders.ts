/** The batched reads of the hot edges: one statement for all objects of a kind that one step of an operation needs. */
import DataLoader from 'dataloader';
import { visibilityScope, type Viewer } from '../commands/viewer.ts';
import type { Database } from '../store/database.ts';
import { readEntities, type EntityRecord } from '../store/entities.ts';
import { readVisibleEvents } from '../store/event-history.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readExecutions } from '../store/execution-lists.ts';
import type {
  ExecutionRecord,
  ExecutionSnapshot,
  PhaseRecord,
  TaskRecord,
} from '../store/execution-records.ts';
import { readSnapshots } from '../store/execution-snapshots.ts';
import type { Note } from '../store/generated/prisma/client.ts';
import { readNotes } from '../store/notes.ts';
import { readPeople, type Person } from '../store/people.ts';
import { readPhases } from '../store/phases.ts';
import { readTasks } from '../store/tasks.ts';
import { createAbsenceLoaders, type AbsenceLoaders } from './absence-loaders.ts';
import { createAutomationLoaders, type AutomationLoaders } from './automation-loaders.ts';
import { createAutomationRunLoaders, type AutomationRunLoaders } from './automation-run-loaders.ts';
import { createConfirmationLoaders, type ConfirmationLoaders } from './confirmation-loaders.ts';
import { createDefinitionLoaders, type DefinitionLoaders } from './definition-loaders.ts';
import { createDeliveryLoaders, type DeliveryLoaders } from './delivery-loaders.ts';
import { createJourneyLoaders, type JourneyLoaders } from './journey-loaders.ts';

/** By key; null where the object does not exist or the viewer may not see it. */
export interface Loaders
  extends
    AbsenceLoaders,
    DefinitionLoaders,
    AutomationLoaders,
    AutomationRunLoaders,
    ConfirmationLoaders,
    DeliveryLoaders,
    JourneyLoaders {
  /** Whole executions. */
  readonly snapshots: DataLoader<string, ExecutionSnapshot | null>;
  readonly executions: DataLoader<string, ExecutionRecord | null>;
  readonly phases: DataLoader<string, PhaseRecord | null>;
  readonly tasks: DataLoader<string, TaskRecord | null>;
  readonly entities: DataLoader<string, EntityRecord | null>;
  readonly notes: DataLoader<string, Note | null>;
  /** Users and teams. */
  readonly people: DataLoader<string, Person | null>;
  /** By number. */
  readonly events: DataLoader<number, StoredEvent | null>;
}

function byId<Row extends { readonly id: string }>(
  read: (ids: readonly string[]) => Promise<readonly Row[]>,
) {
  return new DataLoader<string, Row | null>(async (ids) => {
    const rows = new Map((await read(ids)).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? null);
  });
}

/** Notifications are their user's alone, whatever others may see. */
function isOthersNotification({ subjectType, audience }: StoredEvent, viewer: Viewer): boolean {
  return subjectType === 'NOTIFICATION' && !audience.includes(viewer.userId);
}

/** Everybody whom an execution names: assignees, actors, claimers. */
function peopleOf({ execution, phases, tasks }: ExecutionSnapshot): string[] {
  const actors = [
    execution.startedBy,
    execution.finishedBy,
    ...tasks.flatMap((task) => [task.statusBy, task.startedBy, task.finishedBy]),
  ];
  return [
    ...[execution, ...phases, ...tasks].flatMap(({ assignees }) =>
      assignees.flatMap(({ type, id }) => (type === 'VARIABLE' ? [] : [id])),
    ),
    ...actors.flatMap((actor) => (actor?.type === 'USER' ? [actor.id] : [])),
    ...tasks.flatMap(({ claimedById }) => (claimedById === null ? [] : [claimedById])),
  ];
}

/** Loaders for one step of an operation of this viewer. */
export function createLoaders(database: Database, viewer: Viewer): Loaders {
  return createPrimableLoaders(database, viewer).loaders;
}

/** Loaders that can be told what has been read elsewhere. */
export interface PrimableLoaders {
  readonly loaders: Loaders;
  /** Takes whole executions as read, with everything in them. */
  readonly rememberSnapshot: (snapshot: ExecutionSnapshot) => void;
  /** Says that somebody will ask for these users and teams, so that they are read together. */
  readonly announcePeople: (ids: Iterable<string>) => void;
}

/** As `createLoaders`, for reads that several steps share. */
export function createPrimableLoaders(database: Database, viewer: Viewer): PrimableLoaders {
  const { organizationId } = viewer;
  const scope = visibilityScope(viewer);
  // Assignees and actors are asked for at several depths of a document. The first question fetches them all, so that a sidebar
  // costs one statement for people and not one for each depth.
  const announced = new Set<string>();
  const people = new DataLoader<string, Person | null>(async (ids) => {
    const others = [...announced].filter((id) => !ids.includes(id));
    // Before waiting: a snapshot that arrives meanwhile announces people who are not among those asked for.
    announced.clear();
    const reading = readPeople(database, organizationId, [...ids, ...others]);
    for (const id of others) {
      // As promises, so that whoever is asked for meanwhile does not become a statement of their own.
      const person = reading.then((found) => found.get(id) ?? null);
      person.catch(() => undefined);
      people.prime(id, person);
    }
    const found = await reading;
    return ids.map((id) => found.get(id) ?? null);
  });
  const executions = byId((ids) => readExecutions(database, organizationId, ids, scope));
  const phases = byId((ids) => readPhases(database, organizationId, ids, scope));
  const tasks = byId((ids) => readTasks(database, organizationId, ids, scope));
  const rememberParts = (snapshot: ExecutionSnapshot): void => {
    for (const id of peopleOf(snapshot)) announced.add(id);
    executions.prime(snapshot.execution.id, snapshot.execution);
    for (const phase of snapshot.phases) phases.prime(phase.id, phase);
    for (const task of snapshot.tasks) tasks.prime(task.id, task);
  };
  const snapshots = new DataLoader<string, ExecutionSnapshot | null>(async (ids) => {
    const found = await readSnapshots(database, organizationId, ids, scope);
    for (const snapshot of found.values()) rememberParts(snapshot);
    return ids.map((id) => found.get(id) ?? null);
  });
  const loaders: Loaders = {
    ...createAbsenceLoaders(database, viewer),
    ...createAutomationLoaders(database, viewer),
    ...createAutomationRunLoaders(database, viewer),
    ...createConfirmationLoaders(database, viewer),
    ...createDefinitionLoaders(database, viewer),
    ...createDeliveryLoaders(database, viewer),
    ...createJourneyLoaders(database, viewer),
    snapshots,
    executions,
    phases,
    tasks,
    entities: byId((ids) => readEntities(database, organizationId, ids, scope)),
    notes: byId((ids) => readNotes(database, organizationId, ids, scope)),
    people,
    events: new DataLoader(async (seqs) => {
      const events = await readVisibleEvents(database, organizationId, seqs, scope);
      const seen = events.filter((event) => !isOthersNotification(event, viewer));
      const bySeq = new Map(seen.map((event) => [event.seq, event]));
      return seqs.map((seq) => bySeq.get(seq) ?? null);
    }),
  };
  return {
    loaders,
    rememberSnapshot(snapshot) {
      snapshots.prime(snapshot.execution.id, snapshot);
      rememberParts(snapshot);
    },
    announcePeople(ids) {
      for (const id of ids) announced.add(id);
    },
  };
}
