/**
 * What one reading of the log is about, read once for all subscribers of this server: whole executions and entities in one statement,
 * the people in them in another. Somebody who does not see everything gets a view: the same objects, and nulls for those out of sight.
 */
import DataLoader from 'dataloader';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { may, visibilityScope, type Viewer } from '../commands/viewer.ts';
import type { Tick } from '../live/feed.ts';
import type { Database } from '../store/database.ts';
import { readSnapshotsWithEntities } from '../store/execution-snapshots.ts';
import type { ExecutionSnapshot } from '../store/execution-records.ts';
import type { RunRecord } from '../store/automation-runs.ts';
import type { StoredEvent, SubjectType } from '../store/event-log.ts';
import type { Person } from '../store/people.ts';
import { createDeliveryLoaders } from './delivery-loaders.ts';
import { createLoaders, createPrimableLoaders, type Loaders } from './loaders.ts';

export interface SharedReads {
  /** Loaders of a viewer of the organization; those who see the same share what is loaded. */
  loadersFor(viewer: Viewer): Loaders;
  /** Those of the events that can be seen through the scope, in the same order: the rule of `eventVisibleThrough` (store/visibility.ts). */
  visible(scope: readonly string[], events: readonly StoredEvent[]): Promise<StoredEvent[]>;
}

function unique(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids)].filter((id) => id !== null);
}

function isOneOfTheirs({ tasks }: ExecutionSnapshot, scope: readonly string[]): boolean {
  return tasks.some(({ assignees }) => assignees.some(({ id }) => scope.includes(id)));
}

const TOLD_TO_AUDIENCE: ReadonlySet<SubjectType> = new Set([
  'TASK',
  'USER',
  'TEAM',
  'NOTIFICATION',
  'ABSENCE',
]);

/** Told to whoever it concerns, even if it took the last task away by which they saw the execution. */
function isToldToAudience({ subjectType, type }: StoredEvent): boolean {
  return TOLD_TO_AUDIENCE.has(subjectType) || type === 'EXECUTION_DELETED';
}

const ofTicks = new WeakMap<Tick, SharedReads>();

/** The reads of one reading of the log: the same for all who ask, of the organization of `viewer`. */
export function sharedReadsOf(database: Database, viewer: Viewer, tick: Tick): SharedReads {
  const reads = ofTicks.get(tick) ?? createSharedReads(database, viewer, tick);
  ofTicks.set(tick, reads);
  return reads;
}

