/** Short ways to write definitions, executions and commands in tests. Ids are the keys. */
import { advance } from '../../src/engine/advance.ts';
import type { Command, CommandContext } from '../../src/engine/command.ts';
import type {
  BranchDefinition,
  DecisionDefinition,
  DefinitionContent,
  EdgeDefinition,
  NodeRef,
  PhaseDefinition,
  Statement,
  TaskDefinition,
} from '../../src/engine/definition.ts';
import type { Attributes, Facts } from '../../src/engine/facts.ts';
import type { Advanced, EngineEvent, Problem } from '../../src/engine/result.ts';
import { startExecution, type Started, type StartInput } from '../../src/engine/start.ts';
import type { ExecutionState, PhaseData, TaskData } from '../../src/engine/state.ts';
import { UTC_CALENDAR } from './utc-calendar.ts';

/** Nothing to know about the world: an entity without attributes, nobody who is named by a text. */
export const NO_FACTS: Facts = {
  entities: [{ id: 'entity', schema: 'order', title: 'Order 1', attributes: {} }],
  people: new Map(),
  inactiveIds: new Set(),
  writeAssignee: ({ id }) => id,
};

/** The world of an entity with these attributes. */
export function factsOf(attributes: Attributes, parts: Partial<Facts> = {}): Facts {
  return {
    ...NO_FACTS,
    entities: [{ id: 'entity', schema: 'order', title: 'Order 1', attributes }],
    ...parts,
  };
}

export const START: CommandContext = {
  now: '2026-03-02T08:00:00.000Z',
  actor: { type: 'USER', id: 'user-anna' },
  calendar: UTC_CALENDAR,
  facts: NO_FACTS,
};
export const LATER: CommandContext = {
  ...START,
  now: '2026-03-03T09:30:00.000Z',
  actor: { type: 'USER', id: 'user-bert' },
};

/** A task or, with a `#` before its key, a phase. */
export function ref(name: string): NodeRef {
  return name.startsWith('#') ? { phaseKey: name.slice(1) } : { taskKey: name };
}

/** `'a > b'`, `'#first > #second'`, and `'d =yes> b'` for an edge of the branch `yes`. */
export function edge(text: string): EdgeDefinition {
  const [from = '', to = ''] = text.split(/ (?:=\S+)?> /);
  const branchKey = / =(\S+)> /.exec(text)?.[1] ?? null;
  return { from: ref(from), to: ref(to), branchKey };
}

/** A branch that is never met, unless `parts` give it statements or make it the default. */
export function branch(key: string, parts: Partial<BranchDefinition> = {}): BranchDefinition {
  return { key, name: key, isDefault: false, connective: 'AND', statements: [], ...parts };
}

/** "The attribute equals the value." */
export function equals(path: string, value: string): Statement {
  return {
    source: { type: 'ENTITY', entitySchema: null, paths: [path], match: 'ANY', offset: null },
    operator: 'EQUALS',
    values: [value],
    valueType: 'STATIC',
  };
}

/** A decision by hand among the branches, unless `parts` say otherwise. */
export function decision(
  key: string,
  branches: readonly BranchDefinition[],
  parts: Partial<DecisionDefinition> = {},
  taskParts: Partial<TaskDefinition> = {},
): TaskDefinition {
  return task(key, {
    type: 'DECISION',
    decision: { mode: 'MANUAL', takes: 'FIRST_MET', loop: null, branches, ...parts },
    ...taskParts,
  });
}

export function task(key: string, parts: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    key,
    name: key,
    description: null,
    type: 'MANUAL',
    phaseKey: null,
    assignees: [],
    dueAt: null,
    dueRule: null,
    escalations: [],
    schedule: null,
    decision: null,
    automation: null,
    external: null,
    journey: null,
    confirmation: null,
    requirements: [],
    labels: [],
    audienceTexts: [],
    ...parts,
  };
}

