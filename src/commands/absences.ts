/** Absences: a user is out of office for some days and names who stands in. Users see to their own, administrators to everybody's. */
import { mayStandInFor, type Colleague } from '../engine/stand-in.ts';
import {
  insertAbsence,
  lockAbsence,
  readAbsences,
  readConcerned,
  readOverlapping,
  updateAbsence as writeAbsence,
  type AbsenceRecord,
} from '../store/absences.ts';
import { readPeople } from '../store/people.ts';
import type { InputIssue } from '../engine/result.ts';
import type { Transaction } from '../store/transaction.ts';
import { lockUser } from '../store/users.ts';
import { absenceStatus, dayAt, daysIssues } from './absence-days.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkText } from './input.ts';
import { refuse, refuseInput, refuseIssues } from './problem.ts';
import { recordObject } from './record.ts';
import { may } from './viewer.ts';

/** The most substitutes of one absence. */
const MAX_SUBSTITUTES = 10;

function asColleague({
  id,
  kind,
  company,
}: {
  readonly id: string;
  readonly kind: string;
  readonly company: string | null;
}): Colleague {
  return { id, kind: kind === 'PARTNER' ? 'PARTNER' : 'INTERNAL', company };
}

/** The substitutes, each once; refuses those who can't stand in. Who was named before may stay, whatever has become of them. */
async function checkSubstitutes(
  tx: Transaction,
  absent: Colleague,
  ids: readonly string[],
  before: readonly string[],
): Promise<readonly string[]> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) refuseInput('substituteIds', 'EMPTY', 'Name at least one substitute.');
  if (unique.length > MAX_SUBSTITUTES) {
    const message = `substituteIds has ${unique.length} users; at most ${MAX_SUBSTITUTES} are allowed.`;
    refuseInput('substituteIds', 'TOO_MANY', message);
  }
  const known = await readPeople(tx, tx.organizationId, unique);
  // Of partners it is not told whether somebody exists whom they don't know: there is one answer for all reasons.
  const whom =
    absent.kind === 'PARTNER'
      ? 'an active partner of the same company'
      : 'an active colleague; partners can’t stand in';
  refuseIssues(
    ids.flatMap((id, index): InputIssue[] => {
      const path = `substituteIds[${index}]`;
      if (id === absent.id) return [{ path, code: 'SELF', message: 'Nobody can stand in for themselves.' }];
      const person = known.get(id);
      const fits =
        person?.type === 'USER' && person.user.isActive && mayStandInFor(absent, asColleague(person.user));
      if (fits || before.includes(id)) return [];
      return [{ path, code: 'UNKNOWN_USER', message: `${path} is not ${whom}.` }];
    }),
  );
  return unique;
}

/** Locks the user whose absence it is: of two absences with a day in common only one can come into being. Inactive ones have no new absences. */
async function lockAbsent(
  tx: Transaction,
  userId: string,
): Promise<Colleague & { readonly isActive: boolean }> {
  const user = expectObject(await lockUser(tx, tx.organizationId, userId), 'User', userId);
  return { ...asColleague(user), isActive: user.isActive };
}

async function checkOverlap(
  tx: Transaction,
  absence: Omit<AbsenceRecord, 'version'>,
  today: string,
): Promise<void> {
  const absenceId = await readOverlapping(tx, absence, today);
  if (absenceId !== null) refuse({ code: 'ABSENCE_OVERLAPS', absenceId });
}

/** Records what happened to an absence: it concerns all whose tasks or inbox may change with it. The note is nobody's but its reader's. */
export async function recordAbsence(
  tx: Transaction,
  type: `ABSENCE_${'CREATED' | 'UPDATED' | 'STARTED' | 'ENDED'}`,
  { id, userId, substituteIds, version }: Pick<AbsenceRecord, 'id' | 'userId' | 'substituteIds' | 'version'>,
  data: Readonly<Record<string, unknown>>,
  {
    changedFields,
    before = [],
  }: { readonly changedFields?: readonly string[]; readonly before?: readonly string[] } = {},
): Promise<void> {
  const audience = await readConcerned(tx, [userId, ...substituteIds, ...before]);
  recordObject(tx, type, 'ABSENCE', { id, version, audience }, data, changedFields);
}

/** The viewer's own absences are theirs to change; everybody's are an administrator's. */
function requireCharge({ viewer }: Caller, userId: string): void {
  if (userId !== viewer.userId) requirePermission(viewer, 'administer');
}

export interface CreateAbsenceInput {
  /** The viewer if left out. */
  readonly userId?: string | undefined;
  /** `YYYY-MM-DD` */
  readonly firstDay: string;
  /** `YYYY-MM-DD`; that day is part of it. */
  readonly lastDay: string;
  /** The first choice first. */
  readonly substituteIds: readonly string[];
  readonly note: string | null;
  readonly idempotencyKey?: string | undefined;
}

