/** Values that can’t go where a journey says that they go. */
import { ActionError } from '../automation/action-type.ts';
import { problemMessage } from '../commands/problem-message.ts';
import { Refusal, refuse } from '../commands/problem.ts';

/**
 * Runs what may find that a text gets too long, that a list is in the way, or that what it makes can’t be kept: that refuses (JOURNEY_NOT_MAPPABLE), since nobody gave as an input
 * what would be an invalid one.
 */
export function orNotMappable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ActionError) return refuse({ code: 'JOURNEY_NOT_MAPPABLE', message: error.message });
    if (error instanceof Refusal && error.problem.code === 'INVALID_INPUT')
      return refuse({ code: 'JOURNEY_NOT_MAPPABLE', message: problemMessage(error.problem) });
    throw error;
  }
}
