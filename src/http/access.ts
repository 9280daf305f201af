/** For how long a viewer may stay: until the token expires, or the user is deactivated. */
import type { Viewer } from '../commands/viewer.ts';
import type { Live } from '../live/live.ts';
import { atExpiry } from './expiry.ts';

/**
 * Calls `end` once, with the reason, when the viewer may stay no longer.
 *
 * @returns the function that calls it off.
 */
export type WatchAccess = (viewer: Viewer, end: (reason: string) => void) => () => void;

export interface AccessOptions {
  readonly live: Pick<Live, 'watchActivity'>;
  readonly clock: () => Date;
}

export function createAccessWatch({ live, clock }: AccessOptions): WatchAccess {
  return ({ organizationId, userId, expiresAt }, end) => {
    const stop = (): void => {
      forgetToken();
      forgetUser();
    };
    const finish = (reason: string): void => {
      stop();
      end(reason);
    };
    const forgetToken = atExpiry(expiresAt, clock, () => {
      finish('The token has expired.');
    });
    const forgetUser = live.watchActivity({
      organizationId,
      userId,
      onDeactivated() {
        finish('The token’s user is deactivated.');
      },
    });
    return stop;
  };
}
