/** What happens to users, teams, entities, definitions, closing reasons and the organization, written down. */
import type { NewEvent, SubjectType } from '../store/event-log.ts';
import type { Transaction } from '../store/transaction.ts';

/** The object that changed; `version` is the one after the change. */
interface Changed {
  readonly id: string;
  readonly version: number;
  /** Nobody in particular if left out. */
  readonly audience?: Iterable<string>;
  readonly entityIds?: NewEvent['entityIds'];
  readonly entityBefore?: NewEvent['entityBefore'];
}

/**
 * Records what happened to an object that belongs to no execution. `data` are the changed fields' new values; `changedFields` are
 * their names unless told.
 */
export function recordObject<Subject extends SubjectType>(
  tx: Transaction,
  type: `${Subject}_${string}`,
  subjectType: Subject,
  { id, version, audience = [], entityIds = [], entityBefore }: Changed,
  data: NewEvent['data'],
  changedFields: readonly string[] = Object.keys(data),
): void {
  tx.record({
    type,
    subjectType,
    subjectId: id,
    version,
    executionId: null,
    taskId: null,
    entityIds,
    audience: [...new Set(audience)],
    changedFields: [...changedFields].sort(),
    data,
    ...(entityBefore && { entityBefore }),
  });
}
