/** Workflows over the API in few words: publishing definitions, starting executions, giving commands by their names. */
import {
  GraphQLUnionType,
  print,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { createDefinition } from '../../src/commands/definitions.ts';
import { publishDefinition } from '../../src/commands/definitions-life.ts';
import { createEntity } from '../../src/commands/entities.ts';
import type { CommandResult } from '../../src/commands/execute.ts';
import { createTeam } from '../../src/commands/teams.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { encodeId, parseId, type NodeType } from '../../src/graphql/ids.ts';
import { schema } from '../../src/graphql/schema.ts';
import { readPosition } from '../../src/store/event-log.ts';
import type { TestApi } from './api.ts';
import { graphql } from './generated/gql.ts';
import type { ExecutionViewFragment, NoteViewFragment, TaskViewFragment } from './generated/graphql.ts';
import { definition } from './workflow.ts';

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** What a mutation answered: the parts of its payload, or its problem. */
export interface Answered {
  readonly __typename: string;
  readonly position?: string;
  readonly task?: TaskViewFragment | null;
  readonly taskId?: string;
  readonly execution?: ExecutionViewFragment | null;
  readonly note?: NoteViewFragment | null;
  readonly code?: string;
  readonly message?: string;
  readonly issues?: readonly { readonly path: string; readonly code: string; readonly message: string }[];
}

const TASK_VIEW = graphql(`
  fragment TaskView on Task {
    id
    name
    status
    version
    description
    isEnabled
    isManuallyCreated
    isOverdue
    dueAt
    noteCount
    phase {
      id
      name
    }
    assignees {
      __typename
      ... on User {
        id
        name
      }
      ... on Team {
        id
        name
      }
      ... on UnresolvedAssignee {
        variable
      }
    }
    claimedBy {
      id
      name
    }
    viewerCommands
  }
`);

const EXECUTION_VIEW = graphql(`
  fragment ExecutionView on WorkflowExecution {
    id
    name
    status
    version
    dueAt
    isOverdue
    assignees {
      __typename
      ... on User {
        id
        name
      }
      ... on Team {
        id
        name
      }
      ... on UnresolvedAssignee {
        variable
      }
    }
    progress {
      total
      completed
      skipped
    }
    currentTask {
      id
      name
    }
    phases {
      id
      name
      status
    }
    tasks {
      ...TaskView
    }
  }
`);

const NOTE_VIEW = graphql(`
  fragment NoteView on Note {
    id
    body
    version
  }
`);

const READ_EXECUTION = graphql(`
  query ReadExecution($id: ID!) {
    workflowExecution(id: $id) {
      ...ExecutionView
    }
  }
`);

const READ_TASK = graphql(`
  query ReadTask($id: ID!) {
    task(id: $id) {
      ...TaskView
    }
  }
`);

interface Part {
  readonly text: string;
  /** The fragments in the text. */
  readonly fragments?: DocumentNode;
}

const PARTS: Readonly<Record<string, Part>> = {
  position: { text: 'position' },
  task: { text: 'task { ...TaskView }', fragments: TASK_VIEW },
  taskId: { text: 'taskId' },
  execution: { text: 'execution { ...ExecutionView }', fragments: EXECUTION_VIEW },
  note: { text: 'note { ...NoteView }', fragments: NOTE_VIEW },
};

function resultOf(mutation: string): { readonly input: string; readonly payload: GraphQLObjectType } {
  const field = schema.getMutationType()?.getFields()[mutation];
  const [argument] = field?.args ?? [];
  const result: GraphQLOutputType | undefined = field?.type;
  const payload =
    result instanceof GraphQLUnionType && result.getTypes().find(({ name }) => name.endsWith('Payload'));
  if (!argument || !payload) throw new Error(`no mutation ${mutation}`);
  return { input: String(argument.type), payload };
}

/** The text of a mutation that takes `$input` and answers as `Answered`; `selection` adds to its result. */
export function mutationText(mutation: string, selection = ''): string {
  const { input, payload } = resultOf(mutation);
  const parts = Object.keys(payload.getFields()).flatMap((name) => PARTS[name] ?? []);
  const fields = parts.map(({ text }) => text).join(' ');
  const fragments = new Set(parts.flatMap((part) => part.fragments?.definitions.map(print) ?? []));
  return `mutation ($input: ${input}) { answer: ${mutation}(input: $input) {
    __typename ... on Problem { code message } ... on InvalidInputProblem { issues { path code message } }
    ... on ${payload.name} { __typename ${fields} } ${selection} } } ${[...fragments].join(' ')}`;
}

/** Runs a mutation by its name and answers its payload or its problem. `selection` adds to its result. */
export async function command<Extra = object>(
  api: TestApi,
  viewer: Viewer,
  mutation: string,
  input: Readonly<Record<string, unknown>>,
  selection = '',
): Promise<Answered & Extra> {
  const { answer } = await api.data<{ answer: Answered & Extra }>(viewer, mutationText(mutation, selection), {
    input,
  });
  return answer;
}

/** Like `command`, but throws if the answer is a problem. */
export async function done(
  api: TestApi,
  viewer: Viewer,
  mutation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Answered> {
  const answer = await command(api, viewer, mutation, input);
  if (answer.code !== undefined) throw new Error(`${mutation} was refused: ${answer.message ?? answer.code}`);
  return answer;
}

function valueOf<T>(result: CommandResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
  return result.value;
}

/** An enabled, unpublished definition; answers its id. */
export async function draft(
  api: TestApi,
  content: Partial<DefinitionContent>,
  viewer = api.designer,
): Promise<string> {
  const made = await createDefinition(api.context(viewer), { content: definition(content) });
  return encodeId('WorkflowDefinition', valueOf(made));
}

/** A published definition; answers its id. */
export async function publish(
  api: TestApi,
  content: Partial<DefinitionContent>,
  viewer = api.designer,
): Promise<string> {
  const id = await draft(api, content, viewer);
  valueOf(await publishDefinition(api.context(viewer), { definitionId: keyOf(id) }));
  return id;
}

/** A new entity; answers its id. */
export async function entity(
  api: TestApi,
  { title = 'Roof 1', schema: schemaName = 'opportunity', viewer = api.member, attributes = {} } = {},
): Promise<string> {
  const made = await createEntity(api.context(viewer), { schema: schemaName, title, attributes });
  return encodeId('Entity', valueOf(made));
}

let teams = 0;

/** A new team with these members; answers its key and id. Ask for the members' viewers afterwards: a viewer holds the teams of then. */
export async function team(
  api: TestApi,
  members: readonly Viewer[],
  name = `Team ${(teams += 1)}`,
): Promise<{ readonly key: string; readonly id: string; readonly name: string }> {
  const memberIds = members.map(({ userId }) => userId);
  const key = valueOf(await createTeam(api.context(api.admin), { name, memberIds }));
  return { key, id: encodeId('Team', key), name };
}

/** A running execution, and the ids of what is in it by name. */
export interface Running {
  readonly id: string;
  readonly entityId: string;
  readonly definitionId: string;
  task(name: string): string;
  phase(name: string): string;
}

export interface StartOptions {
  readonly viewer?: Viewer;
  readonly definitionId?: string;
  readonly entityId?: string;
  readonly contextEntityIds?: readonly string[];
}

function idOf(items: readonly Named[], name: string): string {
  const found = items.find((item) => item.name === name);
  if (!found) throw new Error(`nothing is called ${name}`);
  return found.id;
}

/** Starts an execution of the content (published for it, unless a definition is given) on an entity of its own. */
export async function start(
  api: TestApi,
  content: Partial<DefinitionContent>,
  { viewer = api.member, ...options }: StartOptions = {},
): Promise<Running> {
  const definitionId = options.definitionId ?? (await publish(api, content));
  const entityId = options.entityId ?? (await entity(api));
  const { contextEntityIds = [] } = options;
  const { execution } = await done(api, viewer, 'startExecution', {
    definitionId,
    entityId,
    contextEntityIds,
  });
  if (!execution) throw new Error('the execution was not started');
  const { id, tasks, phases } = execution;
  return {
    id,
    entityId,
    definitionId,
    task: (name) => idOf(tasks, name),
    phase: (name) => idOf(phases, name),
  };
}

/** The execution as the viewer sees it; null if they don't. */
export async function readExecution(
  api: TestApi,
  viewer: Viewer,
  id: string,
): Promise<ExecutionViewFragment | null> {
  const { workflowExecution } = await api.data(viewer, READ_EXECUTION, { id });
  return workflowExecution ?? null;
}

/** The task as the viewer sees it; null if they don't. */
export async function readTask(api: TestApi, viewer: Viewer, id: string): Promise<TaskViewFragment | null> {
  const { task } = await api.data(viewer, READ_TASK, { id });
  return task ?? null;
}

/** How many events the log of the viewer's organization has. */
export function eventCount(api: TestApi, { organizationId }: Viewer): Promise<number> {
  return readPosition(api.database, organizationId);
}

/** The key in a global id. */
export function keyOf(id: string): string {
  const parsed = parseId(id);
  if (!parsed) throw new Error(`${id} is no id`);
  return parsed.key;
}

/** The global id of a user. */
export function userId({ userId: key }: Viewer): string {
  return encodeId('User', key);
}

/** An id of the type that belongs to nothing. */
export function unknownId(type: NodeType): string {
  return encodeId(type, '00000000-0000-7000-8000-000000000000');
}

/** The name of a user or a team; undefined for who is not known. */
export function nameOf(assignee: object): unknown {
  return 'name' in assignee ? assignee.name : undefined;
}