/** `'first: a b'`: the phase `first` with the tasks a and b. */
export function phased(...lines: readonly string[]): Pick<DefinitionContent, 'phases' | 'tasks'> {
  const parsed = lines.map((line) => {
    const [key = '', tasks = ''] = line.split(':');
    return { key, keys: tasks.split(' ').filter((name) => name !== '') };
  });
  return {
    phases: parsed.map(({ key }) => phase(key)),
    tasks: parsed.flatMap(({ key, keys }) => keys.map((name) => task(name, { phaseKey: key }))),
  };
}

export function phase(key: string, parts: Partial<PhaseDefinition> = {}): PhaseDefinition {
  return { key, name: key, assignees: [], dueAt: null, dueRule: null, escalations: [], labels: [], ...parts };
}

export function definition(parts: Partial<DefinitionContent> = {}): DefinitionContent {
  return {
    name: 'Solar installation',
    description: null,
    labels: [],
    isSequential: false,
    isVisibleInPortal: false,
    assignees: [],
    dueAt: null,
    dueRule: null,
    escalations: [],
    triggers: [{ type: 'MANUAL', entitySchema: null }],
    phases: [],
    tasks: [],
    edges: [],
    closingReasonIds: [],
    hasSingleClosingReason: false,
    entitySync: [],
    ...parts,
  };
}

/** Gives every task and phase its key as id, and every closing reason its id as title. */
export function startInput(content: DefinitionContent): StartInput {
  const sameAsKey = (items: readonly { readonly key: string }[]): Record<string, string> =>
    Object.fromEntries(items.map(({ key }) => [key, key]));
  return {
    content,
    executionId: 'execution',
    entityIds: ['entity'],
    ids: { phases: sameAsKey(content.phases), tasks: sameAsKey(content.tasks) },
    closingReasons: content.closingReasonIds.map((id) => ({ id, title: id })),
  };
}

export function startOf(content: DefinitionContent, context = START): Started {
  return startExecution(startInput(content), context);
}

export function started(parts: Partial<DefinitionContent>, context = START): ExecutionState {
  return startOf(definition(parts), context).state;
}

/** What the command does; throws if it is refused. */
export function accepted(state: ExecutionState, command: Command, context = LATER): Advanced {
  const result = advance(state, command, context);
  if (!result.ok) throw new Error(`${command.type} was refused: ${JSON.stringify(result.problem)}`);
  return result;
}

/** The state after the commands; throws if one of them is refused. */
export function after(state: ExecutionState, ...commands: readonly Command[]): ExecutionState {
  return commands.reduce((current, command) => accepted(current, command).state, state);
}

/** Why the command is refused; throws if it is not. */
export function refused(state: ExecutionState, command: Command, context = LATER): Problem {
  const result = advance(state, command, context);
  if (result.ok) throw new Error(`${command.type} was accepted`);
  return result.problem;
}

/** The state after each of the tasks was completed, in the order given. */
export function completed(state: ExecutionState, ...taskIds: readonly string[]): ExecutionState {
  return after(state, ...taskIds.map((taskId) => ({ type: 'COMPLETE_TASK', taskId }) as const));
}

export function taskOf(state: ExecutionState, id: string): TaskData {
  const found = state.tasks.find((item) => item.id === id);
  if (!found) throw new Error(`no task ${id}`);
  return found;
}

export function phaseOf(state: ExecutionState, id: string): PhaseData {
  const found = state.phases.find((item) => item.id === id);
  if (!found) throw new Error(`no phase ${id}`);
  return found;
}

export function enabledIds(state: ExecutionState): string[] {
  return state.tasks.filter(({ isEnabled }) => isEnabled).map(({ id }) => id);
}

/** `'TASK_STARTED a'`, `'PHASE_STARTED #first'`, `'EXECUTION_DONE'`. */
export function told(events: readonly EngineEvent[]): string[] {
  return events.map(({ type, taskId, phaseId }) => {
    if (taskId !== null) return `${type} ${taskId}`;
    return phaseId === null ? type : `${type} #${phaseId}`;
  });
}

/** `'a > b'` for each edge of the flow. */
export function edgesOf(state: ExecutionState): string[] {
  return state.execution.edges.map(({ from, to }) =>
    [from, to].map((node) => ('taskId' in node ? node.taskId : `#${node.phaseId}`)).join(' > '),
  );
}
