/** Whom a definition makes responsible. Unlike an execution's, its assignees may be people whom the organization does not have. */
import type { AssigneeRef } from '../engine/definition.ts';
import { uuidsAmong } from '../store/definition-references.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { limitInputList } from './ids.ts';
import { inputAssignees } from './people.ts';
import { TeamRef, UserRef } from './refs.ts';
import { unresolved, UnresolvedAssigneeRef, type UnresolvedAssignee } from './unresolved-assignee.ts';

type Named<Shape, Name extends string> = Shape & { readonly __typename: Name };
type AssigneeShape =
  Named<typeof UserRef.$inferType, 'User'> | Named<typeof TeamRef.$inferType, 'Team'> | UnresolvedAssignee;

export const DefinitionAssigneeRef = builder.unionType('DefinitionAssignee', {
  description:
    'Whom a definition makes responsible: a user, a team, a variable over the entity, or somebody who is not known here.',
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
    assignees.map(async (assignee): Promise<AssigneeShape> => {
      const { type, id } = assignee;
      const [key] = uuidsAmong([id]);
      const person = key === undefined ? null : await loaders.people.load(key);
      if (person?.type === 'USER' && type === 'USER') return { ...person.user, __typename: 'User' };
      if (person?.type === 'TEAM' && type === 'TEAM') return { ...person.team, __typename: 'Team' };
      return unresolved(assignee);
    }),
  );
}

/** Whom an input of `path` names: those with the ids, then the variables. Refuses as `inputAssignees` does. */
export function inputDefinitionAssignees(
  path: string,
  input: {
    readonly assignees?: readonly string[] | null | undefined;
    readonly assigneeVariables?: readonly string[] | null | undefined;
  },
): AssigneeRef[] {
  const variables = input.assigneeVariables ?? [];
  limitInputList(`${path}.assigneeVariables`, variables);
  return [
    ...inputAssignees(`${path}.assignees`, input.assignees ?? []),
    ...variables.map((id) => ({ type: 'VARIABLE', id }) as const),
  ];
}
