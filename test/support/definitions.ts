/** Definitions through the API: the operations that tests repeat, and the demo organization's people to name in them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClosingReason } from '../../src/commands/closing-reasons.ts';
import type { CommandResult } from '../../src/commands/execute.ts';
import { createTeam } from '../../src/commands/teams.ts';
import { createUser } from '../../src/commands/users.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { TestApi } from './api.ts';

const demo = join(import.meta.dirname, '../../prisma/demo');

/** A definition as the mutations below answer it. */
export interface DefinitionAnswer {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly isEnabled: boolean;
  readonly isArchived: boolean;
  readonly document: string;
  readonly published: { readonly id: string; readonly number: number } | null;
  readonly issues: readonly { readonly severity: string; readonly code: string; readonly path: string }[];
}

/** What a definition's mutation answers: its payload, or a problem. */
export interface MutationAnswer {
  readonly __typename: string;
  readonly definition?: DefinitionAnswer;
  readonly published?: { readonly id: string; readonly number: number };
  readonly message?: string;
  readonly issues?: readonly { readonly code: string; readonly path: string; readonly message: string }[];
  readonly currentVersion?: number;
}

const FIELDS = `id name version isEnabled isArchived document published { id number } issues { severity code path }`;
const INVALID = `... on InvalidInputProblem { issues { code path message } }`;

function mutation(name: string, parts: string): string {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return `mutation ($input: ${type}Input!) { result: ${name}(input: $input) {
    __typename ... on Problem { message } ${INVALID} ... on ${type}Payload { definition { ${FIELDS} } } ${parts}
  } }`;
}

const CONFLICT = `... on VersionConflictProblem { currentVersion }`;
const OPERATIONS = {
  createDefinition: mutation('createDefinition', ''),
  saveDefinitionDraft: mutation('saveDefinitionDraft', CONFLICT),
  publishDefinition: mutation(
    'publishDefinition',
    `${CONFLICT} ... on PublishDefinitionPayload { published { id number } } ... on DefinitionInvalidProblem { found: issues { code path message } }`,
  ),
  duplicateDefinition: mutation('duplicateDefinition', ''),
  importDefinition: mutation('importDefinition', CONFLICT),
  enableDefinition: mutation('enableDefinition', CONFLICT),
  disableDefinition: mutation('disableDefinition', CONFLICT),
  archiveDefinition: mutation('archiveDefinition', CONFLICT),
  unarchiveDefinition: mutation('unarchiveDefinition', CONFLICT),
};

export type DefinitionMutation = keyof typeof OPERATIONS;
export const DEFINITION_MUTATIONS = Object.keys(OPERATIONS) as DefinitionMutation[];

/** Text of a definition's mutation, with the variable `$input`. */
export function definitionMutation(name: DefinitionMutation): string {
  return OPERATIONS[name];
}

/** Runs the mutation; answers its payload or problem. The issues of an invalid definition are `issues`, too. */
export async function mutate(
  api: TestApi,
  viewer: Viewer,
  name: DefinitionMutation,
  input: object,
): Promise<MutationAnswer> {
  const { result } = await api.data<{
    result: MutationAnswer & { readonly found?: MutationAnswer['issues'] };
  }>(viewer, OPERATIONS[name], { input });
  const { found, ...answer } = result;
  return found ? { ...answer, issues: found } : answer;
}

/** Like `mutate`, but answers the definition; throws if the mutation was refused. */
export async function changed(
  api: TestApi,
  viewer: Viewer,
  name: DefinitionMutation,
  input: object,
): Promise<DefinitionAnswer> {
  const answer = await mutate(api, viewer, name, input);
  if (!answer.definition) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return answer.definition;
}

/** An input for a definition without errors, with one task. */
export function someContent(parts: object = {}): object {
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

/** Makes the people, teams and closing reasons of the demo organization in the viewer's one. */
export async function makeDemoCast(api: TestApi, viewer: Viewer = api.admin): Promise<Cast> {
  const context = api.context(viewer);
  const read = async <T>(name: string): Promise<T> =>
    JSON.parse(await readFile(join(demo, `${name}.json`), 'utf8')) as T;
  const people =
    await read<{ externalId: string; name: string; email: string; kind: 'INTERNAL' | 'PARTNER' }[]>('people');
  const userIds = new Map<string, string>();
  for (const { externalId, name, email, kind } of people)
    userIds.set(email, await must(createUser(context, { externalId, name, email, kind, company: null })));
  const teamIds = new Map<string, string>();
  for (const { name } of await read<{ name: string }[]>('teams'))
    teamIds.set(name, await must(createTeam(context, { name, memberIds: [] })));
  const closingReasonIds = new Map<string, string>();
  for (const { title } of await read<{ title: string }[]>('closing-reasons'))
    closingReasonIds.set(title, await must(createClosingReason(context, { title })));
  return { userIds, teamIds, closingReasonIds };
}
