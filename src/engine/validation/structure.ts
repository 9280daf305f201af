/** The content of a definition as a graph: what waits for what. */
import { groupBy } from '../collections.ts';
import type { DefinitionContent, NodeRef } from '../definition.ts';
import type { Arc } from './graph.ts';
import { nameOfPhase, nameOfTask, refKey } from './subjects.ts';

/** "`to` waits for `from`", because of an edge of the definition (its index), or of how phases work (null). */
export interface FlowArc extends Arc {
  readonly edge: number | null;
}

/** "`to` waits for `from`", because the task requires it. */
export interface RequirementArc extends Arc {
  readonly task: number;
  readonly requirement: number;
}

/**
 * A task is one node. A phase is two: its beginning, for which its start tasks wait, and its end, which waits for all its
 * tasks. The end waits for the beginning even without tasks, because tasks can be added by hand later.
 */
export interface Structure {
  readonly nodeCount: number;
  /** The first `taskCount` nodes are the tasks. */
  readonly taskCount: number;
  /** By edges and phases. Self edges are left out. */
  readonly flow: readonly FlowArc[];
  /** From every task to the end of its phase. */
  readonly membership: readonly Arc[];
  /** Of tasks that require themselves or their own phase, those are left out. */
  readonly requirements: readonly RequirementArc[];
  /** What people call a node. */
  readonly nameOf: (node: number) => string;
}

/** References to what does not exist are left out; a repeated key means its first bearer. */
export function structureOf(content: DefinitionContent): Structure {
  const nodes = nodesOf(content);
  const membership = content.tasks.flatMap(({ phaseKey }, task) => {
    const end = phaseKey === null ? null : nodes.source({ phaseKey });
    return end === null ? [] : [{ from: task, to: end }];
  });
  return {
    nodeCount: nodes.count,
    taskCount: content.tasks.length,
    flow: [...edgeArcs(content, nodes), ...phaseArcs(content, nodes, membership)],
    membership,
    requirements: requirementArcs(content, nodes),
    nameOf: nodes.nameOf,
  };
}

/** The tasks as people see them: by phase, those without one last. */
function topToBottom({ phases, tasks }: DefinitionContent): number[] {
  const positions = new Map(phases.map(({ key }, index) => [key, index]));
  const positionOf = (task: number): number => positions.get(tasks[task]?.phaseKey ?? '') ?? phases.length;
  return [...tasks.keys()].sort((a, b) => positionOf(a) - positionOf(b));
}

function edgeArcs(content: DefinitionContent, nodes: Nodes): FlowArc[] {
  const drawn = content.edges.flatMap(({ from, to }, edge) => {
    const source = nodes.source(from);
    const target = nodes.target(to);
    const isSelf = refKey(from) === refKey(to);
    return source === null || target === null || isSelf ? [] : [{ from: source, to: target, edge }];
  });
  return content.isSequential ? [...drawn, ...chainArcs(content, nodes, drawn)] : drawn;
}

/**
 * The chain of a sequential definition, empty phases included: a task that is added to one of them by hand joins the
 * chain there. None if edges were drawn that are another flow.
 */
function chainArcs(content: DefinitionContent, nodes: Nodes, drawn: readonly FlowArc[]): FlowArc[] {
  const tasks = topToBottom(content);
  const present = new Set(drawn.map(({ from, to }) => `${from} ${to}`));
  const isChain = tasks.every((task, index) => index === 0 || present.has(`${tasks[index - 1]} ${task}`));
  if (content.edges.length > 0 && !(isChain && drawn.length === tasks.length - 1)) return [];
  const arcs: FlowArc[] = [];
  let previous: number | null = null;
  const follow = (target: number | null, source: number | null): void => {
    if (previous !== null && target !== null) arcs.push({ from: previous, to: target, edge: null });
    previous = source;
  };
  const byPhase = groupBy(tasks, (task) => nodes.phaseOf(task));
  for (const [index, { key: phaseKey }] of content.phases.entries()) {
    const members = byPhase.get(index) ?? [];
    for (const task of members) follow(task, task);
    if (members.length === 0) follow(nodes.target({ phaseKey }), nodes.source({ phaseKey }));
  }
  for (const task of byPhase.get(null) ?? []) follow(task, task);
  return arcs;
}

function phaseArcs(content: DefinitionContent, nodes: Nodes, membership: readonly Arc[]): FlowArc[] {
  const isFollower = new Set<string>();
  for (const { from, to } of content.edges) {
    if (!('taskKey' in from && 'taskKey' in to) || from.taskKey === to.taskKey) continue;
    const phase = nodes.phaseOf(nodes.source(from));
    if (phase !== null && phase === nodes.phaseOf(nodes.target(to))) isFollower.add(to.taskKey);
  }
  const starts = content.tasks.flatMap(({ key, phaseKey }, task) => {
    const beginning = phaseKey === null ? null : nodes.target({ phaseKey });
    return beginning === null || isFollower.has(key) ? [] : [{ from: beginning, to: task, edge: null }];
  });
  const spans = content.phases.flatMap(({ key: phaseKey }) => {
    const [from, to] = [nodes.target({ phaseKey }), nodes.source({ phaseKey })];
    return from === null || to === null ? [] : [{ from, to, edge: null }];
  });
  return [...starts, ...spans, ...membership.map((arc) => ({ ...arc, edge: null }))];
}

function requirementArcs(content: DefinitionContent, nodes: Nodes): RequirementArc[] {
  return content.tasks.flatMap(({ key, phaseKey, requirements }, task) =>
    requirements.flatMap((ref, requirement) => {
      const from = nodes.source(ref);
      const isOwn = 'taskKey' in ref ? ref.taskKey === key : ref.phaseKey === phaseKey;
      return from === null || isOwn ? [] : [{ from, to: task, task, requirement }];
    }),
  );
}

/** The numbers of tasks and phases. */
interface Nodes {
  readonly count: number;
  /** What waits if something comes before the node: a task, or the beginning of a phase. */
  readonly target: (ref: NodeRef) => number | null;
  /** What is waited for if something comes after the node: a task, or the end of a phase. */
  readonly source: (ref: NodeRef) => number | null;
  /** The index of a task's phase. */
  readonly phaseOf: (task: number | null) => number | null;
  readonly nameOf: (node: number) => string;
}

function nodesOf({ tasks, phases }: DefinitionContent): Nodes {
  const taskByKey = firstByKey(tasks);
  const phaseByKey = firstByKey(phases);
  const target = (ref: NodeRef): number | null => {
    if ('taskKey' in ref) return taskByKey.get(ref.taskKey) ?? null;
    const phase = phaseByKey.get(ref.phaseKey);
    return phase === undefined ? null : tasks.length + 2 * phase;
  };
  return {
    count: tasks.length + 2 * phases.length,
    target,
    source: (ref) => {
      const node = target(ref);
      return node === null || 'taskKey' in ref ? node : node + 1;
    },
    phaseOf: (task) => {
      const phaseKey = task === null ? null : (tasks[task]?.phaseKey ?? null);
      return phaseKey === null ? null : (phaseByKey.get(phaseKey) ?? null);
    },
    nameOf: (node) => {
      const task = tasks[node];
      const phase = phases[Math.floor((node - tasks.length) / 2)];
      return task ? nameOfTask(task) : phase ? nameOfPhase(phase) : '';
    },
  };
}

function firstByKey(items: readonly { readonly key: string }[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  items.forEach(({ key }, index) => {
    if (!first.has(key)) first.set(key, index);
  });
  return first;
}
