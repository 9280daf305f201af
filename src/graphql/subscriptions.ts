/** Watching executions, entities and inboxes as things happen. */
import { GraphQLError } from 'graphql';
import { visibilityScope, type Viewer } from '../commands/viewer.ts';
import { NotAllowedError, UnknownPositionError } from '../live/errors.ts';
import type { Rights } from '../live/follow.ts';
import { visibleEvents } from '../live/visible-events.ts';
import { decodePosition } from '../store/event-cursor.ts';
import type { StoredEvent } from '../store/event-log.ts';
import type { Watched } from '../store/event-replay.ts';
import { readMemberships } from '../store/people.ts';
import { badInput } from './bad-input.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { argumentKey, parseId, type NodeType } from './ids.ts';
import { inboxAssignees } from './inbox.ts';
import { EventRef } from './refs.ts';

const AFTER =
  'The cursor of the last event that was received, or the `position` of a mutation or an inbox: what came after it is sent first. From now on if left out.';

/** As if they presented their token anew. */
function deactivated(): GraphQLError {
  return new GraphQLError('The token’s user is deactivated.', { extensions: { code: 'UNAUTHENTICATED' } });
}

function startOf(after: string | null | undefined): number | null {
  if (after === null || after === undefined) return null;
  const seq = decodePosition(after);
  if (seq === null)
    throw badInput('after is no cursor of the event log; take the cursor of an event or a position.');
  return seq;
}

/** Each event is a step of its own: its objects are read as they are when it is delivered, and as its reader is then. */
function stepwise(
  events: AsyncGenerator<StoredEvent>,
  context: Context,
  present: () => Viewer,
): AsyncIterable<StoredEvent> {
  return {
    // By hand, not as a generator: a generator would not end while it waits for the next event.
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const step = await events.next();
          context.nextStep(present());
          return step;
        } catch (error) {
          throw error instanceof NotAllowedError ? deactivated() : error;
        }
      },
      return: () => events.return(undefined),
      throw: (error: unknown) => events.throw(error),
    }),
  };
}

/** `inboxOf`: the user whose inbox is watched, and who takes those of their teams with them. */
async function watch(
  watched: Watched,
  after: string | null | undefined,
  context: Context,
  inboxOf?: string,
): Promise<AsyncIterable<StoredEvent>> {
  const { database, live } = context;
  let { viewer } = context;
  const { organizationId, userId } = viewer;
  const concerned = inboxOf === undefined ? [userId] : [userId, inboxOf];

  async function rights(): Promise<Rights | null> {
    const memberships = await readMemberships(database, organizationId, concerned);
    const own = memberships.get(userId);
    if (!own?.isActive) return null;
    viewer = { ...viewer, teamIds: own.teamIds };
    const scope = visibilityScope(viewer);
    const teamIds = memberships.get(inboxOf ?? '')?.teamIds ?? [];
    return {
      watched: inboxOf === undefined ? watched : { kind: 'ASSIGNEE', ids: [inboxOf, ...teamIds] },
      visible: (events) =>
        scope === null ? Promise.resolve(events) : visibleEvents(database, organizationId, scope, events),
    };
  }

  try {
    const subscriber = { userId, rights };
    const following = await live.follow({ organizationId, watched, after: startOf(after), subscriber });
    return stepwise(following, context, () => viewer);
  } catch (error) {
    throw error instanceof UnknownPositionError ? badInput(error.message) : error;
  }
}

function notFound(type: NodeType): GraphQLError {
  return new GraphQLError(`There is no such ${type}.`, { extensions: { code: 'NOT_FOUND' } });
}

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
      return watch({ kind: 'EXECUTION', ids: [id] }, after, context);
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
      return watch({ kind: 'ENTITY', ids: [id] }, after, context);
    },
    resolve: (event) => event,
  }),
);

builder.subscriptionField('inboxEvents', (t) =>
  t.field({
    type: EventRef,
    description:
      'Everything that happens to the tasks of one inbox: also that a task comes into it or leaves it, and to the executions around them. The inbox of a user follows their memberships: read it anew after TEAM_UPDATED.',
    args: {
      assignee: t.arg.id({
        description: 'Whose: the id of a User (their teams included) or a Team; the viewer if left out.',
      }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: async (_root, { assignee, after }, context) => {
      const ids = await inboxAssignees(assignee, context);
      const isOfTeam = parseId(assignee ?? '')?.type === 'Team';
      return watch({ kind: 'ASSIGNEE', ids }, after, context, isOfTeam ? undefined : ids[0]);
    },
    resolve: (event) => event,
  }),
);
