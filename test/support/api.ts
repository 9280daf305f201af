/** The API over a real database, in this process: viewers of every role in one organization, and an admin of another. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse, print, subscribe, type DocumentNode, type ExecutionResult } from 'graphql';
import { pino } from 'pino';
import type { Role, Viewer } from '../../src/commands/viewer.ts';
import { createContext, type Context } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { presentError } from '../../src/http/graphql-errors.ts';
import { createAccessWatch } from '../../src/http/access.ts';
import { createConnectionLimit } from '../../src/http/connection-limits.ts';
import { createFanOut } from '../../src/http/fan-out.ts';
import { createGraphqlYoga } from '../../src/http/yoga.ts';
import { createLive, type Live } from '../../src/live/live.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { readEvents, type StoredEvent } from '../../src/store/event-log.ts';
import { provisionViewer, readViewer } from '../../src/store/viewers.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { createTestDatabase } from './database.ts';

/** What an operation answers. Errors carry their code where clients find it in `extensions`. */
export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly AnsweredError[];
}

export interface AnsweredError {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly code: string;
}

type Variables = Readonly<Record<string, unknown>>;
/** GraphQL text, or a document that knows its result and variables. */
export type Document<Data, Vars> = string | TypedDocumentNode<Data, Vars>;

export interface ViewerOptions {
  /** External id of the organization; `lindental` unless told. */
  readonly organization?: string;
  readonly roles?: readonly Role[];
  readonly kind?: 'INTERNAL' | 'PARTNER';
}

export interface TestApi extends AsyncDisposable {
  readonly connectionString: string;
  readonly database: Database;
  readonly live: Live;
  readonly clock: TestClock;
  readonly admin: Viewer;
  readonly designer: Viewer;
  readonly member: Viewer;
  readonly partner: Viewer;
  /** The admin of another organization. */
  readonly otherAdmin: Viewer;
  /** The user with this external id, made if needed; asked again, with their present teams and absent colleagues. A member unless told. */
  viewer(externalId: string, options?: ViewerOptions): Promise<Viewer>;
  /** A new operation's context, for calling commands directly. */
  context(viewer: Viewer): Context;
  /** Sends a query or mutation through the HTTP handler, in this process. */
  run<Data = unknown, Vars = Variables>(
    viewer: Viewer,
    document: Document<Data, Vars>,
    variables?: NoInfer<Vars>,
  ): Promise<Answer<Data>>;
  /** Like `run`, but answers the data; throws if there are errors. */
  data<Data = unknown, Vars = Variables>(
    viewer: Viewer,
    document: Document<Data, Vars>,
    variables?: NoInfer<Vars>,
  ): Promise<Data>;
  /** The codes of the errors that an operation must have. Its variables may be what the document does not take. */
  errorCodes(viewer: Viewer, document: Document<unknown, never>, variables?: Variables): Promise<string[]>;
  /** Starts a subscription; throws if it is refused. */
  subscribe<Data = unknown, Vars extends Variables = Variables>(
    viewer: Viewer,
    document: Document<Data, Vars>,
    variables?: NoInfer<Vars>,
  ): Promise<AsyncGenerator<Answer<Data>>>;
  /** The events of the viewer's organization, oldest first. */
  events(asking: Viewer): Promise<StoredEvent[]>;
  /** The statements sent since the last reset, BEGIN and COMMIT included. */
  statements(): readonly string[];
  resetStatements(): void;
}

function toText(document: string | DocumentNode): string {
  return typeof document === 'string' ? document : print(document);
}

/** As clients get it: JSON, and errors as `presentError` leaves them. */
function toAnswer<Data>(result: ExecutionResult): Answer<Data> {
  const { data, errors } = JSON.parse(JSON.stringify(result)) as {
    data?: Data | null;
    errors?: { message: string; path?: (string | number)[]; extensions?: { code?: string } }[];
  };
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors
      ? {
          errors: errors.map(({ message, path = [], extensions }) => ({
            message,
            path,
            code: extensions?.code ?? '',
          })),
        }
      : {}),
  };
}

async function makeViewer(
  database: Database,
  clock: TestClock,
  externalId: string,
  { organization = 'lindental', roles = ['member'], kind = 'INTERNAL' }: ViewerOptions,
): Promise<Viewer> {
  await provisionViewer(database, {
    organizationExternalId: organization,
    organizationName: organization,
    timeZone: 'Europe/Berlin',
    userExternalId: externalId,
    userName: externalId,
    kind,
  });
  const row = await readViewer(database, organization, externalId, clock.now().toISOString());
  if (!row) throw new Error(`the viewer ${externalId} was not made`);
  const { isActive: _, ...found } = row;
  return { ...found, roles, expiresAt: null };
}

