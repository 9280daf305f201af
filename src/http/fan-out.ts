/**
 * Subscriptions of all transports: those with the same document, variables and reading scope share one execution and one serialized
 * message. The groups follow the log and the lists (live/); here is what makes their messages, and as whom.
 */
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Viewer } from '../commands/viewer.ts';
import { createContext, type Context, type ContextSources } from '../graphql/context.ts';
import type { EventSource } from '../graphql/event-source.ts';
import type { ListSource } from '../graphql/list-source.ts';
import { liveError } from '../graphql/live-errors.ts';
import { presentViewer } from '../graphql/present-viewer.ts';
import { dependenceOf, readingScope } from '../graphql/reading-scope.ts';
import { sharedReadsOf } from '../graphql/shared-reads.ts';
import { createEventGroups, type EventTopic } from '../live/event-groups.ts';
import { createListGroups, type ListTopic } from '../live/list-groups.ts';
import type { Live } from '../live/live.ts';
import type { Reader } from '../live/reader.ts';
import { presentError, type ErrorScope } from './graphql-errors.ts';
import { presentAll } from './masking.ts';
import { renderMessage, type RenderedMessage, type RenderedOperation } from './rendering.ts';
import { operationKey } from './shared-operation.ts';

/** A subscription that has begun. */
export interface Joined {
  /** Resolves when the reader has left; rejects with the GraphQLError that ended it. */
  readonly ended: Promise<void>;
}

export interface FanOut {
  /**
   * Subscribes the reader until `signal` is aborted. When the promise resolves, nothing that is committed from then on is missed.
   *
   * @returns the errors instead if the operation is refused.
   */
  subscribe(
    args: ExecutionArgs,
    reader: Reader<RenderedMessage>,
    signal: AbortSignal,
  ): Promise<Joined | ExecutionResult>;
  /** How many groups there are. */
  readonly groupCount: number;
}

/** What every operation's context is, whatever transport it came by. */
type OperationContext = Context & ErrorScope;

type DescribedEvents = Omit<EventSource, typeof Symbol.asyncIterator>;

/** What is kept of an operation as long as it lasts; its own context is not, for there may be thousands. */
interface Operation extends RenderedOperation {
  readonly sources: ContextSources;
}

