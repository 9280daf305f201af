/** Invisible links, which keep what they link below each other. */
import { groupBy } from '../engine/collections.ts';
import type { FlowEdge, FlowTask } from './flow.ts';
import type { ChartLink } from './mermaid.ts';

/** The guides of a chart with these links: for its phases, and for the tasks that are in no order. */
export function guidesFor(
  links: readonly ChartLink[],
  tasks: readonly FlowTask[],
  edges: readonly FlowEdge[],
): ChartLink[] {
  const groups = groupBy(tasks, ({ phaseId }) => phaseId);
  return [...betweenPhases(links, groups, edges), ...alongChecklists(groups, edges)];
}

type Groups = ReadonlyMap<string | null, readonly FlowTask[]>;

/**
 * Mermaid ties a link of a frame to any of the nodes in it, and then places frames side by side that follow one another. So every
 * such link gets a guide: from the last task of the one phase to the first task of the other.
 */
function betweenPhases(links: readonly ChartLink[], groups: Groups, edges: readonly FlowEdge[]): ChartLink[] {
  const firsts = new Map<string, string>();
  const lasts = new Map<string, string>();
  const phaseOf = new Map([...groups].flatMap(([phaseId, tasks]) => tasks.map(({ id }) => [id, phaseId])));
  const inside = edges.filter(({ from, to, isLoop }) => !isLoop && phaseOf.get(from) === phaseOf.get(to));
  const followed = new Set(inside.map(({ from }) => from));
  const preceded = new Set(inside.map(({ to }) => to));
  for (const [phaseId, tasks] of groups) {
    const first = tasks.find(({ id }) => !preceded.has(id));
    const last = tasks.findLast(({ id }) => !followed.has(id));
    if (phaseId !== null && first) firsts.set(phaseId, first.id);
    if (phaseId !== null && last) lasts.set(phaseId, last.id);
  }
  return links
    .filter(({ from, to, arrow }) => arrow !== 'DOTTED' && (lasts.has(from) || firsts.has(to)))
    .map(({ from, to }) => guide(lasts.get(from) ?? from, firsts.get(to) ?? to));
}

/** Tasks that nothing puts in an order would stand in one row, however many they are; they are listed instead. */
function alongChecklists(groups: Groups, edges: readonly FlowEdge[]): ChartLink[] {
  const inFlow = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return [...groups.values()].flatMap((tasks) => {
    const loose = tasks.filter(({ id }) => !inFlow.has(id));
    return loose.slice(1).map(({ id }, index) => guide(loose[index]?.id ?? id, id));
  });
}

function guide(from: string, to: string): ChartLink {
  return { from, to, arrow: 'INVISIBLE', label: null, style: null };
}
