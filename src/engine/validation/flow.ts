/** Edges, requirements and schedules that contradict each other. */
import type { DefinitionContent } from '../definition.ts';
import { anchorIssues } from './anchors.ts';
import { edgeIssues } from './edges.ts';
import {
  circlesOf,
  isSameCircle,
  reachedFrom,
  shortestWay,
  successorsOf,
  type Arc,
  type Circles,
  type Successors,
} from './graph.ts';
import { error, type DefinitionIssue } from './issue.ts';
import type { Keys } from './keys.ts';
import { loopIssues } from './loops.ts';
import { reachOf, type Reach } from './reach.ts';
import { requirementIssues } from './requirements.ts';
import { structureOf, type FlowArc, type Structure, type WaitArc } from './structure.ts';
import { nameOfTask, sentence } from './subjects.ts';

export function flowIssues(content: DefinitionContent, keys: Keys): DefinitionIssue[] {
  const structure = structureOf(content, keys);
  const flow = successorsOf(structure.nodes.count, structure.flow);
  const reach = reachOf(flow);
  return [
    ...edgeIssues(content, keys),
    ...requirementIssues(content),
    ...circleIssues(structure, flow, reach),
    ...loopIssues(structure, reach),
    ...anchorIssues(structure),
  ];
}

/**
 * Three graphs: the flow, the requirements, and both with the schedules. A circle in either of the first two is told first; what only all
 * together make is a requirement or a schedule that can never be met.
 */
function circleIssues(structure: Structure, flowGraph: Successors, reach: Reach): DefinitionIssue[] {
  const { nodes, membership, waits } = structure;
  const flowCircles = circlesOf(flowGraph);
  const requirements = waits.filter(({ kind }) => kind === 'REQUIREMENT');
  const requirementGraph = successorsOf(nodes.count, [...membership, ...requirements]);
  const requirementCircles = circlesOf(requirementGraph);
  const reported = [flowCircles, requirementCircles];
  const late = waits.filter(
    ({ from, to }) => reach(to, from) && !reported.some((circles) => isSameCircle(circles, from, to)),
  );
  return [
    ...cycleIssues(structure, flowGraph, flowCircles),
    ...unreachableIssues(structure, flowGraph, flowCircles),
    ...firstArcs(requirements, requirementCircles).map((arc) =>
      error(
        'CIRCULAR_REQUIREMENTS',
        arc.path,
        `These wait for each other: ${circleThrough(structure, requirementGraph, requirementCircles, arc)}.`,
      ),
    ),
    ...late.map((arc) => {
      const verb = arc.kind === 'REQUIREMENT' ? 'requires' : 'is scheduled from the end of';
      const message = `${sentence(nodes.nameOf(arc.to))} ${verb} ${nodes.nameOf(arc.from)}, which comes after it.`;
      return error(`${arc.kind}_NEVER_MET`, arc.path, message);
    }),
    ...combinedIssues(structure, new Set(late), reported),
  ];
}

/** One for each circle; if it goes by way of a branch that should leave a loop, then that is told. */
function cycleIssues(structure: Structure, graph: Successors, circles: Circles): DefinitionIssue[] {
  const { content, flow, roleOf } = structure;
  const edgeOf = ({ edge }: FlowArc) => (edge === null ? undefined : content.edges[edge]);
  const isExit = (arc: FlowArc): boolean => {
    const edge = edgeOf(arc);
    return edge !== undefined && roleOf(edge) === 'EXIT';
  };
  const drawn = flow.filter(({ edge }) => edge !== null);
  return firstArcs([...drawn.filter(isExit), ...drawn], circles)
    .sort((a, b) => (a.edge ?? 0) - (b.edge ?? 0))
    .map((arc) => {
      const path = `edges[${arc.edge}]`;
      const circle = circleThrough(structure, graph, circles, arc);
      if (isExit(arc))
        return error(
          'LOOP_EXIT_LEADS_BACK',
          path,
          `The branch that should leave the loop leads back: ${circle}.`,
        );
      const decision = content.tasks.find(
        (task, node) => task.decision?.loop === null && circles.of[node] === circles.of[arc.from],
      );
      const hint = decision
        ? ` If it is to repeat, make the branch that leads back the loop of ${nameOfTask(decision)}.`
        : '';
      return error('CYCLE', path, `The edges go in a circle: ${circle}.${hint}`);
    });
}

/** What comes after a circle; the tasks of the circle itself are named with it. */
function unreachableIssues(structure: Structure, graph: Successors, circles: Circles): DefinitionIssue[] {
  if (circles.count === 0) return [];
  const { content, nodes } = structure;
  // One more node that leads to every circle, so that one walk finds all that comes after any of them.
  const inCircles = [...circles.of.keys()].filter((node) => circles.of[node] !== null);
  const reached = reachedFrom([...graph, inCircles], nodes.count);
  return [...reached]
    .filter((node) => node < content.tasks.length && circles.of[node] === null)
    .sort((a, b) => a - b)
    .map((task) =>
      error(
        'UNREACHABLE_TASK',
        `tasks[${task}]`,
        `${sentence(nodes.nameOf(task))} is never reached: a circle of edges comes before it.`,
      ),
    );
}

/** Circles of edges and several requirements and schedules, none of them wrong alone. */
function combinedIssues(
  structure: Structure,
  late: ReadonlySet<WaitArc>,
  reported: readonly Circles[],
): DefinitionIssue[] {
  const { nodes, flow, waits } = structure;
  const rest = waits.filter((arc) => !late.has(arc));
  const graph = successorsOf(nodes.count, [...flow, ...rest]);
  const circles = circlesOf(graph);
  const known = new Set(
    [...circles.of.entries()]
      .filter(([node]) => reported.some(({ of }) => of[node] != null))
      .map(([, circle]) => circle),
  );
  const kinds = waits.some(({ kind }) => kind === 'SCHEDULE')
    ? 'Edges, requirements and schedules'
    : 'Edges and requirements';
  return firstArcs(rest, circles)
    .filter(({ to }) => !known.has(circles.of[to] ?? null))
    .map((arc) =>
      error(
        `${arc.kind}_NEVER_MET`,
        arc.path,
        `${kinds} together go in a circle: ${circleThrough(structure, graph, circles, arc)}.`,
      ),
    );
}

/** The first arc within each circle. */
function firstArcs<T extends Arc>(arcs: readonly T[], circles: Circles): T[] {
  const first = new Map<number, T>();
  for (const arc of arcs) {
    const circle = circles.of[arc.from];
    if (circle != null && isSameCircle(circles, arc.from, arc.to) && !first.has(circle))
      first.set(circle, arc);
  }
  return [...first.values()];
}

/** More names than this of one circle are not told. */
const MAX_NAMES = 10;

/** `task "A" → task "B" → task "A"`: from the arc's source over the arc and a shortest way back, which does not leave the circle. */
function circleThrough({ nodes }: Structure, graph: Successors, circles: Circles, { from, to }: Arc): string {
  const way = shortestWay(graph, to, from, (node) => isSameCircle(circles, node, from)) ?? [];
  const names = [from, ...way]
    .map((node) => nodes.nameOf(node))
    .filter((name, index, all) => name !== all[index - 1]);
  const left = names.length - MAX_NAMES;
  const told = left > 0 ? [...names.slice(0, -1 - left), `… ${left} more …`, ...names.slice(-1)] : names;
  return told.join(' → ');
}
