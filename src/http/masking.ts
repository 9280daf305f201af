/** Envelop plugin: every error on its way to a caller goes through `presentError`, with the id of its own request. */
import { handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import { presentError, type ErrorScope } from './graphql-errors.ts';

interface Executed {
  readonly errors?: readonly unknown[] | undefined;
}

function presentAll<Result extends Executed>(result: Result, scope: ErrorScope): Result {
  return { ...result, errors: result.errors?.map((error) => presentError(error, scope)) };
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
