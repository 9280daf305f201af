/** What comes after what. */
import type { EdgeDefinition, NodeRef } from '../../engine/definition.ts';
import type { BranchKeys } from './branches.ts';
import { leaveBookkeeping } from './bookkeeping.ts';
import type { FlowEdge } from './flow-template-shape.ts';
import type { Part } from './part.ts';

/** What the edges of a template can name. */
export interface EdgeSubjects {
  readonly phaseIds: ReadonlySet<string>;
  readonly taskIds: ReadonlySet<string>;
  /** The branches of each decision, by its id. */
  readonly branchKeys: ReadonlyMap<string, BranchKeys>;
}

function nodeOf(id: string, { phaseIds, taskIds }: EdgeSubjects): NodeRef {
  return phaseIds.has(id) && !taskIds.has(id) ? { phaseKey: id } : { taskKey: id };
}

/** The branches for which the edge is; null stands for all. */
function readBranches(edge: Part<FlowEdge>, keys: BranchKeys | undefined): readonly (string | null)[] {
  const [conditionId, noneMet] = [edge.at('condition_id'), edge.at('none_met')];
  if (!keys) {
    const message = 'Only the edges of a decision are for a branch.';
    conditionId.leave('NO_EFFECT', message);
    if (noneMet.value === true) noneMet.leave('NO_EFFECT', message);
    else noneMet.take();
    return [null];
  }
  const { conditionIds, defaultKey } = keys;
  const branch = conditionId.value ?? null;
  if (noneMet.take() !== true) return [conditionId.take() ?? null];
  if (branch === null || conditionIds.has(branch)) conditionId.take();
  else conditionId.leave('NO_EFFECT', 'The edge is for the case that no condition is met.');
  return branch !== null && branch !== defaultKey && conditionIds.has(branch)
    ? [defaultKey, branch]
    : [defaultKey];
}

function readEdge(edge: Part<FlowEdge>, subjects: EdgeSubjects): readonly EdgeDefinition[] {
  leaveBookkeeping(edge, ['id']);
  const fromId = edge.at('from_id').take();
  const toId = edge.at('to_id').take() ?? '';
  const branches = readBranches(edge, subjects.branchKeys.get(fromId));
  // An edge that leads nowhere says that its path ends; here that is so without an edge.
  if (toId === '') return [];
  const [from, to] = [nodeOf(fromId, subjects), nodeOf(toId, subjects)];
  return branches.map((branchKey) => ({ from, to, branchKey }));
}

/** The edges, each once. */
export function readEdges(
  list: Part<readonly FlowEdge[]>,
  subjects: EdgeSubjects,
): readonly EdgeDefinition[] {
  const seen = new Set<string>();
  return list.items().flatMap((edge) => {
    const fresh = readEdge(edge, subjects).filter((candidate) => !seen.has(JSON.stringify(candidate)));
    for (const added of fresh) seen.add(JSON.stringify(added));
    const isRepeated = fresh.length === 0 && (edge.value.to_id ?? '') !== '';
    if (isRepeated) edge.leave('REPEATED', 'There is such an edge already.');
    return fresh;
  });
}
