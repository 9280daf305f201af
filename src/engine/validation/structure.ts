/** The content of a definition as a graph: what waits for what. */
import { groupBy } from '../collections.ts';
import type { DefinitionContent, EdgeDefinition } from '../definition.ts';
import type { Arc } from './graph.ts';
import type { Keys } from './keys.ts';
import { nodesOf, type Nodes } from './nodes.ts';
import { refKey } from './subjects.ts';

/** "`to` waits for `from`", because of an edge of the definition (its index), or of how phases work (null). */
export interface FlowArc extends Arc {
  readonly edge: number | null;
}

/** An edge of a decision's loop branch, which leads back: nothing waits for it. */
export interface LoopArc extends Arc {
  readonly edge: number;
}

/** "`to` waits for `from`", because the task requires it or is scheduled from its end on. */
export interface WaitArc extends Arc {
  readonly kind: 'REQUIREMENT' | 'SCHEDULE';
  /** Where the definition says so. */
  readonly path: string;
}

export interface Structure {
  readonly content: DefinitionContent;
  readonly nodes: Nodes;
  /** By edges and phases. A phase's end waits for its beginning even without tasks, because tasks can be added by hand later. */
  readonly flow: readonly FlowArc[];
  readonly loops: readonly LoopArc[];
  /** From every task to the end of its phase. */
  readonly membership: readonly Arc[];
  readonly waits: readonly WaitArc[];
  /** Whether edges lead to a task, or to the beginning of a phase. */
  readonly isPreceded: (node: number) => boolean;
  /** What an edge is for the loop of the decision that it comes from: the way back, or the way out. */
  readonly roleOf: (edge: EdgeDefinition) => 'BACK' | 'EXIT' | null;
}

/** References to what does not exist are left out, and whatever leads to itself; a repeated key means its first bearer. */
export function structureOf(content: DefinitionContent, keys: Keys): Structure {
  const nodes = nodesOf(content);
  const roleOf = ({ from, branchKey }: EdgeDefinition): 'BACK' | 'EXIT' | null => {
    const loop = 'taskKey' in from ? keys.tasks.get(from.taskKey)?.decision?.loop : null;
    if (!loop || branchKey === null) return null;
    if (branchKey === loop.branchKey) return 'BACK';
    return branchKey === loop.exitBranchKey ? 'EXIT' : null;
  };
  const drawn = drawnArcs(content, nodes);
  const isBack = ({ edge }: LoopArc): boolean => {
    const definition = content.edges[edge];
    return definition !== undefined && roleOf(definition) === 'BACK';
  };
  const forward = drawn.filter((arc) => !isBack(arc));
  const membership = content.tasks.flatMap(({ phaseKey }, task) => {
    const end = phaseKey === null ? null : nodes.source({ phaseKey });
    return end === null ? [] : [{ from: task, to: end }];
  });
  const starts = startArcs(content, nodes, forward);
  return {
    content,
    nodes,
    flow: [
      ...forward,
      ...chainArcs(content, nodes, forward),
      ...starts,
      ...spanArcs(content, nodes),
      ...membership.map((arc) => ({ ...arc, edge: null })),
    ],
    loops: drawn.filter(isBack),
    membership,
    waits: [...requirementArcs(content, nodes), ...scheduleArcs(content, nodes)],
    isPreceded: precededBy(content, forward, starts),
    roleOf,
  };
}

function drawnArcs({ edges }: DefinitionContent, nodes: Nodes): LoopArc[] {
  return edges.flatMap(({ from, to }, edge) => {
    const source = nodes.source(from);
    const target = nodes.target(to);
    const isSelf = refKey(from) === refKey(to);
    return source === null || target === null || isSelf ? [] : [{ from: source, to: target, edge }];
  });
}

/** The tasks as people see them: by phase, those without one last. */
function topToBottom({ phases, tasks }: DefinitionContent): number[] {
  const positions = new Map(phases.map(({ key }, index) => [key, index]));
  const positionOf = (task: number): number => positions.get(tasks[task]?.phaseKey ?? '') ?? phases.length;
  return [...tasks.keys()].sort((a, b) => positionOf(a) - positionOf(b));
}

/**
 * The chain of a sequential definition, empty phases included: a task that is added to one of them by hand joins the
 * chain there. None if edges were drawn that are another flow.
 */
function chainArcs(content: DefinitionContent, nodes: Nodes, drawn: readonly FlowArc[]): FlowArc[] {
  if (!content.isSequential) return [];
  const tasks = topToBottom(content);
  const present = new Set(drawn.map(({ from, to }) => `${from} ${to}`));
  const isChain =
    content.edges.length === tasks.length - 1 &&
    content.edges.every(({ branchKey }) => branchKey === null) &&
    tasks.every((task, index) => index === 0 || present.has(`${tasks[index - 1]} ${task}`));
  if (content.edges.length > 0 && !isChain) return [];
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

/** From the beginning of each phase to its start tasks, to which no edge leads from another task of the phase. */
function startArcs({ tasks }: DefinitionContent, nodes: Nodes, drawn: readonly FlowArc[]): FlowArc[] {
  const followers = new Set(
    drawn.flatMap(({ from, to }) => {
      const phase = from < tasks.length && to < tasks.length ? nodes.phaseOf(from) : null;
      return phase !== null && phase === nodes.phaseOf(to) ? [to] : [];
    }),
  );
  return tasks.flatMap(({ phaseKey }, task) => {
    const beginning = phaseKey === null ? null : nodes.target({ phaseKey });
    return beginning === null || followers.has(task) ? [] : [{ from: beginning, to: task, edge: null }];
  });
}

function spanArcs({ phases }: DefinitionContent, nodes: Nodes): FlowArc[] {
  return phases.flatMap(({ key: phaseKey }) => {
    const [from, to] = [nodes.target({ phaseKey }), nodes.source({ phaseKey })];
    return from === null || to === null ? [] : [{ from, to, edge: null }];
  });
}

function requirementArcs({ tasks }: DefinitionContent, nodes: Nodes): WaitArc[] {
  return tasks.flatMap(({ key, phaseKey, requirements }, task) =>
    requirements.flatMap((ref, index) => {
      const from = nodes.source(ref);
      const isOwn = 'taskKey' in ref ? ref.taskKey === key : ref.phaseKey === phaseKey;
      const path = `tasks[${task}].requirements[${index}]`;
      return from === null || isOwn ? [] : [{ from, to: task, kind: 'REQUIREMENT' as const, path }];
    }),
  );
}

function scheduleArcs({ tasks }: DefinitionContent, nodes: Nodes): WaitArc[] {
  return tasks.flatMap(({ key, schedule }, task) => {
    const taskKey = schedule?.anchor === 'TASK_FINISHED' ? schedule.taskKey : null;
    const from = taskKey === null || taskKey === key ? null : nodes.source({ taskKey });
    return from === null
      ? []
      : [{ from, to: task, kind: 'SCHEDULE' as const, path: `tasks[${task}].schedule.taskKey` }];
  });
}

function precededBy(
  content: DefinitionContent,
  drawn: readonly FlowArc[],
  starts: readonly FlowArc[],
): (node: number) => boolean {
  const targets = new Set(drawn.map(({ to }) => to));
  const ofPhase = new Set(starts.filter(({ from }) => targets.has(from)).map(({ to }) => to));
  const isChain = content.isSequential && content.edges.length === 0;
  const ofChain = new Set(isChain ? topToBottom(content).slice(1) : []);
  return (node) => targets.has(node) || ofPhase.has(node) || ofChain.has(node);
}
