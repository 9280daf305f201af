/** The mutations on absences. */
import { createAbsence, endAbsence, updateAbsence } from '../commands/absences.ts';
import type { Done } from '../commands/execute.ts';
import { AbsenceRef } from './absence.ts';
import { type ApiTypes } from './builder.ts';
import { inputKey, inputKeys } from './ids.ts';
import { defineMutation } from './mutation.ts';

type Payload = PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<string>>;

function absencePayload(t: Payload) {
  return {
    absence: t.field({
      type: AbsenceRef,
      nullable: true,
      description: 'The absence after the change.',
      resolve: ({ value }, _args, { loaders }) => loaders.absences.load(value),
    }),
  };
}

const FIRST_DAY = 'The first day, `2026-12-24`, on the organization’s wall clock';
const LAST_DAY =
  'The last day, `2026-12-31`, which is part of it; today or later, two years after the first at most';
const SUBSTITUTES =
  'Ids of 1 to 10 Users, the first choice first: active colleagues; for a partner, active partners of the same company.';

defineMutation('createAbsence', {
  description:
    'Says that somebody is out of office, and who stands in. It may have begun. The viewer’s own; those of others need the role admin.',
  input: (t) => ({
    userId: t.id({ description: 'The id of the User who is absent; the viewer if left out.' }),
    firstDay: t.string({ required: true, description: `${FIRST_DAY}.` }),
    lastDay: t.string({ required: true, description: `${LAST_DAY}.` }),
    substituteIds: t.idList({ required: true, description: SUBSTITUTES }),
    note: t.string({
      description: 'Markdown, at most 20,000 characters; read by the user and administrators only.',
    }),
    idempotencyKey: t.string({
      description: 'Makes a repeated request answer the first one’s absence, 1 to 200 characters.',
    }),
  }),
  problems: ['NOT_FOUND', 'ABSENCE_OVERLAPS', 'IDEMPOTENCY_CONFLICT'],
  run: ({ userId, firstDay, lastDay, substituteIds, note, idempotencyKey }, context) =>
    createAbsence(context, {
      userId: userId === null || userId === undefined ? undefined : inputKey('userId', 'User', userId),
      ...{ firstDay, lastDay, note: note ?? null },
      substituteIds: inputKeys('substituteIds', 'User', substituteIds),
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  payload: absencePayload,
});

const onAbsence = (t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) => ({
  absenceId: t.id({ required: true, description: 'The id of the Absence.' }),
  expectedVersion: t.int({
    description: 'Refuse with VersionConflictProblem if the absence has another version by now.',
  }),
});

defineMutation('updateAbsence', {
  description:
    'Changes what is given of an absence that is not over. The viewer’s own; those of others need the role admin.',
  input: (t) => ({
    ...onAbsence(t),
    firstDay: t.string({ description: `${FIRST_DAY}; unchanged if left out.` }),
    lastDay: t.string({ description: `${LAST_DAY}; unchanged if left out.` }),
    substituteIds: t.idList({ description: `${SUBSTITUTES} Unchanged if left out.` }),
    note: t.string({ description: 'The new note; null removes it; unchanged if left out.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'ABSENCE_OVERLAPS', 'ABSENCE_OVER'],
  run: ({ absenceId, firstDay, lastDay, substituteIds, note, expectedVersion }, context) =>
    updateAbsence(context, {
      absenceId: inputKey('absenceId', 'Absence', absenceId),
      firstDay: firstDay ?? undefined,
      lastDay: lastDay ?? undefined,
      substituteIds: substituteIds ? inputKeys('substituteIds', 'User', substituteIds) : undefined,
      note,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: absencePayload,
});

defineMutation('endAbsence', {
  description:
    'Ends an absence now, or calls it off before it has begun: nobody stands in any more. The viewer’s own; those of others need the role admin.',
  input: onAbsence,
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'ABSENCE_OVER'],
  run: ({ absenceId, expectedVersion }, context) =>
    endAbsence(context, {
      absenceId: inputKey('absenceId', 'Absence', absenceId),
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: absencePayload,
});
