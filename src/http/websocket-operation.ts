/** One operation of a socket, through the same plugins as over HTTP. */
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { costError } from './cost.ts';
import { refusal } from './graphql-errors.ts';
import { LIMITS } from './limits.ts';
import type { OperationStart } from './operation.ts';
import type { GraphqlYoga } from './yoga.ts';

/** Ready to be executed. */
export interface PreparedOperation {
  readonly args: ExecutionArgs;
  /** Executes a query or mutation. Subscriptions are for the fan-out. */
  execute(): Promise<Results>;
  readonly isSubscription: boolean;
}

interface Enveloped {
  readonly schema: GraphQLSchema;
  readonly parse: (source: string) => DocumentNode;
  readonly validate: (schema: GraphQLSchema, document: DocumentNode) => readonly GraphQLError[];
  readonly contextFactory: () => Promise<unknown>;
  readonly execute: Run;
}

type Run = (args: ExecutionArgs) => PromiseLike<Results> | Results;
type Results = ExecutionResult | AsyncIterable<ExecutionResult>;

/** Runs `step`; what it throws about the document gets the code, if it has none. */
function coded<T>(code: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof GraphQLError)
      Object.assign(error.extensions, { code: error.extensions['code'] ?? code });
    throw error;
  }
}

/**
 * Parses and validates.
 *
 * @returns the errors of the document instead if it has any.
 * @throws GraphQLError when it cannot be parsed, or the context cannot be made.
 */
export async function prepareOperation(
  yoga: GraphqlYoga,
  start: OperationStart,
  payload: SubscribePayload,
): Promise<PreparedOperation | readonly GraphQLError[]> {
  // Envelop's types are open; these are what Yoga's engine, which is graphql-js, makes of them.
  // Without `request`: by that, plugins tell HTTP from sockets.
  const { schema, parse, validate, contextFactory, execute } = yoga.getEnveloped({
    ...start,
    params: payload,
  }) as Enveloped;
  const document = coded('GRAPHQL_PARSE_FAILED', () => parse(payload.query));
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  const operation = getOperationAST(document, payload.operationName);
  if (!operation)
    throw refusal('Could not determine what operation to execute.', 'OPERATION_RESOLUTION_FAILURE', 400);
  const args: ExecutionArgs = {
    schema,
    document,
    operationName: payload.operationName ?? null,
    variableValues: payload.variables ?? null,
    contextValue: await contextFactory(),
  };
  // Here already, so that the protocol's `error` refuses the operation, as it does when it is not valid.
  const tooComplex = costError(args, LIMITS);
  if (tooComplex) return [tooComplex];
  return {
    args,
    isSubscription: operation.operation === OperationTypeNode.SUBSCRIPTION,
    execute: async () => execute(args),
  };
}
