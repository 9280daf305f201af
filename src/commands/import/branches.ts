/** How the branches of a decision are called. In a flow template the default branch is no branch of its own: an edge says that it is for "none met". */
import type { BranchDefinition } from '../../engine/definition.ts';
import type { FlowDecisionTask } from './flow-task-shape.ts';
import type { FlowEdge } from './flow-template-shape.ts';

/** The keys of one decision's branches. */
export interface BranchKeys {
  readonly conditionIds: ReadonlySet<string>;
  /** Null if no edge is for "none met". */
  readonly defaultKey: string | null;
  /** The key that a loop means by this id: of a condition, or of the branch of an edge. The id itself if it is neither. */
  readonly keyOf: (id: string) => string;
}

function freshKey(used: ReadonlySet<string>): string {
  let key = 'default';
  for (let count = 2; used.has(key); count++) key = `default-${count}`;
  return key;
}

/** The branches of a decision from which these edges come. */
export function branchKeysOf(decision: FlowDecisionTask, edges: readonly FlowEdge[]): BranchKeys {
  const conditionIds = new Set(decision.conditions.map(({ id }) => id));
  const noneMet = edges.filter(({ none_met }) => none_met === true);
  // An edge may be for a condition and for "none met": then that branch is the default one.
  const shared = noneMet.find(({ condition_id }) => conditionIds.has(condition_id ?? ''))?.condition_id;
  const defaultKey = noneMet.length === 0 ? null : (shared ?? freshKey(conditionIds));
  const keyOf = (id: string): string => {
    if (conditionIds.has(id)) return id;
    const edge = edges.find((candidate) => candidate.id === id);
    return (edge?.none_met === true ? defaultKey : edge?.condition_id) ?? id;
  };
  return { conditionIds, defaultKey, keyOf };
}

/** The branches with the default one marked, or added to them. */
export function withDefault(
  branches: readonly BranchDefinition[],
  { defaultKey }: BranchKeys,
): readonly BranchDefinition[] {
  if (defaultKey === null) return branches;
  if (branches.some(({ key }) => key === defaultKey))
    return branches.map((branch) => (branch.key === defaultKey ? { ...branch, isDefault: true } : branch));
  const otherwise: BranchDefinition = {
    key: defaultKey,
    name: 'Otherwise',
    isDefault: true,
    connective: 'AND',
    statements: [],
  };
  return [...branches, otherwise];
}
