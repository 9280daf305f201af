/** Starting workflows by submitted journeys: those with a trigger for the journey, or for any. */
import { v7 as uuidv7 } from 'uuid';
import { asSystem } from '../commands/acting.ts';
import { startExecutionIn } from '../commands/executions.ts';
import { Refusal } from '../commands/problem.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readStartedByJourney, saveStartedExecutions } from '../store/journey-submissions.ts';
import type { Transaction } from '../store/transaction.ts';

async function startOne(
  tx: Transaction,
  definitionId: string,
  entityId: string,
  journeyId: string,
): Promise<string | null> {
  try {
    const input = { definitionId, entityId, contextEntityIds: [] };
    const { id } = await startExecutionIn(tx, await asSystem(tx), uuidv7(), input, { journeyId });
    return id;
  } catch (error) {
    // A start is refused before it writes anything: the entity was deleted since, or the definition disabled at this moment.
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/**
 * Starts an execution of each workflow whose trigger a submission meets, on the submission's entity. It happens after the submission, which must not fail because of a workflow, and
 * exactly once, as all reactions. A person is behind it, whoever opened the journey: so no chain of automations goes on here.
 */
export async function startJourneyWorkflows(tx: Transaction, events: readonly StoredEvent[]): Promise<void> {
  for (const { type, subjectId, entityIds, data } of events) {
    const { journeyId } = data;
    const [entityId] = entityIds;
    if (type !== 'JOURNEY_SUBMITTED' || typeof journeyId !== 'string' || entityId === undefined) continue;
    const started: string[] = [];
    for (const definitionId of await readStartedByJourney(tx, tx.organizationId, journeyId)) {
      const executionId = await startOne(tx, definitionId, entityId, journeyId);
      if (executionId !== null) started.push(executionId);
    }
    if (started.length > 0) await saveStartedExecutions(tx, subjectId, started);
  }
}
