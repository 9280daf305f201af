/**
 * A small schema that answers what Handrail's answers, from memory: each event is looked up, with its task, execution and people, by
 * resolvers of their own that answer promises, as they would with a database behind them. Nothing is checked, and nobody is authenticated.
 */
import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

const SDL = `
  type Query { ok: Boolean }
  type Subscription { entityEvents(entityId: ID!): Event! }
  type Event { cursor: String! type: String! actor: Actor task: Task execution: Execution }
  union Actor = User
  union Assignee = User | Team
  type User { name: String! }
  type Team { name: String! }
  type Task { name: String! status: String! isEnabled: Boolean! assignees: [Assignee!]! }
  type Execution { status: String! progress: Progress! }
  type Progress { ratio: Float! }
`;

interface Person {
  readonly name: string;
}

/** The event of one of Handrail's messages. */
export interface EventObject {
  readonly cursor: string;
  readonly type: string;
  readonly actor: Person;
  readonly task: {
    readonly name: string;
    readonly status: string;
    readonly isEnabled: boolean;
    readonly assignees: readonly Person[];
  };
  readonly execution: Readonly<Record<string, unknown>>;
}

/** Everything that resolvers look up, under the ids that the event has. */
export interface UsualStore {
  readonly tasks: Map<string, Omit<EventObject['task'], 'assignees'> & { assigneeIds: readonly string[] }>;
  readonly executions: Map<string, EventObject['execution']>;
  readonly people: Map<string, Person & { readonly __typename: 'User' | 'Team' }>;
}

/** What is published: an event has ids only. */
export interface UsualEvent {
  readonly cursor: string;
  readonly type: string;
  readonly actorId: string;
  readonly taskId: string;
  readonly executionId: string;
}

export interface UsualSchemaOptions {
  readonly store: UsualStore;
  /** A subscriber's own source of events. */
  readonly subscribe: () => AsyncIterable<UsualEvent>;
  readonly onExecution: () => void;
}

type Resolver<Source> = GraphQLFieldResolver<Source, unknown>;

export function usualSchema({ store, subscribe, onExecution }: UsualSchemaOptions): GraphQLSchema {
  const schema = buildSchema(SDL);

  function resolve<Source>(type: string, field: string, resolver: Resolver<Source>): void {
    const found = schema.getType(type);
    if (!found || !('getFields' in found)) throw new Error(`no type ${type}`);
    const definition = found.getFields()[field];
    if (!definition) throw new Error(`no field ${type}.${field}`);
    Object.assign(definition, { resolve: resolver });
  }
  const lookUp = <Value>(map: Map<string, Value>, id: string) => Promise.resolve(map.get(id));

  resolve('Subscription', 'entityEvents', (event: UsualEvent) => {
    onExecution();
    return event;
  });
  Object.assign(schema.getSubscriptionType()?.getFields()['entityEvents'] ?? {}, { subscribe });
  resolve('Event', 'actor', ({ actorId }: UsualEvent) => lookUp(store.people, actorId));
  resolve('Event', 'task', ({ taskId }: UsualEvent) => lookUp(store.tasks, taskId));
  resolve('Event', 'execution', ({ executionId }: UsualEvent) => lookUp(store.executions, executionId));
  resolve('Task', 'assignees', ({ assigneeIds }: { readonly assigneeIds: readonly string[] }) =>
    Promise.all(assigneeIds.map((id) => lookUp(store.people, id))),
  );
  return schema;
}
