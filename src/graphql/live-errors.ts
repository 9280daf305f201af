/** What ends a subscription, in the words of the API. */
import { GraphQLError } from 'graphql';
import { NotAllowedError, UnknownPositionError } from '../live/errors.ts';
import { encodePosition } from '../store/event-cursor.ts';
import { ReplayWindowError } from '../store/event-log.ts';
import { badInput } from './bad-input.ts';

/** The error for the subscriber; what is none of the log's own comes back as it is. */
export function liveError(error: unknown): unknown {
  // As if they presented their token anew.
  if (error instanceof NotAllowedError)
    return new GraphQLError('The token’s user is deactivated.', { extensions: { code: 'UNAUTHENTICATED' } });
  if (error instanceof UnknownPositionError) return badInput(error.message);
  if (error instanceof ReplayWindowError)
    return new GraphQLError(
      'Events after this place are no longer replayed: read anew what you watch and subscribe from the position of that answer.',
      { extensions: { code: 'RESYNC', position: encodePosition(error.position) } },
    );
  return error;
}
