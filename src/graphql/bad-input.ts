import { GraphQLError } from 'graphql';
import { Refusal } from '../commands/problem.ts';

/** The error with which a field ends when an argument can't be used: `BAD_USER_INPUT`, with what would be right. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** The same for an `after` that is no cursor, or one of another list. */
export function badCursor(): GraphQLError {
  return badInput(
    'after is no cursor of this list; take pageInfo.endCursor of its last page, in the same order.',
  );
}

/** What `read` makes of an argument. Queries answer no problems: where it refuses the input, the field ends with the first issue as `BAD_USER_INPUT`. */
export function orBadInput<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.code !== 'INVALID_INPUT') throw error;
    const [issue] = error.problem.issues;
    throw badInput(`${issue?.path}: ${issue?.message}`);
  }
}
