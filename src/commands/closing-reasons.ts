/** The catalogue of reasons for closing an execution early. */
import {
  insertClosingReason,
  lockClosingReason,
  updateClosingReason as writeClosingReason,
  type ClosingReasonRecord,
  type ClosingReasonStatus,
} from '../store/closing-reasons.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { recordObject } from './record.ts';
import { refuseTaken, type Unique } from './taken.ts';

const UNIQUES: readonly Unique[] = [
  {
    constraint: 'closing_reason_organization_id_title_key',
    path: 'title',
    message: 'Another closing reason has this title',
  },
];

export interface CreateClosingReasonInput {
  readonly title: string;
  readonly idempotencyKey?: string | undefined;
}

/** Adds an active reason; answers the id. Refuses the title of another one. */
export async function createClosingReason(
  caller: Caller,
  input: CreateClosingReasonInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return createOnce(caller, 'createClosingReason', input, async (tx, id) => {
    const title = checkName('title', input.title);
    await refuseTaken(insertClosingReason(tx, id, title), UNIQUES);
    recordObject(
      tx,
      'CLOSING_REASON_CREATED',
      'CLOSING_REASON',
      { id, version: 1 },
      { title, status: 'ACTIVE' },
    );
  });
}

export interface ChangeClosingReasonInput {
  readonly id: string;
  readonly title?: string | undefined;
  readonly status?: ClosingReasonStatus | undefined;
  readonly expectedVersion?: number | undefined;
}

/**
 * Renames, activates or deactivates a reason; answers the id. Executions keep the reasons that they were started with, by the title that
 * these had then.
 */
export async function changeClosingReason(
  caller: Caller,
  input: ChangeClosingReasonInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return execute(caller, async (tx) => {
    const found = await lockClosingReason(tx, tx.organizationId, input.id);
    const reason = expectObject(found, 'ClosingReason', input.id, input.expectedVersion);
    const next: ClosingReasonRecord = {
      ...reason,
      title: input.title === undefined ? reason.title : checkName('title', input.title),
      status: input.status ?? reason.status,
    };
    const changed = {
      ...(next.title === reason.title ? {} : { title: next.title }),
      ...(next.status === reason.status ? {} : { status: next.status }),
    };
    if (Object.keys(changed).length > 0) {
      const version = await refuseTaken(writeClosingReason(tx, next), UNIQUES);
      recordObject(tx, 'CLOSING_REASON_UPDATED', 'CLOSING_REASON', { id: reason.id, version }, changed);
    }
    return reason.id;
  });
}
