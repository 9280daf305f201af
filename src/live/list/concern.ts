/** What an event may have changed of a list, decided in memory: too often is allowed, too rarely is a list that is never right again. */
import type { StoredEvent, SubjectType } from '../../store/event-log.ts';

/** What is watched of a row. */
export interface ListRow {
  readonly id: string;
  readonly executionId: string;
  /** All entities of its execution. */
  readonly entityIds: readonly string[];
  /** What of it changes by the time alone. */
  readonly timed: string;
}

/** What a reader selects of the rows, so far as it decides which events change it. */
export interface Reach {
  /**
   * ROWS: the rows' executions with all that is in them, and what their entities are. ENTITIES: also other executions of those
   * entities. ANYTHING: also what those others lead to.
   */
  readonly through: 'ROWS' | 'ENTITIES' | 'ANYTHING';
  /** Which objects without an execution, wherever they are; ENTITY: also entities that no row has. */
  readonly subjects: ReadonlySet<SubjectType>;
}

export const ALL = 'ALL';

/** The ids of rows. */
export type Touched = ReadonlySet<string> | typeof ALL;

export interface RowIndex {
  /** The rows of which something that is selected may be other than it was; empty: none. */
  touchedBy(event: StoredEvent): Touched;
}

const NONE: ReadonlySet<string> = new Set();

function add(index: Map<string, string[]>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.push(id);
  else index.set(key, [id]);
}

/** Finds rows by what events name. */
export function indexRows(rows: readonly ListRow[], { through, subjects }: Reach): RowIndex {
  const byExecution = new Map<string, string[]>();
  const byEntity = new Map<string, string[]>();
  for (const { id, executionId, entityIds } of rows) {
    add(byExecution, executionId, id);
    for (const entityId of entityIds) add(byEntity, entityId, id);
  }

  return {
    touchedBy({ subjectType, executionId, entityIds }) {
      if (through === 'ANYTHING') return ALL;
      if (executionId === null || subjectType === 'ENTITY') {
        if (subjects.has(subjectType)) return ALL;
        if (subjectType !== 'ENTITY' && subjectType !== 'AUTOMATION_RUN') return NONE;
      }
      const ofExecution = executionId === null ? undefined : byExecution.get(executionId);
      const isAboutEntities = subjectType === 'ENTITY' || through === 'ENTITIES';
      const ofEntities = isAboutEntities ? entityIds.flatMap((id) => byEntity.get(id) ?? []) : [];
      if (!ofExecution && ofEntities.length === 0) return NONE;
      return new Set([...(ofExecution ?? []), ...ofEntities]);
    },
  };
}
