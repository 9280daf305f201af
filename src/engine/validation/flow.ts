/** Edges and requirements that contradict themselves or each other. */
import type { DefinitionContent } from '../definition.ts';
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
import { error, warning, type DefinitionIssue } from './issue.ts';
import { nameOfPhase, nameOfTask, refKey, sentence } from './subjects.ts';
import { structureOf, type RequirementArc, type Structure } from './structure.ts';

export function flowIssues(content: DefinitionContent): DefinitionIssue[] {
  return [...edgeIssues(content), ...ownRequirementIssues(content), ...circleIssues(structureOf(content))];
}

function edgeIssues(content: DefinitionContent): DefinitionIssue[] {
  const used = new Set(content.tasks.map(({ phaseKey }) => phaseKey));
  const empty = new Map(
    content.phases.filter(({ key }) => !used.has(key)).map((phase) => [phase.key, phase]),
  );
  const seen = new Set<string>();
  return content.edges.flatMap(({ from, to }, index) => {
    const path = `edges[${index}]`;
    const key = `${refKey(from)} > ${refKey(to)}`;
    if (refKey(from) === refKey(to))
      return [error('SELF_EDGE', path, 'The edge leads back to where it comes from.')];
    if (seen.has(key)) return [error('DUPLICATE_EDGE', path, 'There is such an edge already.')];
    seen.add(key);
    const phase = 'phaseKey' in from ? empty.get(from.phaseKey) : undefined;
    if (!phase) return [];
    return [
      error(
        'EDGE_FROM_EMPTY_PHASE',
        `${path}.from`,
        `${sentence(nameOfPhase(phase))} has no task to come from.`,
      ),
    ];
  });
}

function ownRequirementIssues(content: DefinitionContent): DefinitionIssue[] {
  return content.tasks.flatMap((task, index) => {
    const seen = new Set<string>();
    return task.requirements.flatMap((ref, at) => {
      const path = `tasks[${index}].requirements[${at}]`;
      if ('taskKey' in ref && ref.taskKey === task.key)
        return [error('SELF_REQUIREMENT', path, `${sentence(nameOfTask(task))} requires itself.`)];
      if ('phaseKey' in ref && ref.phaseKey === task.phaseKey)
        return [
          error(
            'REQUIREMENT_NEVER_MET',
            path,
            `${sentence(nameOfTask(task))} requires the phase that it is in.`,
          ),
        ];
      const isRepeated = seen.has(refKey(ref));
      seen.add(refKey(ref));
      if (!isRepeated) return [];
      return [warning('DUPLICATE_REQUIREMENT', path, `${sentence(nameOfTask(task))} requires this already.`)];
    });
  });
}

/** Three graphs: the flow, the requirements, and both. A circle in either of the first two is told first; what only both
 * together make is a requirement that can never be met. */
function circleIssues(structure: Structure): DefinitionIssue[] {
  const { nodeCount, flow, membership, requirements } = structure;
  const flowGraph = successorsOf(nodeCount, flow);
  const flowCircles = circlesOf(flowGraph);
  const requirementGraph = successorsOf(nodeCount, [...membership, ...requirements]);
  const requirementCircles = circlesOf(requirementGraph);
  const late = lateRequirements(structure, flowGraph, flowCircles, requirementCircles);
  return [
    ...cycleIssues(structure, flowGraph, flowCircles),
    ...unreachableIssues(structure, flowGraph, flowCircles),
    ...circularRequirementIssues(structure, requirementGraph, requirementCircles),
    ...late.map((arc) =>
      error(
        'REQUIREMENT_NEVER_MET',
        pathOf(arc),
        `${sentence(structure.nameOf(arc.to))} requires ${structure.nameOf(arc.from)}, which comes after it.`,
      ),
    ),
    ...combinedIssues(structure, new Set(late), [flowCircles, requirementCircles]),
  ];
}

