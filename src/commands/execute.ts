/** How every command runs: as somebody, at one moment, in one transaction with its events. */
import type { Database } from '../store/database.ts';
import type { Transaction } from '../store/transaction.ts';
import { Refusal, refuse, type ObjectType, type Problem } from './problem.ts';
import { may, type Permission, type Viewer } from './viewer.ts';

/** Who runs a command, where and when. */
export interface Caller {
  readonly database: Database;
  readonly viewer: Viewer;
  /** The present; tests move it. */
  readonly clock: () => Date;
}

export interface Done<T> {
  readonly ok: true;
  readonly value: T;
  /** The organization's log position that includes the command's events. */
  readonly seq: number;
}
export interface NotDone {
  readonly ok: false;
  readonly problem: Problem;
}
/** What a command answers: its result, or why not. */
export type CommandResult<T> = Done<T> | NotDone;

/** Thrown when a role as a whole may not do something; the API answers FORBIDDEN. */
export class ForbiddenError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ForbiddenError';
  }
}

/** Ends the request with FORBIDDEN unless one of the viewer's roles gives the permission. */
export function requirePermission(viewer: Viewer, permission: Permission): void {
  if (!may(viewer, permission)) {
    throw new ForbiddenError(
      `This needs the permission "${permission}", which the role${viewer.roles.length > 1 ? 's' : ''} ${viewer.roles.join(', ')} lack${viewer.roles.length > 1 ? '' : 's'}.`,
    );
  }
}

/** Runs `work` in one transaction. A refusal (see `refuse`) rolls it back and is the answer. */
export async function execute<T>(
  caller: Caller,
  work: (tx: Transaction) => Promise<T>,
): Promise<CommandResult<T>> {
  const { viewer, clock, database } = caller;
  const scope = { organizationId: viewer.organizationId, actorId: viewer.userId, now: clock().toISOString() };
  try {
    const { value, seq } = await database.transaction(scope, work);
    return { ok: true, value, seq };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // A role that lacks a right gets the same answer whether it is known before or only after looking at the object.
    if (error.problem.code === 'FORBIDDEN') throw new ForbiddenError(error.problem.message);
    return { ok: false, problem: error.problem };
  }
}

/** The object that a command is about, or a refusal: it does not exist (here), or has another version than expected. */
export function expectObject<T extends { readonly version: number }>(
  found: T | null | undefined,
  what: ObjectType,
  id: string,
  expectedVersion?: number,
): T {
  if (!found) return refuse({ code: 'NOT_FOUND', what, id });
  if (expectedVersion !== undefined && found.version !== expectedVersion) {
    return refuse({ code: 'VERSION_CONFLICT', what, id, currentVersion: found.version });
  }
  return found;
}
