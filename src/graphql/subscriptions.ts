/** Watching executions, entities, inboxes, automation runs and the viewer’s notifications as things happen. */
import { builder } from './builder.ts';
import { eventSource } from './event-source.ts';
import { argumentKey, notFound, parseId } from './ids.ts';
import { inboxAssignees } from './inbox.ts';
import { dependsOn } from './reading-scope.ts';
import { EventRef } from './refs.ts';

const AFTER =
  'The cursor of the last event that was received, or the `position` of a mutation or an inbox: what came after it is sent first. From now on if left out. RESYNC if it is older than what is replayed.';

builder.subscriptionField('executionEvents', (t) =>
  t.field({
    type: EventRef,
    description: 'Everything that happens in one execution: to itself, its phases, tasks and notes.',
    args: {
      executionId: t.arg.id({ required: true, description: 'The id of the WorkflowExecution.' }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: async (_root, { executionId, after }, context) => {
      const id = argumentKey('WorkflowExecution', executionId);
      if (!(await context.loaders.executions.load(id))) throw notFound('WorkflowExecution');
      return eventSource({ watched: { kind: 'EXECUTION', ids: [id] } }, after, context);
    },
    resolve: (event) => event,
  }),
);

builder.subscriptionField('entityEvents', (t) =>
  t.field({
    type: EventRef,
    description: 'Everything that happens to one entity and in all its executions: what a sidebar shows.',
    args: {
      entityId: t.arg.id({ required: true, description: 'The id of the Entity.' }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: async (_root, { entityId, after }, context) => {
      const id = argumentKey('Entity', entityId);
      if (!(await context.loaders.entities.load(id))) throw notFound('Entity');
      return eventSource({ watched: { kind: 'ENTITY', ids: [id] } }, after, context);
    },
    resolve: (event) => event,
  }),
);

builder.subscriptionField('inboxEvents', (t) =>
  t.field({
    type: EventRef,
    description:
      'Everything that happens to the tasks of one inbox: also that a task comes into it or leaves it, and to the executions around them. The inbox of a user follows their memberships and those for whom they stand in: read it anew after TEAM_UPDATED and events of absences.',
    args: {
      assignee: t.arg.id({
        description: 'Whose: the id of a User (their teams included) or a Team; the viewer if left out.',
      }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: async (_root, { assignee, after }, context) => {
      const ids = await inboxAssignees(assignee, context);
      const [inboxOf] = ids;
      const isOfUser = parseId(assignee ?? '')?.type !== 'Team';
      const topic =
        isOfUser && inboxOf !== undefined ? { inboxOf } : { watched: { kind: 'ASSIGNEE' as const, ids } };
      return eventSource(topic, after, context);
    },
    resolve: (event) => event,
  }),
);

builder.subscriptionField('automationRunEvents', (t) =>
  t.field({
    type: EventRef,
    description:
      'Everything that happens to one run of an automation: that it began, each step, how it ended. What its actions do elsewhere is told there.',
    args: {
      runId: t.arg.id({ required: true, description: 'The id of the AutomationRun.' }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: async (_root, { runId, after }, context) => {
      const id = argumentKey('AutomationRun', runId);
      if (!(await context.loaders.automationRuns.load(id))) throw notFound('AutomationRun');
      return eventSource({ watched: { kind: 'SUBJECT', ids: [id] } }, after, context);
    },
    resolve: (event) => event,
  }),
);

builder.subscriptionField('notificationEvents', (t) =>
  t.field({
    type: EventRef,
    extensions: dependsOn('USER'),
    description:
      'What the viewer is told of in the application, and that they have read it, on whichever device. Nobody else sees any of it.',
    args: { after: t.arg.string({ description: AFTER }) },
    subscribe: (_root, { after }, context) =>
      eventSource({ watched: { kind: 'NOTIFIED', ids: [context.viewer.userId] } }, after, context),
    resolve: (event) => event,
  }),
);
