/** Which events reach somebody who does not see every execution. */
import type { Queryable } from '../store/statement.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { visibleEntities, visibleExecutions } from '../store/visibility.ts';

/** It happened to a task that was theirs before or after it: they are told even if it took away the last one by which they saw the execution. */
function isAboutOwnTask({ subjectType, audience }: StoredEvent, scope: readonly string[]): boolean {
  return subjectType === 'TASK' && audience.some((id) => scope.includes(id));
}

/**
 * The events that can be seen through the scope: those of executions that can be, those of entities alone that belong to such an execution,
 * and those of tasks while they are the viewer's. At most two statements. What can be seen is asked now.
 */
export async function visibleEvents(
  database: Queryable,
  organizationId: string,
  scope: readonly string[],
  events: readonly StoredEvent[],
): Promise<StoredEvent[]> {
  const executionIds = new Set(events.flatMap((event) => event.executionId ?? []));
  const entityIds = new Set(events.flatMap((event) => (event.executionId === null ? event.entityIds : [])));
  const nothing = new Set<string>();
  const [executions, entities] = await Promise.all([
    executionIds.size > 0 ? visibleExecutions(database, organizationId, [...executionIds], scope) : nothing,
    entityIds.size > 0 ? visibleEntities(database, organizationId, [...entityIds], scope) : nothing,
  ]);
  return events.filter((event) =>
    event.executionId === null
      ? event.entityIds.some((id) => entities.has(id))
      : executions.has(event.executionId) || isAboutOwnTask(event, scope),
  );
}
