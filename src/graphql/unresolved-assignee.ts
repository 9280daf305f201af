/** Somebody who is responsible and is not known here (yet). */
import type { AssigneeRef } from '../engine/definition.ts';
import { builder } from './builder.ts';

/** For the unions that it is a member of. */
export type UnresolvedAssignee = AssigneeRef & { readonly __typename: 'UnresolvedAssignee' };

export const UnresolvedAssigneeRef = builder.objectRef<UnresolvedAssignee>('UnresolvedAssignee').implement({
  description:
    'Somebody who is not known here: a variable that stands for whom the entity names (nobody yet, or nobody who is known), or, in a definition, somebody whom an import left as written. A definition can be published with variables, not with the latter.',
  fields: (t) => ({
    reference: t.string({
      description: 'The text as written: the variable, an e-mail address, an external id, a team’s name.',
      resolve: ({ id }) => id,
    }),
    variable: t.string({
      nullable: true,
      description: 'The variable, such as `{{entity.owner}}`; null if it is somebody whom an import left.',
      resolve: ({ type, id }) => (type === 'VARIABLE' ? id : null),
    }),
    isTeam: t.boolean({
      description: 'Whether an import meant a team, not a user; false for a variable.',
      resolve: ({ type }) => type === 'TEAM',
    }),
  }),
});

/** The assignee as that member. */
export function unresolved({ type, id }: AssigneeRef): UnresolvedAssignee {
  return { type, id, __typename: 'UnresolvedAssignee' };
}