function cycleIssues(structure: Structure, graph: Successors, circles: Circles): DefinitionIssue[] {
  const drawn = structure.flow.filter((arc) => arc.edge !== null);
  return firstArcs(drawn, circles).map((arc) =>
    error(
      'CYCLE',
      `edges[${arc.edge}]`,
      `The edges go in a circle: ${circleThrough(structure, graph, arc)}.`,
    ),
  );
}

/** What comes after a circle; the tasks of the circle itself are named with it. */
function unreachableIssues(structure: Structure, graph: Successors, circles: Circles): DefinitionIssue[] {
  if (circles.count === 0) return [];
  const { nodeCount, taskCount } = structure;
  // One more node that leads to every circle, so that one walk finds all that comes after any of them.
  const inCircles = [...circles.of.keys()].filter((node) => circles.of[node] !== null);
  const reached = reachedFrom([...graph, inCircles], nodeCount);
  return [...reached]
    .filter((node) => node < taskCount && circles.of[node] === null)
    .sort((a, b) => a - b)
    .map((task) =>
      error(
        'UNREACHABLE_TASK',
        `tasks[${task}]`,
        `${sentence(structure.nameOf(task))} is never reached: a circle of edges comes before it.`,
      ),
    );
}

function circularRequirementIssues(
  structure: Structure,
  graph: Successors,
  circles: Circles,
): DefinitionIssue[] {
  return firstArcs(structure.requirements, circles).map((arc) =>
    error(
      'CIRCULAR_REQUIREMENTS',
      pathOf(arc),
      `These wait for each other: ${circleThrough(structure, graph, arc)}.`,
    ),
  );
}

/** Requirements of something that the flow puts after the task. */
function lateRequirements(
  { nodeCount, flow, requirements }: Structure,
  flowGraph: Successors,
  ...reported: readonly Circles[]
): RequirementArc[] {
  const all = circlesOf(successorsOf(nodeCount, [...flow, ...requirements]));
  const after = new Map<number, ReadonlySet<number>>();
  const comesAfter = (node: number, task: number): boolean => {
    const known = after.get(task) ?? reachedFrom(flowGraph, task);
    after.set(task, known);
    return known.has(node);
  };
  return requirements.filter(
    ({ from, to }) =>
      // Only within a circle can it be; so in a definition without one nothing is walked through.
      isSameCircle(all, from, to) &&
      !reported.some((circles) => isSameCircle(circles, from, to)) &&
      comesAfter(from, to),
  );
}

/** Circles of edges and several requirements, none of them wrong alone. */
function combinedIssues(
  structure: Structure,
  late: ReadonlySet<RequirementArc>,
  reported: readonly Circles[],
): DefinitionIssue[] {
  const { nodeCount, flow, requirements } = structure;
  const rest = requirements.filter((arc) => !late.has(arc));
  const graph = successorsOf(nodeCount, [...flow, ...rest]);
  const circles = circlesOf(graph);
  const known = new Set(
    [...circles.of.entries()]
      .filter(([node]) => reported.some(({ of }) => of[node] != null))
      .map(([, circle]) => circle),
  );
  return firstArcs(rest, circles)
    .filter(({ to }) => !known.has(circles.of[to] ?? null))
    .map((arc) =>
      error(
        'REQUIREMENT_NEVER_MET',
        pathOf(arc),
        `Edges and requirements together go in a circle: ${circleThrough(structure, graph, arc)}.`,
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

/** `task "A" → task "B" → task "A"`: from the arc's source over the arc and a shortest way back. */
function circleThrough(structure: Structure, graph: Successors, { from, to }: Arc): string {
  const nodes = [from, ...(shortestWay(graph, to, from) ?? [])];
  const names = nodes.map((node) => structure.nameOf(node));
  return names.filter((name, index) => name !== names[index - 1]).join(' → ');
}

function pathOf({ task, requirement }: RequirementArc): string {
  return `tasks[${task}].requirements[${requirement}]`;
}