/** By hand, not as a generator: a generator would not end while it waits for the next value. */
function mapped<From, To>(source: AsyncGenerator<From, void>, map: (value: From) => To): AsyncGenerator<To> {
  const step = async (from: Promise<IteratorResult<From, void>>): Promise<IteratorResult<To>> => {
    const { done, value } = await from;
    return done ? { done, value: undefined } : { done: false, value: map(value) };
  };
  return {
    next: () => step(source.next()),
    return: () => step(source.return(undefined)),
    throw: (error: unknown) => step(source.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined);
    },
  };
}

/** Makes the database, the organizations `lindental` and `nordhafen` and their viewers. Dispose it. */
export async function createTestApi(): Promise<TestApi> {
  const testDatabase = await createTestDatabase();
  const { connectionString } = testDatabase;
  const log = pino({ level: 'silent' });
  let sent: string[] = [];
  const database = openDatabase({
    connectionString,
    poolSize: 10,
    log,
    onStatement: (text) => {
      sent.push(text);
    },
  });
  const clock = createTestClock();
  const live = createLive({ database, log, timer: clock.timer, clock: () => clock.now() });
  const viewer = (externalId: string, options: ViewerOptions = {}): Promise<Viewer> =>
    makeViewer(database, clock, externalId, options);
  const viewers = {
    admin: await viewer('admin', { roles: ['admin'] }),
    designer: await viewer('designer', { roles: ['designer'] }),
    member: await viewer('member'),
    partner: await viewer('partner', { roles: ['partner'], kind: 'PARTNER' }),
    otherAdmin: await viewer('admin', { organization: 'nordhafen', roles: ['admin'] }),
  };
  const context = (asking: Viewer): Context =>
    createContext({ database, live, log, clock: () => clock.now() }, asking);
  // Tokens have tests of their own; here one is the place of its viewer in this list.
  const bearers: Viewer[] = [];
  const tokenOf = (asking: Viewer): string => String(bearers.push(asking) - 1);
  const yoga = createGraphqlYoga({
    schema,
    createContext: context,
    authenticate: (token) => Promise.resolve(bearers[Number(token)] as Viewer),
    watchAccess: createAccessWatch({ live, clock: () => clock.now() }),
    connections: createConnectionLimit(50),
    fanOut: createFanOut({ live, log }),
    log,
    config: { allowedOrigins: 'own', graphiql: false },
    graphiql: { examples: () => Promise.resolve([]) },
  });

  const api: TestApi = {
    connectionString,
    database,
    live,
    clock,
    ...viewers,
    viewer,
    context,
    async run(asking, document, variables) {
      const response = await yoga.fetch(
        new Request('http://localhost/graphql', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json',
            authorization: `Bearer ${tokenOf(asking)}`,
          },
          body: JSON.stringify({ query: toText(document), variables }),
        }),
        { requestId: 'test', log },
      );
      return toAnswer((await response.json()) as ExecutionResult);
    },
    async data<Data, Vars>(asking: Viewer, document: Document<Data, Vars>, variables?: NoInfer<Vars>) {
      const { data, errors } = await api.run(asking, document, variables);
      if (errors) throw new Error(`errors: ${JSON.stringify(errors)}`);
      return data as Data;
    },
    async errorCodes(asking, document, variables) {
      const { errors } = await api.run(asking, toText(document), variables);
      if (!errors) throw new Error('the operation has no errors');
      return errors.map(({ code }) => code);
    },
    async subscribe<Data, Vars extends Variables>(
      asking: Viewer,
      document: Document<Data, Vars>,
      variables?: NoInfer<Vars>,
    ) {
      const started = await subscribe({
        schema,
        document: parse(toText(document)),
        variableValues: variables,
        contextValue: context(asking),
      });
      const presented = (result: ExecutionResult): Answer<Data> =>
        toAnswer({
          ...result,
          ...(result.errors
            ? { errors: result.errors.map((error) => presentError(error, { requestId: 'test', log })) }
            : {}),
        });
      if (!(Symbol.asyncIterator in started)) throw new Error(JSON.stringify(presented(started)));
      return mapped(started, presented);
    },
    events: ({ organizationId }) => readEvents(database, organizationId, 0, 1_000_000, 100_000),
    statements: () => sent,
    resetStatements() {
      sent = [];
    },
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await testDatabase[Symbol.asyncDispose]();
    },
  };
  return api;
}
