/** Edges: what each of them says on its own. */
import type { DefinitionContent, EdgeDefinition } from '../definition.ts';
import { error, type DefinitionIssue } from './issue.ts';
import type { Keys } from './keys.ts';
import { nameOfPhase, nameOfTask, refKey, sentence } from './subjects.ts';

export function edgeIssues(content: DefinitionContent, keys: Keys): DefinitionIssue[] {
  const used = new Set(content.tasks.map(({ phaseKey }) => phaseKey));
  const seen = new Set<string>();
  return content.edges.flatMap((edge, index) => {
    const { from, to, branchKey } = edge;
    const path = `edges[${index}]`;
    const issues = branchIssues(`${path}.branchKey`, edge, keys);
    const key = JSON.stringify([refKey(from), refKey(to), branchKey]);
    if (refKey(from) === refKey(to))
      return [...issues, error('SELF_EDGE', path, 'The edge leads back to where it comes from.')];
    if (seen.has(key)) return [...issues, error('DUPLICATE_EDGE', path, 'There is such an edge already.')];
    seen.add(key);
    const phase = 'phaseKey' in from && !used.has(from.phaseKey) ? keys.phases.get(from.phaseKey) : undefined;
    if (!phase) return issues;
    const message = `${sentence(nameOfPhase(phase))} has no task to come from.`;
    return [...issues, error('EDGE_FROM_EMPTY_PHASE', `${path}.from`, message)];
  });
}

/** What the edge comes from must be a decision that has the branch; if it does not exist, that is told elsewhere. */
function branchIssues(path: string, { from, branchKey }: EdgeDefinition, keys: Keys): DefinitionIssue[] {
  if (branchKey === null) return [];
  const task = 'taskKey' in from ? keys.tasks.get(from.taskKey) : undefined;
  const phase = 'phaseKey' in from ? keys.phases.get(from.phaseKey) : undefined;
  if (task?.decision) {
    if (task.decision.branches.some(({ key }) => key === branchKey)) return [];
    const message = `${sentence(nameOfTask(task))} has no branch with the key ${JSON.stringify(branchKey)}.`;
    return [error('UNKNOWN_BRANCH', path, message)];
  }
  const name = task ? nameOfTask(task) : phase ? nameOfPhase(phase) : null;
  if (name === null) return [];
  const message = `${sentence(name)} is no decision, so no edge from it has a branch.`;
  return [error('BRANCH_WITHOUT_DECISION', path, message)];
}
