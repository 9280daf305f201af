/** From an event or an update of a list to the message that all subscribers of a group get: executed once, serialized once. */
import { execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isDatabaseAway } from '../store/away.ts';
import { formatResult, type ErrorScope } from './graphql-errors.ts';
import { presentAll } from './masking.ts';

/** What a subscriber gets, in both forms that transports take. */
export interface RenderedMessage {
  /** The result as GraphQL has it. */
  readonly result: ExecutionResult;
  /** The result as JSON, in UTF-8; the same bytes for everyone. Made when first asked for. */
  readonly json: Buffer;
}

/** The document to execute, with what belongs to it. */
export type RenderedOperation = Pick<
  ExecutionArgs,
  'schema' | 'document' | 'operationName' | 'variableValues'
>;

export interface RenderingOptions {
  readonly log: Logger;
  /** Ends the waiting for the database. */
  readonly signal: AbortSignal;
  /** Whose the errors are; asked for only if there are any. */
  readonly errorScope: () => ErrorScope;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

async function executeOnce(operation: RenderedOperation, rootValue: unknown, context: () => object) {
  return execute({ ...operation, rootValue, contextValue: context() });
}

/**
 * Executes the document upon one event or update, as graphql-js does it for each subscriber. While the database is away it waits: who has seen an
 * event with errors would not ask for it again.
 *
 * @param context - makes the context of one attempt.
 */
export async function renderMessage(
  operation: RenderedOperation,
  rootValue: unknown,
  context: () => object,
  { log, signal, errorScope }: RenderingOptions,
): Promise<RenderedMessage> {
  let executed = await executeOnce(operation, rootValue, context);
  for (
    let pause = FIRST_PAUSE_MS;
    !signal.aborted && executed.errors?.some(({ originalError }) => isDatabaseAway(originalError));
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
  ) {
    log.warn({ err: executed.errors[0], retryInMs: pause }, 'a message could not be made');
    await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    executed = await executeOnce(operation, rootValue, context);
  }
  const result = executed.errors ? presentAll(executed, errorScope()) : executed;
  let json: Buffer | undefined;
  return {
    result,
    get json() {
      return (json ??= Buffer.from(JSON.stringify(formatResult(result))));
    },
  };
}
