/** GraphQL over HTTP. */
import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Authenticate } from './authentication.ts';
import type { WatchAccess } from './access.ts';
import type { ConnectionLimit } from './connection-limits.ts';
import type { FanOut } from './fan-out.ts';
import { useEventStreams } from './event-streams.ts';
import { graphiqlOptions, useGraphiqlHeaders, type GraphiqlSettings } from './graphiql.ts';
import { presentError } from './graphql-errors.ts';
import { limitPlugins } from './limits.ts';
import { useMasking } from './masking.ts';
import { isAllowedOrigin } from './origins.ts';
import {
  useBearerAuthentication,
  useOperationContext,
  type CreateContext,
  type OperationStart,
} from './operation.ts';

export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  readonly createContext: CreateContext;
  readonly authenticate: Authenticate;
  readonly watchAccess: WatchAccess;
  readonly connections: ConnectionLimit;
  readonly fanOut: FanOut;
  readonly log: Logger;
  readonly config: Pick<Config, 'allowedOrigins' | 'graphiql'>;
  readonly graphiql: GraphiqlSettings;
}

/** Called with Node's request and response and a `RequestContext`; in-process as `yoga.fetch(request, requestContext)`. */
export type GraphqlYoga = YogaServerInstance<OperationStart, object>;

/** The path of HTTP requests and sockets. */
export const GRAPHQL_PATH = '/graphql';

/** Says to browsers which pages may read the answers. None may add a cookie: what counts is the token. */
function corsOf({ allowedOrigins }: GraphqlOptions['config']) {
  return (request: Request) => {
    const origin = request.headers.get('origin');
    const host = request.headers.get('host');
    if (origin === null || !isAllowedOrigin(allowedOrigins, { origin, host })) return false as const;
    return {
      origin: allowedOrigins === 'any' ? '*' : origin,
      credentials: false,
      methods: ['GET', 'POST'],
      allowedHeaders: ['authorization', 'content-type'],
    };
  };
}

/** Builds the handler: authentication, limits, masked errors, GraphiQL, and server-sent events for subscriptions. */
export function createGraphqlYoga(options: GraphqlOptions): GraphqlYoga {
  const { schema, createContext, authenticate, log, config, graphiql } = options;
  const silent = (): void => undefined;

  return createYoga<OperationStart>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    ...(config.graphiql ? graphiqlOptions(graphiql) : { graphiql: false }),
    landingPage: false,
    batching: false,
    multipart: false,
    cors: corsOf(config),
    // Errors with a request were presented by the plugin already; this is for what fails outside of any.
    maskedErrors: { maskError: (error) => presentError(error, { requestId: 'unknown', log }) },
    logging: { debug: silent, info: silent, warn: silent, error: silent },
    plugins: [
      useGraphiqlHeaders(),
      useBearerAuthentication(authenticate),
      useOperationContext(createContext),
      // Before the limits, whose refusals it presents like all errors.
      useMasking(),
      ...limitPlugins(),
      useEventStreams(options),
    ],
  });
}
