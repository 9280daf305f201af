import { GraphQLError } from 'graphql';

/** The error with which a field ends when an argument can't be used: `BAD_USER_INPUT`, with what would be right. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
