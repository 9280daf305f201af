/** How a flow becomes a chart: phases as frames, tasks as nodes, edges and requirements as links. */
import { groupBy } from '../engine/collections.ts';
import type { TaskType } from '../engine/definition.ts';
import { endsOf, startsOf, type Flow, type FlowTask, type Way } from './flow.ts';
import { guidesFor } from './guides.ts';
import { shortened, type Chart, type ChartLink, type ChartNode } from './mermaid.ts';
import {
  EMPTY_PHASE_LOOK,
  MARK_LOOK,
  NOT_TAKEN_LINK,
  PHASE_LOOK,
  REQUIREMENT_LINK,
  TAKEN_LINK,
  TASK_LOOKS,
} from './styles.ts';

const NAME_LENGTH = 60;
const BRANCH_LENGTH = 30;

const SHAPES: Readonly<Record<TaskType, ChartNode['shape']>> = {
  MANUAL: 'RECTANGLE',
  AUTOMATION: 'SUBROUTINE',
  DECISION: 'HEXAGON',
  EXTERNAL: 'SLANTED',
};

const LINK_STYLES: Readonly<Record<Way, string | null>> = {
  OPEN: null,
  TAKEN: TAKEN_LINK,
  NOT_TAKEN: NOT_TAKEN_LINK,
};

/**
 * The chart of a flow, with a mark where it begins and at the end of every branch that leads nowhere. A phase can't be linked
 * with itself or a task of its own in a picture: such edges and requirements, which no valid definition has, are left out.
 */
export function flowChart(flow: Flow): Chart {
  const tasks = new Map(flow.tasks.map((task) => [task.id, task]));
  const isDrawable = (from: string, to: string): boolean =>
    (from !== to || tasks.has(from)) && tasks.get(from)?.phaseId !== to && tasks.get(to)?.phaseId !== from;
  const edges = flow.edges.filter(({ from, to }) => isDrawable(from, to));
  const starts = startsOf(flow.phases, flow.tasks, edges);
  const ends = endsOf(flow.tasks, flow.edges).map((end, index) => ({ ...end, to: `stop${index + 1}` }));
  const wayLink = (from: string, to: string, branchKey: string | null, isLoop: boolean): ChartLink => ({
    from,
    to,
    arrow: isLoop ? 'DOTTED' : 'SOLID',
    label: branchLabel(tasks.get(from), branchKey),
    style: LINK_STYLES[flow.wayOf(from, branchKey)],
  });
  const links: ChartLink[] = [
    ...starts.map((to) => wayLink('start', to, null, false)),
    ...edges.map(({ from, to, branchKey, isLoop }) => wayLink(from, to, branchKey, isLoop)),
    ...ends.map(({ from, to, branchKey }) => wayLink(from, to, branchKey, false)),
    ...flow.tasks.flatMap(({ id, requirements }) =>
      requirements.filter((required) => isDrawable(required, id)).map((required) => needs(id, required)),
    ),
  ];
  return {
    ...nodesOf(flow, [
      ...(starts.length === 0 ? [] : [mark('start', 'Start', 'OPEN')]),
      ...ends.map(({ from, to, branchKey }) => mark(to, 'End', flow.wayOf(from, branchKey))),
    ]),
    links: [...links, ...guidesFor(links, flow.tasks, edges)],
    styles: {
      ...flow.looks,
      PHASE: PHASE_LOOK,
      EMPTY_PHASE: EMPTY_PHASE_LOOK,
      MARK: MARK_LOOK,
      MARK_NOT_TAKEN: TASK_LOOKS.NOT_TAKEN,
    },
  };
}

function nodesOf({ phases, tasks }: Flow, marks: readonly ChartNode[]): Pick<Chart, 'groups' | 'nodes'> {
  const byPhase = groupBy(tasks, ({ phaseId }) => phaseId);
  const filled = phases.filter(({ id }) => byPhase.has(id));
  const empty = phases.filter(({ id }) => !byPhase.has(id));
  return {
    groups: filled.map(({ id, name }) => ({
      id,
      title: nameOf(name),
      nodes: (byPhase.get(id) ?? []).map(taskNode),
      style: 'PHASE',
    })),
    nodes: [
      ...empty.map(({ id, name }): ChartNode => ({
        id,
        shape: 'RECTANGLE',
        lines: [nameOf(name), 'no tasks'],
        style: 'EMPTY_PHASE',
      })),
      ...(byPhase.get(null) ?? []).map(taskNode),
      ...marks,
    ],
  };
}

function taskNode({ id, type, name, notes, look }: FlowTask): ChartNode {
  return { id, shape: SHAPES[type], lines: [nameOf(name), ...notes], style: look };
}

/** A label can't be empty. */
function nameOf(name: string): string {
  return shortened(name, NAME_LENGTH) || '(no name)';
}

function mark(id: string, text: string, way: Way): ChartNode {
  const style = way === 'NOT_TAKEN' ? 'MARK_NOT_TAKEN' : 'MARK';
  return { id, shape: 'CIRCLE', lines: [text], style };
}

function needs(taskId: string, required: string): ChartLink {
  return { from: required, to: taskId, arrow: 'DOTTED_CIRCLE', label: null, style: REQUIREMENT_LINK };
}

/** `yes`, `no (default)`, `once more (loop, at most 3 times)`, `once more (loop, 1 of at most 3 times)`. */
function branchLabel(task: FlowTask | undefined, branchKey: string | null): string | null {
  if (!task?.decision) return null;
  if (branchKey === null) return 'always';
  const { branches, loop } = task.decision;
  const branch = branches.find(({ key }) => key === branchKey);
  const remarks: string[] = [];
  if (loop?.branchKey === branchKey) {
    const count = task.iterations === null ? '' : `${task.iterations} of `;
    remarks.push(`loop, ${count}at most ${times(loop.maxIterations)}`);
  } else if (loop?.exitBranchKey === branchKey) remarks.push('exit');
  if (branch?.isDefault) remarks.push('default');
  const name = shortened(branch?.name ?? branchKey, BRANCH_LENGTH) || '(no name)';
  return remarks.length === 0 ? name : `${name} (${remarks.join(', ')})`;
}

function times(count: number): string {
  return count === 1 ? '1 time' : `${count} times`;
}
