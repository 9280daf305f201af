/** The demo organization's journeys, made through the product's own commands from `demo/journeys.json`. */
import type { Caller } from '../src/commands/execute.ts';
import type { JourneyContent } from '../src/journeys/content.ts';
import { createJourney } from '../src/journeys/journeys.ts';
import { readDemo } from './demo-files.ts';
import { must } from './must.ts';

/** Makes the journeys. The files are contents as they are stored. */
export async function createDemoJourneys(caller: Caller): Promise<void> {
  for (const content of await readDemo<JourneyContent[]>('journeys'))
    await must(createJourney(caller, { content }));
}
