/** Absences: who is out of office, when, and who stands in. */
import { absenceStatus, dayAt } from '../commands/absence-days.ts';
import { may } from '../commands/viewer.ts';
import { standInOf, standsInFor } from '../engine/stand-in.ts';
import { readAbsencePage, type AbsenceRecord, type AbsenceStatus } from '../store/absences.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { badCursor } from './bad-input.ts';
import { isInstant } from '../engine/instant.ts';
import { decodeKeyset } from './keyset.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { resolveUser } from './people.ts';
import { dependsOn } from './reading-scope.ts';
import { UserRef } from './refs.ts';

const AbsenceStatusEnum = builder.enumType('AbsenceStatus', {
  description: 'Where an absence is in time, by the day on the organization’s wall clock.',
  values: {
    PLANNED: { description: 'Its first day is to come.' },
    ACTIVE: { description: 'It is now.' },
    OVER: { description: 'Its last day has passed, or it was ended.' },
  } as const satisfies Record<AbsenceStatus, object>,
});

/** Today, on the wall clock of the viewer's organization. */
function todayOf({ clock, viewer }: Context): string {
  return dayAt(clock().toISOString(), viewer.timeZone);
}

async function usersOf(ids: readonly string[], context: Context) {
  const users = await Promise.all(ids.map((id) => resolveUser(id, context)));
  return users.flatMap((user) => user ?? []);
}

export const AbsenceRef = builder.objectRef<AbsenceRecord>('Absence');

builder.node(AbsenceRef, {
  description:
    'Somebody is out of office for some days. Their tasks stay theirs and are, as long as it lasts, also those of whoever stands in. Partners see their own only.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id, { loaders }) => loaders.absences.load(id),
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      nullable: true,
      description: 'Who is absent.',
      resolve: ({ userId }, _args, context) => resolveUser(userId, context),
    }),
    firstDay: t.exposeString('firstDay', {
      description: 'The first day, `2026-12-24`: from its midnight on the organization’s wall clock.',
    }),
    lastDay: t.exposeString('lastDay', {
      description: 'The last day, `2026-12-31`: until the midnight after it.',
    }),
    substitutes: t.field({
      type: [UserRef],
      complexity: { multiplier: 3 },
      description:
        'Whom the user has named, the first choice first. The first who is present stands in: `User.substitute`.',
      resolve: ({ substituteIds }, _args, context) => usersOf(substituteIds, context),
    }),
    note: t.string({
      nullable: true,
      extensions: dependsOn('USER'),
      description: 'What the user noted, Markdown. Null for everybody but them and administrators.',
      resolve: ({ note, userId }, _args, { viewer }) =>
        may(viewer, 'administer') || userId === viewer.userId ? note : null,
    }),
    status: t.field({
      type: AbsenceStatusEnum,
      description: 'Where it is in time, now.',
      resolve: (absence, _args, context) => absenceStatus(absence, todayOf(context)),
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was ended by hand; null if it was not.',
      resolve: ({ endedAt }) => endedAt,
    }),
    version: t.exposeInt('version', {
      description: 'Counts the changes of this object, from 1; see `expectedVersion`.',
    }),
  }),
});

const AbsenceConnection = defineConnection<AbsenceRecord>('Absence', AbsenceRef);

/** Partners are told of themselves, and of those for whom they stand in. */
function mayKnow(userId: string, { viewer }: Context): boolean {
  return may(viewer, 'work') || userId === viewer.userId || viewer.standsInFor.includes(userId);
}

/** Everybody who is absent now, as far as the viewer may know of this user; null if they may not. */
async function awayAround(userId: string, context: Context) {
  return mayKnow(userId, context) ? context.loaders.away.load(todayOf(context)) : null;
}

const NULL_FOR_PARTNERS =
  'Partners are told of themselves and of those for whom they stand in; null for others.';

builder.prismaObjectFields(UserRef, (t) => ({
  isAbsent: t.boolean({
    nullable: true,
    description: `Whether the person is out of office now. ${NULL_FOR_PARTNERS}`,
    resolve: async ({ id }, _args, context) => {
      const away = await awayAround(id, context);
      return away && away.some((one) => one.id === id);
    },
  }),
  absentUntil: t.string({
    nullable: true,
    description: `The last day of the present absence, \`2026-12-31\`; null if the person is present. ${NULL_FOR_PARTNERS}`,
    resolve: async ({ id }, _args, context) => {
      const away = await awayAround(id, context);
      return away?.find((one) => one.id === id)?.lastDay ?? null;
    },
  }),
  substitute: t.field({
    type: UserRef,
    nullable: true,
    description: `Who stands in for the person now: the first of their substitutes who is present; if all are absent, the first among the substitutes of these, and so on. Null if the person is present, or nobody can. ${NULL_FOR_PARTNERS}`,
    resolve: async ({ id }, _args, context) => {
      const away = await awayAround(id, context);
      return resolveUser(away && standInOf(id, away), context);
    },
  }),
  standsInFor: t.field({
    type: [UserRef],
    nullable: true,
    complexity: { multiplier: 3 },
    description:
      'The absent people for whom the person stands in now: their tasks are in this person’s inbox, too. Partners may ask for themselves only; null for others.',
    resolve: async ({ id }, _args, context) => {
      const { viewer, loaders } = context;
      if (!may(viewer, 'work') && id !== viewer.userId) return null;
      return usersOf(standsInFor(id, await loaders.away.load(todayOf(context))), context);
    },
  }),
  absences: t.field({
    type: AbsenceConnection,
    nullable: true,
    description: 'The person’s absences, the latest first. Partners may ask for their own only.',
    authScopes: (user, _args, { viewer }) => may(viewer, 'work') || user.id === viewer.userId,
    args: pageArguments(),
    resolve: async ({ id }, { first, after }, { database, viewer }) => {
      const size = pageSize(first);
      const from = decodeKeyset(after, ['text', 'uuid']);
      if (from && !isInstant(`${from[0]}T00:00:00.000Z`)) throw badCursor();
      const place = from && { firstDay: from[0], id: from[1] };
      const rows = await readAbsencePage(database, viewer.organizationId, id, place, size + 1);
      return toPage(rows, size, after, (absence) => [absence.firstDay, absence.id]);
    },
  }),
}));
