/** What absent users would be told of their tasks is told to those who stand in for them. */
import { standInOf } from '../engine/stand-in.ts';
import { readAwayAt } from '../store/absent-now.ts';
import { readThroughTeams } from '../store/notification-facts.ts';
import { readReceivers, type Receiver } from '../store/notification-mail.ts';
import type { NewNotification, NotificationKind } from '../store/notifications.ts';
import type { Transaction } from '../store/transaction.ts';

/** Something that a user is to be told. By which way is for them to say. */
export type Notice = Omit<NewNotification, 'id' | 'isInApp' | 'email'>;

/** A notice on its way to somebody. */
export interface Addressed {
  readonly notice: Notice;
  readonly receiver: Receiver;
  /** Somebody else is told in their place: they find it in the application when they are back. */
  readonly isStoodInFor: boolean;
}

/** Of tasks that somebody has to work. What is meant for one person, like a mention, waits for them. */
const OF_TASKS: ReadonlySet<NotificationKind> = new Set([
  'ASSIGNMENT',
  'INVITATION',
  'REMINDER',
  'ESCALATION',
  'CONFIRMATION',
  'FAILURE',
  'SUBMISSION',
]);

/** The same for whoever stands in. They are not invited: the task is one more of theirs. */
function inPlaceOf({ name }: Receiver, notice: Notice, userId: string): Notice {
  const isInvitation = notice.kind === 'INVITATION';
  return {
    ...notice,
    userId,
    title: `${notice.title} You stand in for ${name}.`,
    ...(isInvitation && { kind: 'ASSIGNMENT', dedupeKey: `${notice.taskId ?? ''}:${notice.dedupeKey}` }),
  };
}

/** What a lead is told is about a task that need not be theirs. */
function isToLead({ kind, taskVersion }: Notice): boolean {
  return kind === 'ESCALATION' && taskVersion === null;
}

/** Whether a notice is about a task that is its user's through a team only, claimed or not: it stays the team's, whoever is absent. */
async function ofTeams(tx: Transaction, notices: readonly Notice[]): Promise<(notice: Notice) => boolean> {
  const keyOf = ({ taskId, userId }: Pick<Notice, 'taskId' | 'userId'>): string => `${taskId} ${userId}`;
  const found = await readThroughTeams(
    tx,
    notices.flatMap(({ taskId, userId }) => (taskId === null ? [] : [{ taskId, userId }])),
  );
  const keys = new Set(found.map(keyOf));
  return (notice) => !isToLead(notice) && keys.has(keyOf(notice));
}

/** The notices with those who get them, inactive users aside, and behind them the notices to those who stand in now. */
export async function address(tx: Transaction, notices: readonly Notice[]): Promise<Addressed[]> {
  const found = await readReceivers(tx, [...new Set(notices.map(({ userId }) => userId))]);
  const receivers = new Map(found.map((receiver) => [receiver.id, receiver]));
  const ofAbsent = notices.filter(
    ({ kind, userId }) => OF_TASKS.has(kind) && receivers.get(userId)?.isAbsent === true,
  );
  const away = ofAbsent.length > 0 ? await readAwayAt(tx, tx.organizationId, tx.now) : [];
  const isOfTeam = await ofTeams(tx, ofAbsent);
  const addressed = notices.map((notice) => {
    const isPassedOn = OF_TASKS.has(notice.kind) && !isOfTeam(notice);
    const substituteId = isPassedOn ? standInOf(notice.userId, away) : null;
    return { notice, receiver: receivers.get(notice.userId), substituteId };
  });
  const passedOn = addressed.flatMap(({ notice, receiver, substituteId }): Notice[] => {
    // Nobody is told what they did themselves.
    if (substituteId === null || !receiver || notice.actorId === substituteId) return [];
    return [inPlaceOf(receiver, notice, substituteId)];
  });
  const others = passedOn.map(({ userId }) => userId).filter((id) => !receivers.has(id));
  if (others.length > 0)
    for (const receiver of await readReceivers(tx, [...new Set(others)]))
      receivers.set(receiver.id, receiver);
  return [
    ...addressed.map(({ substituteId, ...rest }) => ({ ...rest, isStoodInFor: substituteId !== null })),
    ...passedOn.map((notice) => ({ notice, receiver: receivers.get(notice.userId), isStoodInFor: false })),
  ].flatMap(({ receiver, ...rest }) => (receiver?.isActive ? [{ ...rest, receiver }] : []));
}