/** Reads around some events of the organization of `viewer`. */
export function createSharedReads(database: Database, viewer: Viewer, { events }: Tick): SharedReads {
  const { organizationId } = viewer;
  const insider: Viewer = { ...viewer, roles: ['member'], teamIds: [], standsInFor: [] };
  const { loaders: all, rememberSnapshot, announcePeople } = createPrimableLoaders(database, insider);
  const executionIds = unique(events.map((event) => event.executionId));
  const entityIds = unique(events.map((event) => event.entityIds[0] ?? null));
  const runIds = unique(
    events.map(({ subjectType, subjectId, runId }) => (subjectType === 'AUTOMATION_RUN' ? subjectId : runId)),
  );
  announcePeople(unique(events.flatMap(({ actorId, onBehalfOfId }) => [actorId, onBehalfOfId])));

  async function readObjects(): Promise<void> {
    const found = await readSnapshotsWithEntities(database, organizationId, executionIds, entityIds);
    for (const snapshot of found.executions.values()) rememberSnapshot(snapshot);
    for (const entity of found.entities) all.entities.prime(entity.id, entity);
  }
  let reading: Promise<void> | undefined;
  async function objects(): Promise<void> {
    if (executionIds.length === 0 && entityIds.length === 0) return;
    reading ??= readObjects();
    try {
      await reading;
    } catch (error) {
      // Whoever asks next tries again: the database may be back.
      reading = undefined;
      throw error;
    }
  }
  /** The same loader, after everything that the events are about has been read. */
  function afterObjects<Row>(loader: DataLoader<string, Row>): DataLoader<string, Row> {
    return new DataLoader(async (ids) => {
      await objects();
      return loader.loadMany(ids);
    });
  }
  // Whoever asks for one of the runs that the events are about asks for all of them: one statement, not one for each event.
  const automationRuns = new DataLoader<string, RunRecord | null>((ids) => {
    void all.automationRuns.loadMany(runIds);
    return all.automationRuns.loadMany(ids);
  });
  // Whoever acted is asked for at once, but read with those whom the objects name, if objects are read.
  const people = new DataLoader<string, Person | null>(async (ids) => {
    await nextTurn();
    await reading?.catch(() => undefined);
    return all.people.loadMany(ids);
  });
  const everything: Loaders = {
    ...all,
    people,
    automationRuns,
    snapshots: afterObjects(all.snapshots),
    executions: afterObjects(all.executions),
    phases: afterObjects(all.phases),
    tasks: afterObjects(all.tasks),
    entities: afterObjects(all.entities),
  };

  async function seesExecution(scope: readonly string[], executionId: string): Promise<boolean> {
    const snapshot = await everything.snapshots.load(executionId);
    return snapshot !== null && isOneOfTheirs(snapshot, scope);
  }

  /** The entities of the executions that were read anyway, as far as these can be seen. */
  async function entitiesInSight(scope: readonly string[]): Promise<Set<string>> {
    const snapshots = await everything.snapshots.loadMany(executionIds);
    const seen = snapshots.flatMap((found) =>
      found && !(found instanceof Error) && isOneOfTheirs(found, scope) ? found.execution.entityIds : [],
    );
    return new Set(seen);
  }

  function viewOf(reader: Viewer, scope: readonly string[]): Loaders {
    const own = createLoaders(database, reader);
    const filtered = <Row>(
      loader: DataLoader<string, Row | null>,
      executionOf: (row: Row) => string | null,
    ): DataLoader<string, Row | null> =>
      new DataLoader((ids) =>
        Promise.all(
          ids.map(async (id) => {
            const row = await loader.load(id);
            const executionId = row === null ? null : executionOf(row);
            return executionId !== null && (await seesExecution(scope, executionId)) ? row : null;
          }),
        ),
      );
    return {
      ...own,
      people,
      snapshots: filtered(everything.snapshots, ({ execution }) => execution.id),
      executions: filtered(everything.executions, ({ id }) => id),
      phases: filtered(everything.phases, ({ executionId }) => executionId),
      tasks: filtered(everything.tasks, ({ executionId }) => executionId),
      automationRuns: filtered(everything.automationRuns, ({ executionId }) => executionId),
      newestRuns: filtered(everything.newestRuns, ({ executionId }) => executionId),
      entities: new DataLoader(async (ids) => {
        const inSight = await entitiesInSight(scope);
        return Promise.all(
          ids.map((id) => (inSight.has(id) ? everything.entities.load(id) : own.entities.load(id))),
        );
      }),
    };
  }

  // What only designers may read is not read by those who are asked for what all insiders see.
  let designers: Loaders | undefined;
  function insidersLoaders(reader: Viewer): Loaders {
    if (!may(reader, 'design')) return everything;
    designers ??= { ...everything, ...createDeliveryLoaders(database, { ...insider, roles: ['designer'] }) };
    return designers;
  }

  const views = new Map<string, Loaders>();

  function loadersFor(reader: Viewer): Loaders {
    const scope = visibilityScope(reader);
    if (scope === null) return insidersLoaders(reader);
    const key = scope.join();
    const view = views.get(key) ?? viewOf(reader, scope);
    views.set(key, view);
    return view;
  }

  async function sees(scope: readonly string[], event: StoredEvent): Promise<boolean> {
    if (isToldToAudience(event) && event.audience.some((id) => scope.includes(id))) return true;
    if (event.executionId !== null) return seesExecution(scope, event.executionId);
    const partner: Viewer = {
      ...insider,
      roles: ['partner'],
      userId: scope[0] ?? '',
      teamIds: scope.slice(1),
      standsInFor: [],
    };
    const found = await loadersFor(partner).entities.loadMany(event.entityIds);
    return found.some((entity) => entity !== null && !(entity instanceof Error));
  }

  return {
    loadersFor,
    async visible(scope, among) {
      const seen = await Promise.all(among.map((event) => sees(scope, event)));
      return among.filter((_event, index) => seen[index]);
    },
  };
}
