/** Closing reasons: the catalogue and how designers change it. */
import type { Done } from '../commands/execute.ts';
import { changeClosingReason, createClosingReason } from '../commands/closing-reasons.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { ClosingReasonRef } from './refs.ts';

const ClosingReasonStatusEnum = builder.enumType('ClosingReasonStatus', {
  description: 'Whether a closing reason is in use.',
  values: {
    ACTIVE: { description: 'Can be configured in definitions.' },
    INACTIVE: { description: 'No longer offered; executions that have it keep it.' },
  } as const,
});

builder.prismaObjectFields(ClosingReasonRef, (t) => ({
  title: t.exposeString('title', {
    description: 'The reason in words, 1 to 500 characters, unique in the organization.',
  }),
  status: t.field({
    type: ClosingReasonStatusEnum,
    description: 'Whether it is in use.',
    select: { status: true },
    resolve: ({ status }) => (status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE'),
  }),
  version: t.exposeInt('version', {
    description: 'Counts the changes of this object, from 1; see `expectedVersion`.',
  }),
}));

builder.queryField('closingReasons', (t) =>
  t.prismaField({
    type: [ClosingReasonRef],
    complexity: { multiplier: 20 },
    nullable: true,
    authScopes: { work: true },
    description: 'The organization’s closing reasons by title.',
    args: { status: t.arg({ type: ClosingReasonStatusEnum, description: 'Only those with this status.' }) },
    resolve: (query, _root, { status }, { database, viewer }) =>
      database.prisma.closingReason.findMany({
        ...query,
        where: { organizationId: viewer.organizationId, ...(status ? { status } : {}) },
        orderBy: { title: 'asc' },
      }),
  }),
);

function readReason(query: object, { value: id }: Done<string>, { database, viewer }: Context) {
  return database.prisma.closingReason.findUniqueOrThrow({
    ...query,
    where: { organizationId_id: { organizationId: viewer.organizationId, id } },
  });
}

defineMutation('createClosingReason', {
  description: 'Adds an active closing reason to the catalogue. Needs the role designer.',
  input: (t) => ({
    title: t.string({ required: true, description: 'The reason in words; no other reason may have it.' }),
    idempotencyKey: t.string({
      description: 'Makes a repeated request answer the first one’s reason, 1 to 200 characters.',
    }),
  }),
  problems: ['IDEMPOTENCY_CONFLICT'],
  run: ({ title, idempotencyKey }, context) =>
    createClosingReason(context, { title, idempotencyKey: idempotencyKey ?? undefined }),
  payload: (t) => ({
    closingReason: t.prismaField({
      type: ClosingReasonRef,
      description: 'The new reason.',
      resolve: (query, done, _args, context) => readReason(query, done, context),
    }),
  }),
});

defineMutation('updateClosingReason', {
  description:
    'Renames a closing reason. Executions that were started or closed with it keep the old title. Needs the role designer.',
  input: (t) => ({
    closingReasonId: t.id({ required: true, description: 'The reason.' }),
    title: t.string({ required: true, description: 'The new title; no other reason may have it.' }),
    expectedVersion: t.int({ description: 'Refuses if the reason has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ closingReasonId, title, expectedVersion }, context) =>
    changeClosingReason(context, {
      id: inputKey('closingReasonId', 'ClosingReason', closingReasonId),
      title,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    closingReason: t.prismaField({
      type: ClosingReasonRef,
      description: 'The reason as it is now.',
      resolve: (query, done, _args, context) => readReason(query, done, context),
    }),
  }),
});

defineMutation('setClosingReasonStatus', {
  description: 'Puts a closing reason into use or out of it. Needs the role designer.',
  input: (t) => ({
    closingReasonId: t.id({ required: true, description: 'The reason.' }),
    status: t.field({ type: ClosingReasonStatusEnum, required: true, description: 'The new status.' }),
    expectedVersion: t.int({ description: 'Refuses if the reason has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ closingReasonId, status, expectedVersion }, context) =>
    changeClosingReason(context, {
      id: inputKey('closingReasonId', 'ClosingReason', closingReasonId),
      status,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    closingReason: t.prismaField({
      type: ClosingReasonRef,
      description: 'The reason as it is now.',
      resolve: (query, done, _args, context) => readReason(query, done, context),
    }),
  }),
});
