/** The forms that belong to tasks. */
import type { JourneyReference } from '../../engine/definition.ts';
import { leaveBookkeeping } from './bookkeeping.ts';
import type { Mapping } from './mapping.ts';
import { quoted } from './reason.ts';
import type { Part } from './part.ts';
import type { ForeignJourney } from './shared-shapes.ts';

/** The journey of a task; null if there is none, or the mapping does not have it. */
export function readJourney(
  whole: Part<ForeignJourney | null | undefined>,
  { journeys }: Mapping,
): JourneyReference | null {
  const journey = whole.given();
  if (!journey) return null;
  const byJourneyId = (journey.value.journeyId ?? '') !== '';
  const from = journey.at(byJourneyId ? 'journeyId' : 'id').take() ?? '';
  const journeyId = journeys.get(from);
  if (journeyId === undefined) {
    if (from === '') journey.leave('INCOMPLETE', 'The task’s journey has no id.');
    else journey.leave('UNMAPPED_JOURNEY', `The mapping does not say which journey ${quoted(from)} is here.`);
    return null;
  }
  leaveBookkeeping(
    journey,
    [byJourneyId ? 'id' : 'journeyId', 'name'],
    'The journey itself says what it is called.',
  );
  return { journeyId, completesTask: journey.at('complete_task_automatically').take() ?? true };
}
