/** What callers are told about errors: refusals as they are, everything unexpected as a number to ask for. */
import { GraphQLError, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { ForbiddenError } from '../commands/execute.ts';
import { LiveStoppedError, UnknownPositionError } from '../live/errors.ts';
import { isDatabaseAway } from '../store/away.ts';

/** Whose error it is. */
export interface ErrorScope {
  readonly requestId: string;
  readonly log: Logger;
}

/** A refusal with a code; `status` is the HTTP status if nothing else was answered. */
export function refusal(message: string, code: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

/** Whose token is missing or no good. */
export function unauthenticated(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } },
  });
}

/** The error below graphql-js's wrapping, which adds path and locations. */
function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error;
}

/**
 * graphql-js also throws `GraphQLError`, for the caller to see, when a resolver's result does not fit its type. Such an error has a path;
 * the same words about a variable come without.
 */
function isFaultyResult(error: GraphQLError): boolean {
  return error.path !== undefined && / cannot represent /.test(error.message);
}

function located(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions });
  const { nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

/**
 * The error that the caller gets, always with `extensions.code`: UNAVAILABLE while the database is away. Whatever was not thrown for the caller's eyes is logged with its stack and
 * answered as `INTERNAL_SERVER_ERROR` with the request's id.
 */
export function presentError(error: unknown, { requestId, log }: ErrorScope): GraphQLError {
  const root = rootOf(error);
  if (root instanceof ForbiddenError) return located(error, root.message, { code: 'FORBIDDEN' });
  if (root instanceof LiveStoppedError) return located(error, root.message, { code: 'SERVER_STOPPING' });
  if (root instanceof UnknownPositionError) return located(error, root.message, { code: 'UNKNOWN_POSITION' });
  if (root instanceof GraphQLError && error instanceof GraphQLError && !isFaultyResult(root)) {
    // What graphql-js itself says to a caller, about variables and arguments, comes without a code.
    Object.assign(error.extensions, { code: error.extensions['code'] ?? 'BAD_USER_INPUT' });
    return error;
  }
  if (isDatabaseAway(root)) {
    log.warn({ err: root }, 'the database is away');
    return located(error, 'The server cannot reach its database at the moment: try again.', {
      code: 'UNAVAILABLE',
      http: { status: 503, headers: { 'retry-after': '1' } },
    });
  }
  log.error({ err: root }, 'unexpected error');
  return located(error, `Unexpected error; the server's log has more under request ${requestId}.`, {
    code: 'INTERNAL_SERVER_ERROR',
    requestId,
    // Only Yoga reads these two; they never reach the caller.
    unexpected: true,
    http: { status: 500 },
  });
}

/** The error as it goes over a socket: without what is meant for HTTP. */
export function formatError(error: GraphQLError): GraphQLFormattedError {
  const { extensions = {}, ...rest } = error.toJSON();
  const { http: _http, unexpected: _unexpected, ...visible } = extensions;
  return { ...rest, extensions: visible };
}

/** As graphql-ws has it. */
interface Result {
  readonly errors?: readonly GraphQLError[] | undefined;
  readonly data?: unknown;
  readonly extensions?: unknown;
}

/** The result as it goes over a socket. */
export function formatResult({ errors, ...result }: Result): FormattedExecutionResult {
  return (errors ? { ...result, errors: errors.map(formatError) } : result) as FormattedExecutionResult;
}
