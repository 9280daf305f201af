/** The guard against automations that run away, for example by setting themselves off. */
import type { RunCounts } from '../store/run-facts.ts';
import type { RunLimit } from './content.ts';

/** More runs of one automation than these are a runaway, whatever its own limit says. */
export const GENERAL_LIMIT: RunLimit = { runs: 100, seconds: 30 };
/** The same for the runs on one entity. */
export const ENTITY_LIMIT: RunLimit = { runs: 50, seconds: 60 };

/** What is exceeded, as a sentence for people; null if nothing is. */
export function exceeded(
  { ofAutomation, onEntity, inLimit }: RunCounts,
  own: RunLimit | null,
): string | null {
  const tell = ({ runs, seconds }: RunLimit, where: string) =>
    `It ran more than ${runs} times in ${seconds} seconds${where}, so it was disabled.`;
  if (ofAutomation > GENERAL_LIMIT.runs) return tell(GENERAL_LIMIT, '');
  if (onEntity > ENTITY_LIMIT.runs) return tell(ENTITY_LIMIT, ' on one entity');
  if (own && inLimit > own.runs) return tell(own, ', its own limit');
  return null;
}
