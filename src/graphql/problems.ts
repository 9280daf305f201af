/** The problems that mutations answer: one type for each code, each with its own data. Those of any object are here, the others beside. */
import type { ProblemOf } from '../commands/problem.ts';
import { builder } from './builder.ts';
import './definition-problems.ts';
import { encodeId } from './ids.ts';
import './journey-problems.ts';
import { defineProblem } from './problem.ts';
import './task-problems.ts';

export { problemType } from './problem.ts';

const InputIssueRef = builder
  .objectRef<ProblemOf<'INVALID_INPUT'>['issues'][number]>('InputIssue')
  .implement({
    description: 'One thing that is wrong with an input.',
    fields: (t) => ({
      path: t.exposeString('path', { description: 'Which field of the input: `assignees[2]`.' }),
      code: t.exposeString('code', { description: 'A stable code: EMPTY, TOO_LONG, INVALID_ID, UNKNOWN_…' }),
      message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
    }),
  });

defineProblem(
  'NOT_FOUND',
  'The object does not exist in this organization, or the viewer may not see it.',
  (t) => ({
    type: t.string({ description: 'The type of object that was looked for.', resolve: ({ what }) => what }),
    id: t.id({ description: 'Its id, as given.', resolve: ({ what, id }) => encodeId(what, id) }),
  }),
);

defineProblem(
  'VERSION_CONFLICT',
  'The object has another version than `expectedVersion`: somebody was faster.',
  (t) => ({
    currentVersion: t.exposeInt('currentVersion', { description: 'The version that it has now.' }),
    current: t.node({
      description: 'The object as it is now.',
      id: ({ what, id }) => encodeId(what, id),
    }),
  }),
);

defineProblem('INVALID_INPUT', 'Fields of the input can’t be used.', (t) => ({
  issues: t.field({
    type: [InputIssueRef],
    description: 'Every one of them.',
    resolve: ({ issues }) => [...issues],
  }),
}));

defineProblem('FORBIDDEN', 'The viewer’s role may not do this to this object.', () => ({}));

defineProblem('IDEMPOTENCY_CONFLICT', 'The idempotency key was used with another input.', (t) => ({
  idempotencyKey: t.exposeString('idempotencyKey', { description: 'The key.' }),
}));

defineProblem('ENTITY_IN_USE', 'There are executions on the entity, so it can’t be deleted.', (t) => ({
  executionCount: t.exposeInt('executionCount', {
    description: 'How many, as their entity or their context.',
  }),
}));

defineProblem('ABSENCE_OVERLAPS', 'The user is absent on some of these days already.', (t) => ({
  absenceId: t.id({
    description: 'The id of the Absence that is there already.',
    resolve: ({ absenceId }) => encodeId('Absence', absenceId),
  }),
}));

defineProblem('ABSENCE_OVER', 'The absence is over, so it can’t be changed.', () => ({}));
