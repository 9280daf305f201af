/** Where sessions of journeys are in their life. */
import type { JourneySessionStatus } from '../commands/problem.ts';
import { builder } from './builder.ts';

export const JourneySessionStatusEnum = builder.enumType('JourneySessionStatus', {
  description: 'Where a session of a journey is in its life; follows from its task, its entity and the time.',
  values: {
    OPEN: { description: 'It can be filled in and submitted.' },
    SUBMITTED: { description: 'It was submitted; once is all.' },
    EXPIRED: { description: 'Its time is over; the journey can be opened again.' },
    CLOSED: {
      description:
        'It was taken back, its task is finished or gone, the execution is over, or its entity was deleted. It is OPEN again if its task or execution is.',
    },
  } as const satisfies Record<JourneySessionStatus, object>,
});
