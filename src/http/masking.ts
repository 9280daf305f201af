/** Envelop plugin: every error on its way to a caller goes through `presentError`, with the id of its own request. */
import type { GraphQLError } from 'graphql';
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import { presentError, type ErrorScope } from './graphql-errors.ts';

interface Executed {
  readonly errors?: readonly unknown[] | undefined;
}

/** A list that is too long makes all lists fail from then on, perhaps thousands: one error tells it. */
function withoutRepetition(errors: readonly GraphQLError[]): GraphQLError[] {
  const first = errors.find(({ extensions }) => extensions['code'] === 'QUERY_TOO_COMPLEX');
  return errors.filter((error) => error === first || error.extensions['code'] !== 'QUERY_TOO_COMPLEX');
}

/** The result with its errors as callers get them. */
export function presentAll<Result extends Executed>(result: Result, scope: ErrorScope): Result {
  const presented = result.errors?.map((error) => presentError(error, scope));
  return { ...result, errors: presented && withoutRepetition(presented) };
}

/** Envelop does not type the context of this hook. */
function scopeOf(context: Readonly<Record<string, unknown>>): ErrorScope {
  const { requestId, log } = context as unknown as ErrorScope;
  return { requestId, log };
}

/** Needs `requestId` and `log` in the context that the operation starts with. */
export function useMasking(): Plugin<ErrorScope> {
  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ context, error, setError }) => {
        setError(presentError(error, scopeOf(context)));
      });
    },
    onExecute({ args: { contextValue } }) {
      return {
        onExecuteDone: (payload) =>
          handleStreamOrSingleExecutionResult(payload, ({ result, setResult }) => {
            if (result.errors) setResult(presentAll(result, contextValue));
          }),
      };
    },
    onSubscribe({ args: { contextValue } }) {
      return {
        onSubscribeResult: (payload) =>
          handleStreamOrSingleExecutionResult(payload, ({ result, setResult }) => {
            if (result.errors) setResult(presentAll(result, contextValue));
          }),
        onSubscribeError({ error, setError }) {
          setError(presentError(error, contextValue));
        },
      };
    },
  };
}
