/** Subscriptions to the event log, read event by event. */
import type { Viewer } from '../../src/commands/viewer.ts';
import { encodePosition } from '../../src/store/event-cursor.ts';
import { readPosition } from '../../src/store/event-log.ts';
import type { Answer, AnsweredError, TestApi } from './api.ts';

/** What `EVENT_FIELDS` selects. */
export interface EventView {
  readonly cursor: string;
  readonly type: string;
  readonly version: number;
  readonly changedFields: readonly string[];
  readonly subjectId: string;
  readonly executionId: string | null;
  readonly taskId: string | null;
  readonly entityIds: readonly string[];
  readonly actor: { readonly name: string } | null;
}

export const EVENT_FIELDS =
  'cursor type version changedFields subjectId executionId taskId entityIds actor { ... on User { name } }';

const ARGUMENTS = {
  executionEvents: 'executionId',
  entityEvents: 'entityId',
  inboxEvents: 'assignee',
} as const;

export type EventField = keyof typeof ARGUMENTS;

/** The text of a subscription; ids and cursors are plain enough to stand in it. */
export function watchText(field: EventField, id?: string, after?: string, selection = ''): string {
  const given = [
    ...(id === undefined ? [] : [`${ARGUMENTS[field]}: "${id}"`]),
    ...(after === undefined ? [] : [`after: "${after}"`]),
  ];
  const list = given.length > 0 ? `(${given.join(', ')})` : '';
  return `subscription { event: ${field}${list} { ${EVENT_FIELDS} ${selection} } }`;
}

export interface Watch<Extra> extends AsyncDisposable {
  /** The next event; throws if the subscription has ended or tells an error. */
  next(): Promise<EventView & Extra>;
  /** The next so many events. */
  take(count: number): Promise<(EventView & Extra)[]>;
  /** All events up to the one with this cursor. */
  upTo(cursor: string | undefined): Promise<(EventView & Extra)[]>;
}

export interface WatchOptions {
  readonly after?: string | undefined;
  /** Further fields of the event. */
  readonly selection?: string;
}

/** Reads the answers of a subscription whose field is called `event`. */
export function readWatch<Extra>(
  answers: AsyncGenerator<Answer<{ event: EventView & Extra }>>,
): Watch<Extra> {
  const watch: Watch<Extra> = {
    async next() {
      const step = await answers.next();
      const answer = step.done ? null : step.value;
      if (!answer?.data?.event) throw new Error(`no event but ${JSON.stringify(answer)}`);
      return answer.data.event;
    },
    async take(count) {
      const events = [];
      while (events.length < count) events.push(await watch.next());
      return events;
    },
    async upTo(cursor) {
      const events = [];
      do events.push(await watch.next());
      while (events.at(-1)?.cursor !== cursor);
      return events;
    },
    async [Symbol.asyncDispose]() {
      await answers.return(undefined);
    },
  };
  return watch;
}

/** Subscribes in this process; throws if it is refused. `id`: of an execution, an entity, or a user or team whose inbox it is. */
export async function watch<Extra = object>(
  api: TestApi,
  viewer: Viewer,
  field: EventField,
  id?: string,
  { after, selection }: WatchOptions = {},
): Promise<Watch<Extra>> {
  return readWatch<Extra>(await api.subscribe(viewer, watchText(field, id, after, selection)));
}

/** The codes of the errors with which a subscription is refused. */
export async function refusal(
  api: TestApi,
  viewer: Viewer,
  field: EventField,
  id?: string,
  after?: string,
): Promise<readonly string[]> {
  const message = await api.subscribe(viewer, watchText(field, id, after)).then(
    async (answers) => {
      await answers.return(undefined);
      throw new Error('the subscription was not refused');
    },
    (error: unknown) => (error as Error).message,
  );
  return (JSON.parse(message) as { errors: readonly AnsweredError[] }).errors.map(({ code }) => code);
}

export function typesOf(events: readonly EventView[]): string[] {
  return events.map(({ type }) => type);
}

/** The log's position now. */
export async function position({ database, admin }: TestApi): Promise<string> {
  return encodePosition(await readPosition(database, admin.organizationId));
}
