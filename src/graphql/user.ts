/** Users: their fields, their list, and how administrators change them. */
import type { Done } from '../commands/execute.ts';
import { createUser, updateUser } from '../commands/users.ts';
import { may } from '../commands/viewer.ts';
import { countUsers, readUserPage } from '../store/users.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { inputKey } from './ids.ts';
import { decodeKeyset, searchText } from './keyset.ts';
import { defineMutation } from './mutation.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { TeamRef, UserRef } from './refs.ts';

const UserKindEnum = builder.enumType('UserKind', {
  description: 'On which side a person works.',
  values: {
    INTERNAL: { description: 'A colleague: someone of the organization itself.' },
    PARTNER: { description: 'Someone of a partner company, who sees only what is shared with them.' },
  } as const,
});

builder.prismaObjectFields(UserRef, (t) => ({
  externalId: t.exposeString('externalId', {
    nullable: true,
    authScopes: { administer: true },
    description: 'The user claim (`sub`) of this person’s tokens. Only for administrators.',
  }),
  name: t.exposeString('name', { description: 'What the person is called, 1 to 500 characters.' }),
  email: t.string({
    nullable: true,
    description: 'The e-mail address, if there is one. Partners see only their own.',
    resolve: ({ id, email }, _args, { viewer }) =>
      may(viewer, 'work') || id === viewer.userId ? email : null,
  }),
  kind: t.field({
    type: UserKindEnum,
    description: 'Colleague or partner.',
    resolve: ({ kind }) => (kind === 'PARTNER' ? 'PARTNER' : 'INTERNAL'),
  }),
  company: t.exposeString('company', {
    nullable: true,
    description: 'The company of a PARTNER; null for colleagues.',
  }),
  isActive: t.exposeBoolean('isActive', {
    description: 'Whether the person may sign in and be assigned. Inactive ones stay in what they did.',
  }),
  teams: t.field({
    type: [TeamRef],
    nullable: true,
    description: 'The teams that the person is a member of, by name. Partners may ask for their own only.',
    authScopes: (user, _args, { viewer }) => may(viewer, 'work') || user.id === viewer.userId,
    select: { memberships: { select: { team: true }, orderBy: { team: { name: 'asc' } } } },
    resolve: ({ memberships }) => memberships.map(({ team }) => team),
  }),
  version: t.exposeInt('version', {
    description: 'Counts the changes of this object, from 1; see `expectedVersion`.',
  }),
}));

const UserConnection = defineConnection('User', UserRef);

builder.queryField('users', (t) =>
  t.field({
    type: UserConnection,
    nullable: true,
    authScopes: { work: true },
    description: 'The organization’s users by name, partners included.',
    args: {
      search: t.arg.string({
        description: 'Only users with this text in their name or e-mail address, in upper or lower case.',
      }),
      kind: t.arg({ type: UserKindEnum, description: 'Only colleagues, or only partners.' }),
      isActive: t.arg.boolean({ description: 'Only active users, or only inactive ones.' }),
      ...pageArguments(),
    },
    resolve: async (_root, { search, kind, isActive, first, after }, { database, viewer }) => {
      const size = pageSize(first);
      const keyset = decodeKeyset(after, ['text', 'uuid']);
      const filter = {
        search: searchText('search', search),
        kind: kind ?? null,
        isActive: isActive ?? null,
      };
      const users = await readUserPage(
        database,
        viewer.organizationId,
        filter,
        keyset && { name: keyset[0], id: keyset[1] },
        size + 1,
      );
      return {
        ...toPage(users, size, after, ({ name, id }) => [name, id]),
        totalCount: () => countUsers(database, viewer.organizationId, filter),
      };
    },
  }),
);

function readUser(query: object, { value: id }: Done<string>, { database, viewer }: Context) {
  return database.prisma.user.findUniqueOrThrow({
    ...query,
    where: { organizationId_id: { organizationId: viewer.organizationId, id } },
  });
}

defineMutation('createUser', {
  description: 'Adds an active user. Needs the role admin.',
  input: (t) => ({
    name: t.string({ required: true, description: 'What the person is called, 1 to 500 characters.' }),
    kind: t.field({
      type: UserKindEnum,
      required: true,
      description: 'Colleague or partner; stays as it is.',
    }),
    email: t.string({ description: 'The e-mail address; no other user may have it.' }),
    company: t.string({ description: 'The company of a PARTNER.' }),
    externalId: t.string({
      description:
        'The user claim (`sub`) of the person’s tokens, unique in the organization. If left out, the new object’s own key, for an issuer that is told it.',
    }),
    idempotencyKey: t.string({
      description: 'Makes a repeated request answer the first one’s user, 1 to 200 characters.',
    }),
  }),
  problems: ['IDEMPOTENCY_CONFLICT'],
  run: ({ name, kind, email, company, externalId, idempotencyKey }, context) =>
    createUser(context, {
      name,
      kind,
      email: email ?? null,
      company: company ?? null,
      externalId: externalId ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  payload: (t) => ({
    user: t.prismaField({
      type: UserRef,
      description: 'The new user.',
      resolve: (query, done, _args, context) => readUser(query, done, context),
    }),
  }),
});

defineMutation('updateUser', {
  description: 'Changes what is given of a user, or nothing at all. Needs the role admin.',
  input: (t) => ({
    userId: t.id({ required: true, description: 'The user.' }),
    name: t.string({ description: 'The new name.' }),
    email: t.string({ description: 'The new e-mail address; null removes it.' }),
    company: t.string({ description: 'The new company of a PARTNER; null removes it.' }),
    isActive: t.boolean({
      description: 'Whether the person may sign in and be assigned; nobody can deactivate themselves.',
    }),
    expectedVersion: t.int({ description: 'Refuses if the user has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ userId, name, email, company, isActive, expectedVersion }, context) =>
    updateUser(context, {
      id: inputKey('userId', 'User', userId),
      name: name ?? undefined,
      email,
      company,
      isActive: isActive ?? undefined,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    user: t.prismaField({
      type: UserRef,
      description: 'The user as they are now.',
      resolve: (query, done, _args, context) => readUser(query, done, context),
    }),
  }),
});
