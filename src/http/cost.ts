/** Refuses operations that are too expensive, before anything of them is executed. */
import { createComplexityRule } from '@pothos/plugin-complexity';
import { GraphQLError, validate, type ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { refusal } from './graphql-errors.ts';

/** What an operation is, or may be at most. */
export interface Cost {
  /** In resolved fields, as the schema estimates them. */
  readonly cost: number;
  /** In levels of nested fields. */
  readonly depth: number;
}

type Operation = Pick<
  ExecutionArgs,
  'schema' | 'document' | 'operationName' | 'variableValues' | 'contextValue'
>;

/**
 * What a valid operation costs, and how deep it is. Fragments count as often as they are used; introspection counts as one field.
 *
 * @returns the errors instead if its variables or arguments are not what it needs.
 */
export function costOf({
  schema,
  document,
  operationName,
  variableValues,
  contextValue,
}: Operation): Cost | readonly GraphQLError[] {
  const found: Cost[] = [];
  const rule = createComplexityRule({
    context: contextValue ?? {},
    variableValues: variableValues ?? {},
    operationName: operationName ?? null,
    validate: ({ complexity, depth }) => {
      found.push({ cost: complexity, depth });
    },
  });
  try {
    const errors = validate(schema, document, [rule]);
    return found[0] ?? errors;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** The refusal of an operation that is larger than allowed. */
export function tooComplex(message: string): GraphQLError {
  return refusal(message, 'QUERY_TOO_COMPLEX', 400);
}

/** Why an operation that costs this may not be executed; null if it may. */
function complaint({ cost, depth }: Cost, limits: Cost): GraphQLError | null {
  if (depth > limits.depth)
    return tooComplex(`The operation is nested more deeply than ${limits.depth} levels.`);
  if (cost <= limits.cost) return null;
  return tooComplex(
    `The operation costs ${cost}, and at most ${limits.cost} is allowed: ask for fewer rows (first), or for less of each.`,
  );
}

/** The error QUERY_TOO_COMPLEX of an operation beyond the limits; null if it is within them, or cannot be executed anyway. */
export function costError(operation: Operation, limits: Cost): GraphQLError | null {
  const found = costOf(operation);
  return 'cost' in found ? complaint(found, limits) : null;
}

/** Envelop plugin: executes no operation, subscriptions included, that is beyond the limits, or whose cost nobody knows. */
export function useCostLimits(limits: Cost): Plugin {
  function refusals(operation: Operation): readonly GraphQLError[] {
    const found = costOf(operation);
    if (!('cost' in found)) return found;
    const error = complaint(found, limits);
    return error ? [error] : [];
  }

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const errors = refusals(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const errors = refusals(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}