export function createFanOut({ live, log }: { readonly live: Live; readonly log: Logger }): FanOut {
  const events = createEventGroups<RenderedMessage>(live, log);
  const lists = createListGroups<RenderedMessage>();

  /** As whom the operation is executed for this viewer, and what its group is called. */
  function placeOf(operation: Operation, source: { readonly identity: string }, viewer: Viewer) {
    const scope = readingScope(viewer, dependenceOf(operation.schema, operation.document));
    return { scope, key: JSON.stringify([scope.key, source.identity, operationKey(operation)]) };
  }

  function operationOf(args: ExecutionArgs): Operation {
    const { schema, document, operationName, variableValues } = args;
    const { database, clock } = args.contextValue as OperationContext;
    return { schema, document, operationName, variableValues, sources: { database, clock, live, log } };
  }

  /** The errors of a group are nobody's own request's. */
  function errorScope(): ErrorScope {
    const requestId = randomUUID();
    return { requestId, log: log.child({ requestId }) };
  }

  function eventTopic(operation: Operation, source: DescribedEvents): EventTopic<RenderedMessage> {
    const { sources } = operation;
    const viewer = source.viewer();
    const { scope, key } = placeOf(operation, source, viewer);
    return {
      key,
      followed: scope.isShared ? source.everyones : source.own,
      render: (event, tick, signal) => {
        const context = (): Context =>
          createContext(sources, scope.viewer, {
            ...sharedReadsOf(sources.database, viewer, tick).loadersFor(scope.viewer),
          });
        return renderMessage(operation, event, context, { log, signal, errorScope });
      },
    };
  }

  function listTopic<Update>(
    operation: Operation,
    source: ListSource<Update>,
    viewer: Viewer,
  ): ListTopic<Update, RenderedMessage> {
    const { sources } = operation;
    const { scope, key } = placeOf(operation, source, viewer);
    // Who reads as themselves may gain and lose teams and the tasks of others; whoever reads as anybody in particular does not.
    let reader = scope.viewer;
    async function present(): Promise<Viewer | null> {
      if (scope.isShared) return reader;
      const now = presentViewer(reader, await live.membership(viewer.organizationId, viewer.userId));
      reader = now ?? reader;
      return now;
    }
    return {
      key,
      open: () => source.open(present),
      render: (update, signal) =>
        renderMessage(operation, update, () => createContext(sources, reader), { log, signal, errorScope }),
    };
  }

  /** In the group of the viewer as they are; in another one when their teams, or those for whom they stand in, have changed. */
  async function followList<Update>(
    operation: Operation,
    source: ListSource<Update>,
    viewer: Viewer,
    reader: Reader<RenderedMessage>,
    signal: AbortSignal,
  ): Promise<void> {
    const { organizationId, userId } = viewer;
    let present = viewer;
    let moved = new AbortController();
    const move = async (): Promise<void> => {
      const { teamIds = [], standsInFor = [] } = (await live.membership(organizationId, userId)) ?? {};
      const next = { ...present, teamIds, standsInFor };
      if (listTopic(operation, source, next).key === listTopic(operation, source, present).key) return;
      present = next;
      moved.abort();
    };
    const stopWatching = live.watchUser(organizationId, userId, () => {
      // If the database is away, the next change tells.
      move().catch(() => undefined);
    });
    try {
      while (!signal.aborted) {
        moved = new AbortController();
        await lists.join(
          listTopic(operation, source, present),
          reader,
          AbortSignal.any([signal, moved.signal]),
        );
      }
    } finally {
      stopWatching();
    }
  }

  /** A source that does not say what it is: each subscriber has one of their own. */
  async function followAlone(
    operation: RenderedOperation,
    contextValue: object,
    source: AsyncIterable<unknown>,
    reader: Reader<RenderedMessage>,
    signal: AbortSignal,
  ): Promise<void> {
    const values = source[Symbol.asyncIterator]();
    const end = (): void => {
      // Also settles a `next()` that waits.
      values.return?.().catch(() => undefined);
    };
    signal.addEventListener('abort', end);
    try {
      for (let step = await values.next(); !step.done; step = await values.next()) {
        const message = await renderMessage(operation, step.value, () => contextValue, {
          log,
          signal,
          errorScope,
        });
        await reader.drained();
        if (!signal.aborted) reader.send(message);
      }
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  async function follow(
    args: ExecutionArgs,
    source: EventSource | ListSource<unknown> | AsyncIterable<unknown>,
    reader: Reader<RenderedMessage>,
    signal: AbortSignal,
  ): Promise<Joined> {
    const operation = operationOf(args);
    const { viewer } = args.contextValue as OperationContext;
    if (!('kind' in source))
      return { ended: followAlone(operation, args.contextValue as object, source, reader, signal) };
    if (source.kind === 'list') return { ended: followList(operation, source, viewer, reader, signal) };
    // The iterator holds the operation's context.
    const { [Symbol.asyncIterator]: _, ...described } = source;
    const { own, after } = described;
    const topic = (): EventTopic<RenderedMessage> => eventTopic(operation, described);
    return events.join({ userId: viewer.userId, own, topic, after, reader, signal });
  }

  return {
    async subscribe(args, reader, signal) {
      const { requestId, log: requestLog } = args.contextValue as OperationContext;
      const scope = { requestId, log: requestLog };
      const presented = (error: unknown): never => {
        throw presentError(liveError(error), scope);
      };
      const source = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in source)) return presentAll(source, scope);
      const joined = await follow(args, source, reader, signal).catch(presented);
      return { ended: joined.ended.catch(presented) };
    },
    get groupCount() {
      return events.size + lists.size;
    },
  };
}
