/** What was submitted in journeys: each, and by journey, task and entity. */
import { visibilityScope } from '../commands/viewer.ts';
import {
  readSubmissionsOf,
  type SubmissionParent,
  type SubmissionRecord,
} from '../store/journey-submissions.ts';
import { builder } from './builder.ts';
import { defineConnection, type Connection } from './connection.ts';
import type { Context } from './context.ts';
import { decodeKeyset } from './keyset.ts';
import { loadPage } from './page-loaders.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { ActorRef, resolveActor } from './people.ts';
import {
  EntityRef,
  JourneyRef,
  JourneySessionRef,
  JourneySubmissionRef,
  TaskRef,
  WorkflowExecutionRef,
} from './refs.ts';

builder.node(JourneySubmissionRef, {
  description:
    'What somebody submitted in a journey; it never changes. Partners see those of tasks that are assigned to them or their teams.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id: string, { loaders }) => loaders.journeySubmissions.load(id),
  fields: (t) => ({
    data: t.field({
      type: 'JSON',
      description: 'What was filled in, as the journey’s schema has it.',
      resolve: ({ data }) => data,
    }),
    submittedAt: t.field({
      type: 'DateTime',
      description: 'When.',
      resolve: ({ submittedAt }) => submittedAt,
    }),
    submittedBy: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who; the system for somebody without an account.',
      resolve: ({ submittedById }, _args, context) =>
        resolveActor(
          submittedById === null ? { type: 'SYSTEM' } : { type: 'USER', id: submittedById },
          context,
        ),
    }),
    hasCreatedEntity: t.exposeBoolean('hasCreatedEntity', { description: 'Whether it made its entity.' }),
    journey: t.field({
      type: JourneyRef,
      nullable: true,
      description: 'The journey as it is now; null for partners.',
      resolve: ({ journeyId }, _args, { loaders }) => loaders.journeys.load(journeyId),
    }),
    session: t.field({
      type: JourneySessionRef,
      nullable: true,
      description: 'The session that was submitted.',
      resolve: ({ sessionId }, _args, { loaders }) => loaders.journeySessions.load(sessionId),
    }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task that it belongs to; null for none, and if it is gone.',
      resolve: ({ taskId }, _args, { loaders }) => (taskId === null ? null : loaders.tasks.load(taskId)),
    }),
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'The execution of that task; null as there.',
      resolve: ({ executionId }, _args, { loaders }) =>
        executionId === null ? null : loaders.executions.load(executionId),
    }),
    entity: t.field({
      type: EntityRef,
      nullable: true,
      description: 'The entity that it was written into, or that it made; null for none, and if it is gone.',
      resolve: ({ entityId }, _args, { loaders }) =>
        entityId === null ? null : loaders.entities.load(entityId),
    }),
    startedExecutions: t.field({
      type: [WorkflowExecutionRef],
      complexity: { multiplier: 3 },
      description:
        'The executions that it started, by triggers of type JOURNEY. They are started right after it; those that are gone are left out.',
      resolve: async ({ startedExecutionIds }, _args, { loaders }) => {
        const found = await Promise.all(startedExecutionIds.map((id) => loaders.executions.load(id)));
        return found.flatMap((execution) => execution ?? []);
      },
    }),
  }),
});

const SubmissionConnection = defineConnection('JourneySubmission', JourneySubmissionRef);

async function submissionsOf(
  parent: SubmissionParent,
  id: string,
  args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
  context: Context,
): Promise<Connection<SubmissionRecord>> {
  const { database, viewer } = context;
  const scope = visibilityScope(viewer);
  const size = pageSize(args.first);
  const [after] = decodeKeyset(args.after, ['uuid']) ?? [null];
  const page = { after, limit: size + 1 };
  const rows = await loadPage(context, `submissions of ${parent}`, id, page, (ids, asked) =>
    readSubmissionsOf(database, viewer.organizationId, parent, ids, scope, asked),
  );
  return toPage(rows, size, args.after, ({ id: submissionId }) => [submissionId]);
}

builder.objectField(JourneyRef, 'submissions', (t) =>
  t.field({
    type: SubmissionConnection,
    description: 'What was submitted in it, newest first.',
    args: pageArguments(),
    resolve: ({ id }, args, context) => submissionsOf('JOURNEY', id, args, context),
  }),
);

builder.objectField(TaskRef, 'journeySubmissions', (t) =>
  t.field({
    type: SubmissionConnection,
    description: 'What was submitted in its form, newest first. Of a partner’s own tasks only.',
    args: pageArguments(),
    resolve: ({ id }, args, context) => submissionsOf('TASK', id, args, context),
  }),
);

builder.objectField(EntityRef, 'journeySubmissions', (t) =>
  t.field({
    type: SubmissionConnection,
    description: 'What was submitted about it, newest first. Of a partner’s own tasks only.',
    args: pageArguments(),
    resolve: ({ id }, args, context) => submissionsOf('ENTITY', id, args, context),
  }),
);
