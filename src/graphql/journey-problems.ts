/** Why a journey can't be opened, filled in or submitted. */
import type { JourneyDataError, NotOpenableReason } from '../commands/problem.ts';
import { builder } from './builder.ts';
import { encodeId } from './ids.ts';
import { JourneySessionStatusEnum } from './journey-session-status.ts';
import { defineProblem } from './problem.ts';

const NotOpenableReasonEnum = builder.enumType('NotOpenableReason', {
  description: 'Why a journey can’t be opened.',
  values: {
    DISABLED: { description: 'It is disabled.' },
    ARCHIVED: { description: 'It is archived.' },
    NO_JOURNEY: { description: 'The task has none, or names one that does not exist.' },
  } as const satisfies Record<NotOpenableReason, object>,
});

defineProblem('JOURNEY_NOT_OPENABLE', 'The journey can’t be opened.', (t) => ({
  journeyId: t.id({
    nullable: true,
    description: 'The journey; null if there is none.',
    resolve: ({ journeyId }) => journeyId && encodeId('Journey', journeyId),
  }),
  reason: t.field({ type: NotOpenableReasonEnum, description: 'Why not.', resolve: ({ reason }) => reason }),
}));

defineProblem(
  'JOURNEY_SESSION_NOT_OPEN',
  'The session has been submitted, is expired, or is not needed any more.',
  (t) => ({
    sessionId: t.id({
      description: 'The session.',
      resolve: ({ sessionId }) => encodeId('JourneySession', sessionId),
    }),
    sessionStatus: t.field({
      type: JourneySessionStatusEnum,
      description: 'Its status: SUBMITTED, EXPIRED or CLOSED.',
      resolve: ({ status }) => status,
    }),
  }),
);

const JourneyDataErrorRef = builder.objectRef<JourneyDataError>('JourneyDataError').implement({
  description: 'One thing that is wrong with what was filled in.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description:
        'Where, as a JSON pointer: `/address/zip`; empty for the whole. Cut off, with … at its end, beyond 500 characters.',
    }),
    keyword: t.exposeString('keyword', {
      description:
        'The keyword of JSON Schema that is not met: `required`, `pattern`… `more` stands for errors beyond a hundred.',
    }),
    message: t.exposeString('message', {
      description: 'What is wrong, for people, in 500 characters at most.',
    }),
  }),
});

defineProblem('JOURNEY_DATA_INVALID', 'What was filled in is not what the form asks for.', (t) => ({
  errors: t.field({
    type: [JourneyDataErrorRef],
    description: 'Everything that is wrong, at most a hundred.',
    resolve: ({ errors }) => [...errors],
  }),
}));

defineProblem(
  'JOURNEY_NOT_MAPPABLE',
  'What was filled in is right, but can’t be written into the entity as the journey says; or what a task hands over to its form is too large.',
  () => ({}),
);

defineProblem(
  'JOURNEY_BUSY',
  'The journey’s public link is used too often at the moment, or has too many drafts.',
  () => ({}),
);
