/** Requests to confirm follow their tasks: what a command on an execution makes of them, in its transaction. */
import { v7 as uuidv7 } from 'uuid';
import type { Facts } from '../engine/facts.ts';
import type { TaskData } from '../engine/state.ts';
import {
  endConfirmations,
  insertConfirmations,
  type EndedConfirmation,
  type NewConfirmation,
} from '../store/confirmations.ts';
import { insertDeliveries, type InsertedDelivery } from '../store/deliveries.ts';
import { readSender } from '../store/organizations.ts';
import { newSecretToken } from '../store/secret-token.ts';
import type { Transaction } from '../store/transaction.ts';
import {
  CONFIRMATION,
  confirmationMail,
  messageOf,
  recipientsOf,
  type Asked,
  type Asking,
} from './confirmation-mail.ts';
import { pairs, type TaskChanges } from './runs-of-tasks.ts';

/** How one request differs from what the definition says. */
export interface ConfirmationAsk {
  /** Addresses; null: those of the definition. */
  readonly to: readonly string[] | null;
  /** Null: that of the definition. */
  readonly message: string | null;
  /** Of the link. */
  readonly token: string;
}

/** What else is known of the execution whose tasks changed. */
export interface AskingChanges extends TaskChanges {
  readonly executionName: string;
  readonly facts: Facts;
  /** By the task's id. */
  readonly asks: ReadonlyMap<string, ConfirmationAsk>;
}

/** The request that the task waited for, if it does not any more. */
function endedBy(before: TaskData | undefined, after: TaskData | undefined): EndedConfirmation[] {
  const request = before?.confirmationRequest;
  if (!before || request?.state !== 'OPEN') return [];
  const now = after?.confirmationRequest;
  if (now?.number !== request.number)
    return [{ taskId: before.id, number: request.number, state: 'WITHDRAWN', answer: null }];
  const { number, state, answer } = now;
  return state === 'OPEN' ? [] : [{ taskId: before.id, number, state, answer }];
}

/** Whether a request has been made that is still open. */
function isAskedAnew(before: TaskData | undefined, after: TaskData | undefined): after is TaskData {
  const request = after?.confirmationRequest;
  return request?.state === 'OPEN' && request.number !== before?.confirmationRequest?.number;
}

interface Made {
  readonly confirmation: NewConfirmation;
  readonly delivery: InsertedDelivery | null;
}

function ask(organization: Asking, place: AskingChanges, task: TaskData): Made[] {
  const { confirmation: rule, confirmationRequest: request } = task;
  if (!request) return [];
  const { execution, executionName, facts, asks } = place;
  const asked: Asked = { organization, execution: { id: execution.id, name: executionName }, task, facts };
  const given = asks.get(task.id);
  const token = given?.token ?? newSecretToken();
  const to = given?.to ?? null;
  const { recipients, problem } =
    to !== null || rule?.to == null ? { recipients: to ?? [], problem: null } : recipientsOf(rule.to, asked);
  const message = messageOf(given?.message ?? null, rule, asked);
  const { number, expiresAt } = request;
  const delivery: InsertedDelivery | null =
    recipients.length === 0
      ? null
      : {
          id: uuidv7(),
          kind: 'EMAIL',
          type: CONFIRMATION,
          content: confirmationMail(asked, rule, { to: recipients, message, expiresAt }),
          secret: token,
        };
  const confirmation = {
    id: uuidv7(),
    executionId: execution.id,
    taskId: task.id,
    ...{ number, token, recipients, message, mailProblem: problem, expiresAt },
    deliveryId: delivery?.id ?? null,
    createdById: request.by.type === 'USER' ? request.by.id : null,
  };
  return [{ confirmation, delivery }];
}

/**
 * Makes a request, and its mail, for each task that waits for a confirmation now, and ends those that nobody waits for any more. Nothing is sent if no
 * task's confirmation is concerned.
 */
export async function followConfirmations(tx: Transaction, all: readonly AskingChanges[]): Promise<void> {
  const ended: EndedConfirmation[] = [];
  const asking: (readonly [AskingChanges, TaskData])[] = [];
  for (const one of all)
    for (const [before, after] of pairs(one)) {
      ended.push(...endedBy(before, after));
      if (isAskedAnew(before, after)) asking.push([one, after]);
    }
  await endConfirmations(tx, ended);
  if (asking.length === 0) return;
  const organization = await readSender(tx, tx.organizationId);
  const made = asking.flatMap(([place, task]) => ask(organization, place, task));
  await insertDeliveries(
    tx,
    made.flatMap(({ delivery }) => delivery ?? []),
  );
  await insertConfirmations(
    tx,
    made.map(({ confirmation }) => confirmation),
  );
}
