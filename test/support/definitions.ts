/** Definitions through the API: the operations that tests repeat, and the demo organization's people to name in them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDemoAutomations } from '../../prisma/seed-automations.ts';
import { createClosingReason } from '../../src/commands/closing-reasons.ts';
import type { CommandResult } from '../../src/commands/execute.ts';
import { createTeam } from '../../src/commands/teams.ts';
import { createUser } from '../../src/commands/users.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import { parseId } from '../../src/graphql/ids.ts';
import type { TestApi } from './api.ts';
import {
  DEFINITION_DOCUMENTS,
  type DefinitionInput,
  type DefinitionMutation,
  type DefinitionResult,
} from './definition-documents.ts';
import type { DefinitionAnswerFragment, DefinitionContentInput } from './generated/graphql.ts';
import { present } from './typed.ts';

const demo = join(import.meta.dirname, '../../prisma/demo');

/** A mutation of a definition that there is. */
export type DefinitionChange = Exclude<DefinitionMutation, 'createDefinition'>;

/** The input of a change without its definition. */
export type ChangeInput<Name extends DefinitionChange> = Omit<DefinitionInput<Name>, 'definitionId'>;

/** Runs the mutation; answers its payload or problem. */
export async function mutate<Name extends DefinitionMutation>(
  api: TestApi,
  viewer: Viewer,
  name: Name,
  input: DefinitionInput<Name>,
): Promise<DefinitionResult<Name>> {
  const { result } = await api.data(viewer, DEFINITION_DOCUMENTS[name], { input });
  return present(result);
}

/** Like `mutate`, but answers the definition; throws if the mutation was refused. */
export async function changed<Name extends DefinitionMutation>(
  api: TestApi,
  viewer: Viewer,
  name: Name,
  input: DefinitionInput<Name>,
): Promise<DefinitionAnswerFragment> {
  const answer: DefinitionResult<DefinitionMutation> = await mutate(api, viewer, name, input);
  if (!('definition' in answer)) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return answer.definition;
}

/** The definition's changes by the designer: `change` answers like `mutate`, `done` like `changed`. */
export function changesOf(api: TestApi, definition: { readonly id: string }) {
  const inputOf = <Name extends DefinitionChange>(input?: ChangeInput<Name>): DefinitionInput<Name> => ({
    definitionId: definition.id,
    ...input,
  });
  return {
    change: <Name extends DefinitionChange>(name: Name, input?: ChangeInput<Name>) =>
      mutate(api, api.designer, name, inputOf(input)),
    done: <Name extends DefinitionChange>(name: Name, input?: ChangeInput<Name>) =>
      changed(api, api.designer, name, inputOf(input)),
  };
}

export type DefinitionChanges = ReturnType<typeof changesOf>;

export interface DefinitionEvent {
  readonly type: string;
  readonly version: number;
  readonly changedFields: readonly string[];
}

/** The definition's events, oldest first. */
export async function eventsOf(api: TestApi, { id }: { readonly id: string }): Promise<DefinitionEvent[]> {
  return api.database.prisma.event.findMany({
    where: { subjectId: parseId(id)?.key ?? '' },
    orderBy: { seq: 'asc' },
    select: { type: true, version: true, changedFields: true },
  });
}

/** An input for a definition without errors, with one task. */
export function someContent(parts: Partial<DefinitionContentInput> = {}): DefinitionContentInput {
  return { name: 'Solar installation', tasks: [{ key: 'call', name: 'Call the customer' }], ...parts };
}

async function must<T>(result: Promise<CommandResult<T>>): Promise<T> {
  const answer = await result;
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
  return answer.value;
}

/** Keys by e-mail address, team name and title. */
export interface Cast {
  readonly userIds: ReadonlyMap<string, string>;
  readonly teamIds: ReadonlyMap<string, string>;
  readonly closingReasonIds: ReadonlyMap<string, string>;
}

/** Makes the people, teams, closing reasons and automations of the demo organization in the viewer's one; automations by their names only. */
export async function makeDemoCast(api: TestApi, viewer: Viewer = api.admin): Promise<Cast> {
  const context = api.context(viewer);
  const read = async <T>(name: string): Promise<T> =>
    JSON.parse(await readFile(join(demo, `${name}.json`), 'utf8')) as T;
  const people = await read<
    {
      externalId: string;
      name: string;
      email: string;
      kind: 'INTERNAL' | 'PARTNER';
      teams: string[];
    }[]
  >('people');
  const userIds = new Map<string, string>();
  for (const { externalId, name, email, kind } of people)
    userIds.set(email, await must(createUser(context, { externalId, name, email, kind, company: null })));
  const teamIds = new Map<string, string>();
  for (const name of new Set(people.flatMap(({ teams }) => teams)))
    teamIds.set(name, await must(createTeam(context, { name, memberIds: [] })));
  const closingReasonIds = new Map<string, string>();
  for (const { title } of await read<{ title: string }[]>('closing-reasons'))
    closingReasonIds.set(title, await must(createClosingReason(context, { title })));
  await createDemoAutomations(context);
  return { userIds, teamIds, closingReasonIds };
}
