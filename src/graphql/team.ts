/** Teams: their fields, their list, and how administrators change them. */
import type { Done } from '../commands/execute.ts';
import { createTeam, updateTeam } from '../commands/teams.ts';
import { may } from '../commands/viewer.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { argumentKey, inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { TeamRef, UserRef } from './refs.ts';

builder.prismaObjectFields(TeamRef, (t) => ({
  name: t.exposeString('name', {
    description: 'What the team is called, 1 to 500 characters, unique in the organization.',
  }),
  members: t.field({
    type: [UserRef],
    complexity: { multiplier: 20 },
    nullable: true,
    description: 'The members by name, inactive ones included. Partners may ask for their own teams only.',
    authScopes: (team, _args, { viewer }) => may(viewer, 'work') || viewer.teamIds.includes(team.id),
    select: { members: { select: { user: true }, orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }] } },
    resolve: ({ members }) => members.map(({ user }) => user),
  }),
  version: t.exposeInt('version', {
    description:
      'Counts the changes of this object, those of its members included, from 1; see `expectedVersion`.',
  }),
}));

builder.queryFields((t) => ({
  teams: t.prismaField({
    type: [TeamRef],
    complexity: { multiplier: 20 },
    nullable: true,
    authScopes: { work: true },
    description: 'The organization’s teams by name.',
    resolve: (query, _root, _args, { database, viewer }) =>
      database.prisma.team.findMany({
        ...query,
        where: { organizationId: viewer.organizationId },
        orderBy: { name: 'asc' },
      }),
  }),
  team: t.prismaField({
    type: TeamRef,
    nullable: true,
    authScopes: { work: true },
    description: 'One team; null if there is none with this id (here).',
    args: { id: t.arg.id({ required: true, description: 'The team’s id.' }) },
    resolve: (query, _root, { id }, { database, viewer }) =>
      database.prisma.team.findUnique({
        ...query,
        where: {
          organizationId_id: { organizationId: viewer.organizationId, id: argumentKey('Team', id) },
        },
      }),
  }),
}));

function userKeys(path: string, ids: readonly string[] | null | undefined): string[] | undefined {
  return ids?.map((id, index) => inputKey(`${path}[${index}]`, 'User', id));
}

function readTeam(query: object, { value: id }: Done<string>, { database, viewer }: Context) {
  return database.prisma.team.findUniqueOrThrow({
    ...query,
    where: { organizationId_id: { organizationId: viewer.organizationId, id } },
  });
}

defineMutation('createTeam', {
  description: 'Adds a team. Needs the role admin.',
  input: (t) => ({
    name: t.string({ required: true, description: 'The team’s name; no other team may have it.' }),
    memberIds: t.idList({ description: 'Active users who are members from the start, at most 500.' }),
    idempotencyKey: t.string({
      description: 'Makes a repeated request answer the first one’s team, 1 to 200 characters.',
    }),
  }),
  problems: ['IDEMPOTENCY_CONFLICT'],
  run: ({ name, memberIds, idempotencyKey }, context) =>
    createTeam(context, {
      name,
      memberIds: userKeys('memberIds', memberIds) ?? [],
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  payload: (t) => ({
    team: t.prismaField({
      type: TeamRef,
      description: 'The new team.',
      resolve: (query, done, _args, context) => readTeam(query, done, context),
    }),
  }),
});

defineMutation('updateTeam', {
  description: 'Changes a team’s name or members, or nothing at all. Needs the role admin.',
  input: (t) => ({
    teamId: t.id({ required: true, description: 'The team.' }),
    name: t.string({ description: 'The new name; no other team may have it.' }),
    setMemberIds: t.idList({
      description: 'All members from now on, at most 500; not together with the two below.',
    }),
    addMemberIds: t.idList({ description: 'Active users who become members, at most 500.' }),
    removeMemberIds: t.idList({
      description: 'Users who are no longer members, at most 500; those who are none are passed over.',
    }),
    expectedVersion: t.int({ description: 'Refuses if the team has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ teamId, name, setMemberIds, addMemberIds, removeMemberIds, expectedVersion }, context) =>
    updateTeam(context, {
      id: inputKey('teamId', 'Team', teamId),
      name: name ?? undefined,
      setMemberIds: userKeys('setMemberIds', setMemberIds),
      addMemberIds: userKeys('addMemberIds', addMemberIds),
      removeMemberIds: userKeys('removeMemberIds', removeMemberIds),
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    team: t.prismaField({
      type: TeamRef,
      description: 'The team as it is now.',
      resolve: (query, done, _args, context) => readTeam(query, done, context),
    }),
  }),
});
