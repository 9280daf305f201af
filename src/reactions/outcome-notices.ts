/** Who is told how a task has ended that somebody else worked: confirmed, declined or not answered from outside, failed in an automation or a program, handed back by one. */
import { ABOUT_NOTHING, type Notice } from '../commands/notifications.ts';
import { groupBy } from '../engine/collections.ts';
import type { ConfirmationRequest, ExternalWork, Failure } from '../engine/state.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readConcerned, type Outcome, type OutcomeRow } from '../store/outcome-facts.ts';
import type { Transaction } from '../store/transaction.ts';
import { placeOf } from './notice-text.ts';

type Kind = 'ASSIGNMENT' | 'CONFIRMATION' | 'FAILURE';

interface Occasion extends Outcome {
  readonly event: StoredEvent;
  readonly kind: Kind;
  /** What comes before and after the task’s name. */
  readonly text: readonly [before: string, after: string];
}

function answered({ answer, state }: ConfirmationRequest): readonly [string, string] {
  const did = state === 'CONFIRMED' ? 'confirmed' : 'declined';
  const by = answer?.by ?? null;
  return by === null ? ['', ` was ${did}`] : [`${by} ${did} `, ''];
}

function handedBack({ handedBack }: ExternalWork): readonly [string, string] {
  return [`${handedBack?.workerName ?? ''} handed `, ' back to people'];
}

function occasionOf(event: StoredEvent): Occasion | null {
  const { type, seq, taskId, data } = event;
  if (taskId === null) return null;
  if (type === 'TASK_HANDED_BACK') {
    const text = handedBack(data['externalWork'] as ExternalWork);
    return { event, seq, taskId, requesterId: null, kind: 'ASSIGNMENT', text };
  }
  if (type !== 'TASK_CONFIRMED' && type !== 'TASK_FAILED') return null;
  const request = (data['confirmationRequest'] ?? null) as ConfirmationRequest | null;
  const failure = (data['failure'] ?? null) as Failure | null;
  const requesterId = request?.by.type === 'USER' ? request.by.id : null;
  const occasion = { event, seq, taskId, requesterId };
  if (request?.state === 'CONFIRMED' || request?.state === 'DECLINED')
    return { ...occasion, kind: 'CONFIRMATION', text: answered(request) };
  if (failure?.code === 'CONFIRMATION_EXPIRED')
    return { ...occasion, kind: 'CONFIRMATION', text: ['Nobody confirmed ', ' in time'] };
  return { ...occasion, kind: 'FAILURE', text: ['', ' has failed'] };
}

function noticeOf(row: OutcomeRow, { event, kind, text: [before, after] }: Occasion): Notice[] {
  const { userId, taskId, taskName, executionId, entityId } = row;
  // Nobody is told what they did themselves, nor of what is mended already.
  if (event.actorId === userId || (kind === 'FAILURE' && !row.isFailed)) return [];
  if (kind === 'ASSIGNMENT' && !row.isHandedBack) return [];
  const title = `${before}“${taskName}”${after} ${placeOf(row)}.`;
  const taskVersion = kind === 'ASSIGNMENT' ? event.version : null;
  const about = { taskId, taskVersion, executionId, entityId, actorId: event.actorId };
  return [{ ...ABOUT_NOTHING, userId, kind, dedupeKey: `${taskId}:${event.version}`, title, ...about }];
}

/** What is told to those who are responsible for the task themselves, and to whoever asked for the confirmation. */
export async function outcomeNotices(tx: Transaction, events: readonly StoredEvent[]): Promise<Notice[]> {
  const occasions = events.flatMap((event) => occasionOf(event) ?? []);
  if (occasions.length === 0) return [];
  const outcomes = occasions.map(({ seq, taskId, requesterId }) => ({ seq, taskId, requesterId }));
  const rows = groupBy(await readConcerned(tx, outcomes), ({ seq }) => seq);
  return occasions.flatMap((occasion) =>
    (rows.get(occasion.seq) ?? []).flatMap((row) => noticeOf(row, occasion)),
  );
}
