/** Refuses operations that are too expensive, before anything of them is executed. */
import { createComplexityRule } from '@pothos/plugin-complexity';
import { GraphQLError, validate, type ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { refusal } from './graphql-errors.ts';

/** What an operation may be at most. */
export interface CostLimits {
  /** In resolved fields, as the schema estimates them. */
  readonly cost: number;
  /** In levels of nested fields. */
  readonly depth: number;
}

export type Cost = CostLimits;

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

function tooComplex(message: string): GraphQLError {
  return refusal(message, 'QUERY_TOO_COMPLEX', 400);
}

/** Why the operation may not be executed; empty if it may. */
function complaints(operation: Operation, limits: CostLimits): readonly GraphQLError[] {
  const found = costOf(operation);
  if (!('cost' in found)) return found;
  if (found.depth > limits.depth)
    return [tooComplex(`The operation is nested more deeply than ${limits.depth} levels.`)];
  if (found.cost > limits.cost) {
    return [
      tooComplex(
        `The operation costs ${found.cost}, and at most ${limits.cost} is allowed: ask for fewer rows (first), or for less of each.`,
      ),
    ];
  }
  return [];
}

/** Envelop plugin: compares each operation, subscriptions included, with the limits. */
export function useCostLimits(limits: CostLimits): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const errors = complaints(args, limits);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const errors = complaints(args, limits);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}
