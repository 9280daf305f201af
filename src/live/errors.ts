/** Why somebody cannot follow the log, or no longer. */

/** The place to go on from is not in the organization's log. */
export class UnknownPositionError extends Error {
  override readonly name: string = 'UnknownPositionError';

  constructor() {
    super('This cursor is not a place in the event log: read anew what you watch and subscribe from there.');
  }
}

/** The server is stopping; another one, or this one after its restart, goes on from the last cursor. */
export class LiveStoppedError extends Error {
  override readonly name: string = 'LiveStoppedError';

  constructor() {
    super('The server is stopping: subscribe again after the last cursor that you have.');
  }
}

/** The subscriber has lost the right to follow. */
export class NotAllowedError extends Error {
  override readonly name: string = 'NotAllowedError';

  constructor() {
    super('The subscriber may no longer follow the log.');
  }
}
