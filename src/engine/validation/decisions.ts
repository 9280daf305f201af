/** Decisions: their branches and loops, as far as they go without the edges. */
import type {
  BranchDefinition,
  DecisionDefinition,
  DefinitionContent,
  LoopDefinition,
} from '../definition.ts';
import { LIMITS, MAX_ITERATIONS } from '../limits.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';
import { keyIssues, repeatedKeys, unknown, type Keys } from './keys.ts';
import { countIssues, lengthIssues } from './lengths.ts';
import { statementIssues } from './statements.ts';
import { nameOfBranch, nameOfTask, sentence } from './subjects.ts';

export function decisionIssues({ tasks }: DefinitionContent, keys: Keys): DefinitionIssue[] {
  return tasks.flatMap((task, index) => {
    const { decision } = task;
    if (!decision) return [];
    const path = `tasks[${index}].decision`;
    const name = sentence(nameOfTask(task));
    return [
      ...choiceIssues(path, name, decision),
      ...decision.branches.flatMap((branch, at) =>
        branchIssues(`${path}.branches[${at}]`, branch, decision, keys),
      ),
      ...(decision.loop ? loopIssues(`${path}.loop`, decision.loop, decision.branches) : []),
    ];
  });
}

function choiceIssues(path: string, name: string, { mode, branches }: DecisionDefinition): DefinitionIssue[] {
  const at = `${path}.branches`;
  if (branches.length === 0) return [error('NO_BRANCHES', at, `${name} has no branch to take.`)];
  const defaults = [...branches.keys()].filter((index) => branches[index]?.isDefault);
  const issues = [
    ...countIssues(at, 'branches', branches, LIMITS.branches),
    ...repeatedKeys(at, branches),
    ...defaults.slice(1).map((index) => {
      const message = `${name} has another default branch already, ${at}[${defaults[0]}]; there can be one.`;
      return error('TWO_DEFAULT_BRANCHES', `${at}[${index}].isDefault`, message);
    }),
  ];
  if (mode === 'MANUAL' || defaults.length > 0) return issues;
  const message = `${name} has no default branch: it fails when no branch is met.`;
  return [...issues, warning('NO_DEFAULT_BRANCH', at, message)];
}

function branchIssues(
  path: string,
  branch: BranchDefinition,
  { mode, loop }: DecisionDefinition,
  keys: Keys,
): DefinitionIssue[] {
  const { key, name, isDefault, statements } = branch;
  const called = sentence(nameOfBranch(branch));
  // The exit of a loop is taken in the end whether it is met or not.
  const canBeMet = mode === 'MANUAL' || isDefault || statements.length > 0 || loop?.exitBranchKey === key;
  const neverMet = `${called} is never taken: it has no statement, and is not the default.`;
  return [
    ...keyIssues(`${path}.key`, called, key),
    ...(name.trim() === ''
      ? [error('EMPTY_NAME', `${path}.name`, `${called} has no name.`)]
      : lengthIssues(`${path}.name`, 'name', name, LIMITS.nameLength)),
    ...(canBeMet ? [] : [warning('BRANCH_NEVER_MET', `${path}.statements`, neverMet)]),
    ...countIssues(`${path}.statements`, 'statements', statements, LIMITS.statements),
    ...statements.flatMap((statement, index) =>
      statementIssues(`${path}.statements[${index}]`, statement, keys),
    ),
  ];
}

function loopIssues(
  path: string,
  { branchKey, exitBranchKey, maxIterations }: LoopDefinition,
  branches: readonly BranchDefinition[],
): DefinitionIssue[] {
  const isKnown = (key: string): boolean => branches.some((branch) => branch.key === key);
  const issues: DefinitionIssue[] = [];
  if (!isKnown(branchKey)) issues.push(unknown('UNKNOWN_BRANCH', `${path}.branchKey`, 'branch', branchKey));
  if (!isKnown(exitBranchKey))
    issues.push(unknown('UNKNOWN_BRANCH', `${path}.exitBranchKey`, 'branch', exitBranchKey));
  else if (branchKey === exitBranchKey)
    issues.push(
      error(
        'LOOP_IS_EXIT',
        `${path}.exitBranchKey`,
        'The branch that leads back can not be the one that leaves the loop.',
      ),
    );
  if (!Number.isInteger(maxIterations) || maxIterations < 1 || maxIterations > MAX_ITERATIONS)
    issues.push(
      error(
        'OUT_OF_RANGE',
        `${path}.maxIterations`,
        `A loop can be taken 1 to ${MAX_ITERATIONS} times, not ${maxIterations} times.`,
      ),
    );
  return issues;
}
