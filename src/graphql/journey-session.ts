/** Sessions of journeys: what was opened for somebody to fill in. */
import { storedSessionContent } from '../journeys/content.ts';
import { sessionStatus } from '../journeys/session-status.ts';
import type { SessionRecord } from '../store/journey-sessions.ts';
import { builder } from './builder.ts';
import { argumentKey } from './ids.ts';
import { JourneyKindEnum } from './journey-content.ts';
import { JourneySessionStatusEnum } from './journey-session-status.ts';
import { resolveUser } from './people.ts';
import { EntityRef, JourneyRef, JourneySessionRef, JourneySubmissionRef, TaskRef, UserRef } from './refs.ts';

function contentOf({ content }: SessionRecord) {
  return storedSessionContent(content);
}

builder.node(JourneySessionRef, {
  description:
    'A journey that was opened for somebody to fill in, as it was then. Partners see those of tasks that are assigned to them or their teams.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id: string, { loaders }) => loaders.journeySessions.load(id),
  fields: (t) => ({
    status: t.field({
      type: JourneySessionStatusEnum,
      description: 'Where it is in its life.',
      resolve: (session, _args, { clock }) => sessionStatus(session, clock().toISOString()),
    }),
    journey: t.field({
      type: JourneyRef,
      nullable: true,
      description: 'The journey as it is now; null for partners.',
      resolve: ({ journeyId }, _args, { loaders }) => loaders.journeys.load(journeyId),
    }),
    name: t.string({
      description: 'What the journey was called when it was opened.',
      resolve: (session) => contentOf(session).name,
    }),
    description: t.string({
      nullable: true,
      description: 'What it is for, in Markdown.',
      resolve: (session) => contentOf(session).description,
    }),
    kind: t.field({
      type: JourneyKindEnum,
      description: 'Where it is filled in.',
      resolve: (session) => contentOf(session).kind,
    }),
    schema: t.field({
      type: 'JSON',
      nullable: true,
      description: 'JSON Schema of what is submitted.',
      resolve: (session) => contentOf(session).schema,
    }),
    uiSchema: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Hints for who renders the form.',
      resolve: (session) => contentOf(session).uiSchema,
    }),
    completesTask: t.boolean({
      description: 'Whether submitting it completes the task.',
      resolve: (session) => contentOf(session).completesTask,
    }),
    data: t.field({
      type: 'JSON',
      description:
        'What is filled in so far: what it was opened with, then the draft. Empty once it is submitted: see `submission`.',
      resolve: ({ data }) => data,
    }),
    draftSavedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a draft was last saved; null before the first. (Drafts make no events.)',
      resolve: ({ draftSavedAt }) => draftSavedAt,
    }),
    isPublic: t.exposeBoolean('isPublic', {
      description: 'Whether it came to be by the journey’s permanent public link.',
    }),
    openedBy: t.field({
      type: UserRef,
      nullable: true,
      description: 'Who opened it; null if it came to be by the public link.',
      resolve: ({ openedById }, _args, context) => resolveUser(openedById, context),
    }),
    openedAt: t.field({
      type: 'DateTime',
      description: 'When it was opened.',
      resolve: ({ openedAt }) => openedAt,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when it can be used.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
    submittedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was submitted; null if it was not.',
      resolve: ({ submittedAt }) => submittedAt,
    }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back; null if it was not.',
      resolve: ({ closedAt }) => closedAt,
    }),
    submission: t.field({
      type: JourneySubmissionRef,
      nullable: true,
      description: 'What was submitted; null before.',
      resolve: ({ id, submittedAt }, _args, { loaders }) =>
        submittedAt === null ? null : loaders.submissionsOfSessions.load(id),
    }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task that it was opened from; null for none, and if it is gone.',
      resolve: ({ taskId }, _args, { loaders }) => (taskId === null ? null : loaders.tasks.load(taskId)),
    }),
    entity: t.field({
      type: EntityRef,
      nullable: true,
      description: 'The entity that it is about; null for none, and if it is gone.',
      resolve: ({ entityId }, _args, { loaders }) =>
        entityId === null ? null : loaders.entities.load(entityId),
    }),
    version: t.exposeInt('version', { description: 'Counts the changes of this object, from 1.' }),
  }),
});

builder.queryField('journeySession', (t) =>
  t.field({
    type: JourneySessionRef,
    nullable: true,
    description: 'A session of a journey by its id; null if there is none that the viewer may see.',
    args: { id: t.arg.id({ required: true, description: 'The id of a JourneySession.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.journeySessions.load(argumentKey('JourneySession', id)),
  }),
);
