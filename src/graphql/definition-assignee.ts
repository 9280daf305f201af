/** Whom a definition makes responsible. Unlike an execution's, its assignees may be people whom the organization does not have. */
import type { AssigneeRef } from '../engine/definition.ts';
import { uuidsAmong } from '../store/definition-references.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { TeamRef, UserRef } from './refs.ts';

interface UnresolvedAssignee {
  readonly type: 'USER' | 'TEAM';
  readonly reference: string;
}

const UnresolvedAssigneeRef = builder.objectRef<UnresolvedAssignee>('UnresolvedAssignee').implement({
  description:
    'Somebody whom a definition names and the organization does not have: left as written by an import. The definition can’t be published with it.',
  fields: (t) => ({
    reference: t.exposeString('reference', {
      description: 'The text as written: an e-mail address, an external id, a team’s name.',
    }),
    isTeam: t.boolean({
      description: 'Whether it was meant to be a team, not a user.',
      resolve: ({ type }) => type === 'TEAM',
    }),
  }),
});

type Named<Shape, Name extends string> = Shape & { readonly __typename: Name };
type AssigneeShape =
  | Named<typeof UserRef.$inferType, 'User'>
  | Named<typeof TeamRef.$inferType, 'Team'>
  | Named<UnresolvedAssignee, 'UnresolvedAssignee'>;

export const DefinitionAssigneeRef = builder.unionType('DefinitionAssignee', {
  description: 'Whom a definition makes responsible: a user, a team, or somebody who is not known here.',
  types: [UserRef, TeamRef, UnresolvedAssigneeRef],
  // Users and teams look alike, so each value carries the name of its type.
  resolveType: (value) => (value as unknown as AssigneeShape).__typename,
});

/** The assignees for that union, in order. */
export async function assigneesOf(
  assignees: readonly AssigneeRef[],
  { loaders }: Context,
): Promise<AssigneeShape[]> {
  return Promise.all(
    assignees.map(async ({ type, id }): Promise<AssigneeShape> => {
      const [key] = uuidsAmong([id]);
      const person = key === undefined ? null : await loaders.people.load(key);
      if (person?.type === 'USER' && type === 'USER') return { ...person.user, __typename: 'User' };
      if (person?.type === 'TEAM' && type === 'TEAM') return { ...person.team, __typename: 'Team' };
      return { type, reference: id, __typename: 'UnresolvedAssignee' };
    }),
  );
}