/** Makes an absence, which may have begun already; answers its id. Somebody else's needs the permission `administer`. */
export async function createAbsence(
  caller: Caller,
  input: CreateAbsenceInput,
): Promise<CommandResult<string>> {
  const { userId = caller.viewer.userId, firstDay, lastDay } = input;
  requireCharge(caller, userId);
  return createOnce(caller, 'createAbsence', input, async (tx, id) => {
    const today = dayAt(tx.now, caller.viewer.timeZone);
    refuseIssues(daysIssues(firstDay, lastDay, today));
    const note = input.note === null ? null : checkText('note', input.note);
    const absent = await lockAbsent(tx, userId);
    if (!absent.isActive) refuseInput('userId', 'UNKNOWN_USER', 'userId is not an active user.');
    const substituteIds = await checkSubstitutes(tx, absent, input.substituteIds, []);
    const days = { userId, firstDay, lastDay, substituteIds };
    const status = absenceStatus({ ...days, status: 'PLANNED' }, today);
    const absence = { id, ...days, note, status, endedAt: null };
    await checkOverlap(tx, absence, today);
    await insertAbsence(tx, absence);
    await recordAbsence(tx, 'ABSENCE_CREATED', { ...absence, version: 1 }, { ...days, status });
  });
}

/** What a command on an absence says of it. */
export interface AbsenceInput {
  readonly absenceId: string;
  readonly expectedVersion?: number | undefined;
}

/** Runs `change` on the locked absence, unless it is over; answers its id. Who may not even see it is told that there is none. */
async function changeAbsence(
  caller: Caller,
  { absenceId, expectedVersion }: AbsenceInput,
  change: (tx: Transaction, absence: AbsenceRecord, absent: Colleague, today: string) => Promise<void>,
): Promise<CommandResult<string>> {
  const { viewer } = caller;
  return execute(caller, async (tx) => {
    const [found] = await readAbsences(tx, tx.organizationId, [absenceId]);
    const isSeen = found && (found.userId === viewer.userId || may(viewer, 'work'));
    const { userId } = expectObject(isSeen ? found : null, 'Absence', absenceId);
    requireCharge(caller, userId);
    const absent = await lockAbsent(tx, userId);
    const absence = expectObject(await lockAbsence(tx, absenceId), 'Absence', absenceId, expectedVersion);
    const today = dayAt(tx.now, viewer.timeZone);
    if (absenceStatus(absence, today) === 'OVER') refuse({ code: 'ABSENCE_OVER', absenceId });
    await change(tx, absence, absent, today);
    return absenceId;
  });
}

export interface UpdateAbsenceInput extends AbsenceInput {
  readonly firstDay?: string | undefined;
  readonly lastDay?: string | undefined;
  /** All of them from now on. */
  readonly substituteIds?: readonly string[] | undefined;
  /** Null: none. */
  readonly note?: string | null | undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Changes what is given of an absence that is not over; answers its id. */
export async function updateAbsence(
  caller: Caller,
  input: UpdateAbsenceInput,
): Promise<CommandResult<string>> {
  return changeAbsence(caller, input, async (tx, absence, absent, today) => {
    const { firstDay = absence.firstDay, lastDay = absence.lastDay, substituteIds, note } = input;
    refuseIssues(daysIssues(firstDay, lastDay, today));
    const before = absence.substituteIds;
    const isMoved = firstDay !== absence.firstDay;
    const next: AbsenceRecord = {
      ...absence,
      firstDay,
      lastDay,
      substituteIds: substituteIds ? await checkSubstitutes(tx, absent, substituteIds, before) : before,
      note: typeof note === 'string' ? checkText('note', note) : note === null ? null : absence.note,
      // Begun is begun, unless it is to begin on another day.
      status: absenceStatus({ firstDay, lastDay, status: isMoved ? 'PLANNED' : absence.status }, today),
    };
    await checkOverlap(tx, next, today);
    const fields = ['firstDay', 'lastDay', 'note', 'status', 'substituteIds'] as const;
    const changedFields = fields.filter((field) => !isSame(absence[field], next[field]));
    if (changedFields.length === 0) return;
    const version = await writeAbsence(tx, next);
    const told = changedFields.filter((field) => field !== 'note');
    const data = Object.fromEntries(told.map((field) => [field, next[field]]));
    await recordAbsence(tx, 'ABSENCE_UPDATED', { ...next, version }, data, { changedFields, before });
  });
}

/** Ends an absence now, or calls it off before it has begun; answers its id. */
export async function endAbsence(caller: Caller, input: AbsenceInput): Promise<CommandResult<string>> {
  return changeAbsence(caller, input, async (tx, absence) => {
    const change = { status: 'OVER', endedAt: tx.now } as const;
    const version = await writeAbsence(tx, { ...absence, ...change });
    await recordAbsence(tx, 'ABSENCE_ENDED', { ...absence, version }, change);
  });
}
