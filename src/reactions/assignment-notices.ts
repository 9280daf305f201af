/** Who is told that a task is theirs: that it was assigned to them, that it is their turn, or that they are invited to an execution. */
import { ABOUT_NOTHING, type Notice } from '../commands/notifications.ts';
import { groupBy } from '../engine/collections.ts';
import type { AssigneeRef } from '../engine/definition.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readAssigneesBefore, readResponsible, type ResponsibleRow } from '../store/notification-facts.ts';
import { readPeople } from '../store/people.ts';
import type { Transaction } from '../store/transaction.ts';
import { isHandover } from './escalation-notices.ts';
import { placeOf } from './notice-text.ts';

/** An event of a task that may be told to those who are responsible for it. */
interface Occasion {
  readonly event: StoredEvent;
  readonly taskId: string;
  /** Whom it made responsible, so far as it says so; they may have been before. */
  readonly userIds: readonly string[];
  /** It can be worked on since. */
  readonly enables: boolean;
}

function usersOf(assignees: readonly AssigneeRef[]): string[] {
  return assignees.flatMap(({ type, id }) => (type === 'USER' ? [id] : []));
}

function occasionOf(event: StoredEvent): Occasion | null {
  const { subjectType, taskId, data } = event;
  // To whom it was handed over is told why.
  if (subjectType !== 'TASK' || taskId === null || isHandover(event)) return null;
  const userIds = usersOf((data['assignees'] ?? []) as readonly AssigneeRef[]);
  const enables = data['isEnabled'] === true;
  return enables || userIds.length > 0 ? { event, taskId, userIds, enables } : null;
}

/** An occasion, with those whom it made responsible who were not before. */
interface Told {
  readonly occasion: Occasion;
  readonly newIds: ReadonlySet<string>;
}

async function withNewOnes(tx: Transaction, occasions: readonly Occasion[]): Promise<Told[]> {
  const changes = occasions.flatMap(({ event: { type, seq }, taskId, userIds }) =>
    type === 'TASK_ADDED' || userIds.length === 0 ? [] : [{ taskId, seq }],
  );
  const before = await readAssigneesBefore(tx, changes);
  return occasions.map((occasion) => {
    const known = usersOf(before.get(occasion.event.seq) ?? []);
    return { occasion, newIds: new Set(occasion.userIds.filter((id) => !known.includes(id))) };
  });
}

/** What of an occasion somebody is told who is responsible; null if nothing. */
function noticeKind(row: ResponsibleRow, { occasion, newIds }: Told): 'INVITATION' | 'ASSIGNMENT' | null {
  const { userId, isPartner, isInvited, isEnabled, toldVersion, readyVersion } = row;
  const { event, enables } = occasion;
  // Nobody is told what they did themselves.
  if (event.actorId === userId) return null;
  const isNew = newIds.has(userId);
  if (!isNew && !enables) return null;
  // From the first task on they see the execution, whether it is its turn or not.
  if (isPartner && !isInvited) return 'INVITATION';
  if (!isEnabled) return null;
  // Versions, not times: an invitation to what could not be worked on yet counts for nothing, and clocks may differ.
  const since = isNew ? event.version : (readyVersion ?? event.version);
  return toldVersion === null || toldVersion < since ? 'ASSIGNMENT' : null;
}

function titleOf(
  kind: 'INVITATION' | 'ASSIGNMENT',
  row: ResponsibleRow,
  isNew: boolean,
  actor: string | undefined,
): string {
  const place = placeOf(row);
  const task = `“${row.taskName}”`;
  if (kind === 'INVITATION')
    return actor === undefined
      ? `You are invited to work on ${task} ${place}.`
      : `${actor} invited you to work on ${task} ${place}.`;
  if (!isNew) return `${task} is ready for you ${place}.`;
  return actor === undefined
    ? `${task} was assigned to you ${place}.`
    : `${actor} assigned ${task} to you ${place}.`;
}

/** The first occasion of which somebody is told, and what; first those that made them responsible, the last before the others. */
function decisive(row: ResponsibleRow, occasions: readonly Told[]) {
  const isNew = ({ newIds }: Told): boolean => newIds.has(row.userId);
  const latest = [...occasions].reverse();
  for (const told of [...latest.filter(isNew), ...latest.filter((other) => !isNew(other))]) {
    const kind = noticeKind(row, told);
    if (kind) return { kind, isNew: isNew(told), event: told.occasion.event };
  }
  return null;
}

async function namesOf(tx: Transaction, told: readonly Told[]): Promise<ReadonlyMap<string, string>> {
  const actorIds = [...new Set(told.flatMap(({ occasion }) => occasion.event.actorId ?? []))];
  if (actorIds.length === 0) return new Map();
  const people = await readPeople(tx, tx.organizationId, actorIds);
  return new Map(
    [...people].flatMap(([id, person]) => (person.type === 'USER' ? [[id, person.user.name]] : [])),
  );
}

/**
 * What is told to those who are responsible for tasks themselves, not to the members of their teams. A task that can't be worked on yet is told
 * when it can. A partner is invited by the first task that they have in an execution.
 */
export async function assignmentNotices(tx: Transaction, events: readonly StoredEvent[]): Promise<Notice[]> {
  const occasions = events.flatMap((event) => occasionOf(event) ?? []);
  if (occasions.length === 0) return [];
  const told = await withNewOnes(tx, occasions);
  const byTask = groupBy(told, ({ occasion }) => occasion.taskId);
  const rows = await readResponsible(tx, [...byTask.keys()]);
  const names = await namesOf(tx, told);
  const invited = new Set<string>();
  return rows.flatMap((row): Notice[] => {
    const { userId, taskId, executionId, entityId, isEnabled, version } = row;
    const invitation = `${userId} ${executionId}`;
    const isInvited = row.isInvited || invited.has(invitation);
    const found = decisive({ ...row, isInvited }, byTask.get(taskId) ?? []);
    if (!found) return [];
    const { kind, isNew, event } = found;
    if (kind === 'INVITATION') invited.add(invitation);
    const { actorId } = event;
    const title = titleOf(kind, row, isNew, actorId === null ? undefined : names.get(actorId));
    const dedupeKey = kind === 'INVITATION' ? executionId : `${taskId}:${event.version}`;
    const about = { taskId, taskVersion: isEnabled ? version : null, executionId, entityId, actorId };
    return [{ ...ABOUT_NOTHING, userId, kind, dedupeKey, title, ...about }];
  });
}
