/** Whoever does things or is responsible for them. */
import type { AssigneeRef } from '../engine/definition.ts';
import type { Actor } from '../engine/state.ts';
import type { Person } from '../store/people.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { inputKey, limitInputList, parseId } from './ids.ts';
import { refuseInput } from '../commands/problem.ts';
import { TeamRef, UserRef } from './refs.ts';
import { unresolved, UnresolvedAssigneeRef, type UnresolvedAssignee } from './unresolved-assignee.ts';

const SystemRef = builder.objectRef<{ readonly type: 'SYSTEM' }>('System').implement({
  description: 'Handrail itself, for what nobody did by hand.',
  fields: (t) => ({
    name: t.string({ description: 'Always “Handrail”.', resolve: () => 'Handrail' }),
  }),
});

type UserShape = typeof UserRef.$inferType;
type TeamShape = typeof TeamRef.$inferType;

/** Union members carry the name of their type, since a user and a team look alike. */
type Tagged<Shape, Name extends string> = Shape & { readonly __typename: Name };

export const ActorRef = builder.unionType('Actor', {
  description: 'Who did something.',
  types: [UserRef, SystemRef],
  resolveType: (value) => ('type' in value ? SystemRef : UserRef),
});

export const AssigneeUnion = builder.unionType('Assignee', {
  description:
    'Who is responsible: a user (a colleague or a partner), a team, or a variable as long as it stands for nobody who is known.',
  types: [UserRef, TeamRef, UnresolvedAssigneeRef],
  resolveType: (value) => (value as unknown as AssigneeShape).__typename,
});

type AssigneeShape = Tagged<UserShape, 'User'> | Tagged<TeamShape, 'Team'> | UnresolvedAssignee;

function tag(person: Person): AssigneeShape {
  return person.type === 'USER'
    ? { ...person.user, __typename: 'User' }
    : { ...person.team, __typename: 'Team' };
}

/** The actor for the `Actor` union; null if nobody did it yet. */
export async function resolveActor(actor: Actor | null, { loaders }: Context) {
  if (actor === null) return null;
  if (actor.type === 'SYSTEM') return actor;
  return resolveUser(actor.id, { loaders });
}

/** A user by key; null if there is none. */
export async function resolveUser(userId: string | null, { loaders }: Pick<Context, 'loaders'>) {
  const person = userId === null ? null : await loaders.people.load(userId);
  return person?.type === 'USER' ? person.user : null;
}

/** The assignees for the `Assignee` union, in order. */
export async function resolveAssignees(assignees: readonly AssigneeRef[], { loaders }: Context) {
  const found = await Promise.all(
    assignees.map(async (assignee): Promise<AssigneeShape | null> => {
      if (assignee.type === 'VARIABLE') return unresolved(assignee);
      const person = await loaders.people.load(assignee.id);
      return person && tag(person);
    }),
  );
  return found.filter((assignee) => assignee !== null);
}

/** The global id of a user or team to an assignee; refuses with INVALID_INPUT at `path`. Only in a mutation's `run`. */
export function inputAssignee(path: string, id: string): AssigneeRef {
  const type = parseId(id)?.type;
  if (type === 'User') return { type: 'USER', id: inputKey(path, 'User', id) };
  if (type === 'Team') return { type: 'TEAM', id: inputKey(path, 'Team', id) };
  return refuseInput(
    path,
    'INVALID_ID',
    `${JSON.stringify(id.slice(0, 100))} is not the id of a user or a team.`,
  );
}

/** The assignees of a list, at most 100; refuses with INVALID_INPUT at `path`, or at `path[i]`. Only in a mutation's `run`. */
export function inputAssignees(path: string, ids: readonly string[]): AssigneeRef[] {
  limitInputList(path, ids);
  return ids.map((id, index) => inputAssignee(`${path}[${index}]`, id));
}
