/** Loops of decisions: whether they lead back. */
import { groupBy } from '../collections.ts';
import { error, type DefinitionIssue } from './issue.ts';
import type { Reach } from './reach.ts';
import type { Structure } from './structure.ts';
import { nameOfTask, sentence } from './subjects.ts';

/** `reach` is of the flow, in which the loops' own edges are not. */
export function loopIssues({ content, nodes, loops, roleOf }: Structure, reach: Reach): DefinitionIssue[] {
  const isBack = new Set(
    content.edges.flatMap((edge) =>
      roleOf(edge) === 'BACK' && 'taskKey' in edge.from ? [edge.from.taskKey] : [],
    ),
  );
  const byDecision = groupBy(loops, ({ from }) => from);
  return content.tasks.flatMap((task, index) => {
    const { loop, branches } = task.decision ?? { loop: null, branches: [] };
    if (!loop || !branches.some(({ key }) => key === loop.branchKey)) return [];
    const name = nameOfTask(task);
    if (!isBack.has(task.key)) {
      const message = `The loop of ${name} leads nowhere: its branch ${JSON.stringify(loop.branchKey)} needs an edge to an earlier task.`;
      return [error('LOOP_WITHOUT_EDGE', `tasks[${index}].decision.loop.branchKey`, message)];
    }
    return (byDecision.get(index) ?? [])
      .filter(({ from, to }) => !reach(to, from))
      .map(({ to, edge }) => {
        const message = `The loop of ${name} does not lead back: ${nodes.nameOf(to)} does not come before it.`;
        return error('LOOP_NOT_BACK', `edges[${edge}].to`, sentence(message));
      });
  });
}
