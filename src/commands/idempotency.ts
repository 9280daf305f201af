/** Commands that create something, at most once for each key that the client gives. */
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { isUnstorable } from '../engine/text.ts';
import { claimIdempotencyKey } from '../store/idempotency.ts';
import type { Transaction } from '../store/transaction.ts';
import { execute, type Caller, type CommandResult } from './execute.ts';
import { refuse, refuseInput } from './problem.ts';

const MAX_KEY_LENGTH = 200;

function checkKey(key: string): void {
  const path = 'idempotencyKey';
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    refuseInput(path, 'LENGTH', `An idempotency key has 1 to ${MAX_KEY_LENGTH} characters.`);
  }
  if (isUnstorable(key)) {
    refuseInput(path, 'INVALID_CHARACTER', 'An idempotency key has no NUL and no half of a surrogate pair.');
  }
}

/** The text of a value whose object keys are in order, so that equal inputs have equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * Runs `make` with a fresh id and answers that id. If the input carries an `idempotencyKey` that was used before with the same
 * operation and input, the earlier id is answered and nothing happens; with another input it is refused (IDEMPOTENCY_CONFLICT).
 */
export async function createOnce(
  caller: Caller,
  operation: string,
  input: object & { readonly idempotencyKey?: string | undefined },
  make: (tx: Transaction, id: string) => Promise<void>,
): Promise<CommandResult<string>> {
  const { idempotencyKey, ...rest } = input;
  const { organizationId, userId } = caller.viewer;
  return execute(caller, async (tx) => {
    const id = uuidv7();
    if (idempotencyKey !== undefined) {
      checkKey(idempotencyKey);
      const fingerprint = createHash('sha256')
        .update(canonical([operation, userId, rest]))
        .digest('base64url');
      const claim = await claimIdempotencyKey(tx, organizationId, idempotencyKey, fingerprint, id);
      if (!claim.isNew) {
        return claim.fingerprint === fingerprint
          ? claim.resultId
          : refuse({ code: 'IDEMPOTENCY_CONFLICT', idempotencyKey });
      }
    }
    await make(tx, id);
    return id;
  });
}
