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
  if (key.length === 0) refuseInput(path, 'EMPTY', 'An idempotency key has at least one character.');
  if (key.length > MAX_KEY_LENGTH) {
    refuseInput(path, 'TOO_LONG', `An idempotency key has at most ${MAX_KEY_LENGTH} characters.`);
  }
  if (isUnstorable(key)) {
    refuseInput(path, 'INVALID_CHARACTER', 'An idempotency key has no NUL and no half of a surrogate pair.');
  }
}

/** A piece of a value's text, or what has yet to become text. */
type Piece = { readonly text: string } | { readonly value: unknown };

/** The pieces of an object or array in their order: one level deep only. Left-out fields (undefined) have none. */
function opened(container: object): Piece[] {
  const isList = Array.isArray(container);
  const entries = Object.entries(container).filter(([, value]) => isList || value !== undefined);
  if (!isList) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const pieces: Piece[] = [{ text: isList ? '[' : '{' }];
  for (const [key, value] of entries) {
    const comma = pieces.length > 1 ? ',' : '';
    pieces.push({ text: isList ? comma : `${comma}${JSON.stringify(key)}:` }, { value });
  }
  pieces.push({ text: isList ? ']' : '}' });
  return pieces;
}

/**
 * The JSON text of a value whose object keys are in order, so that equal inputs have equal text. The input has not been checked
 * yet, so it may be of any depth: what is still to do waits in a list and not on the stack.
 */
function canonical(whole: unknown): string {
  const texts: string[] = [];
  const pending: Piece[] = [{ value: whole }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if ('text' in next) texts.push(next.text);
    else if (typeof next.value !== 'object' || next.value === null)
      texts.push(JSON.stringify(next.value ?? null));
    else for (const piece of opened(next.value).reverse()) pending.push(piece);
  }
  return texts.join('');
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
