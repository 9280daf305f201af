/** Decisions: conditions become branches. */
import type {
  BranchDefinition,
  DecisionDefinition,
  LoopDefinition,
  ScheduleRule,
} from '../../engine/definition.ts';
import { withDefault, type BranchKeys } from './branches.ts';
import type { FlowCondition, FlowDecisionTask } from './flow-task-shape.ts';
import type { Part } from './part.ts';
import { readSchedule } from './schedules.ts';
import { readStatement } from './statements.ts';
import { readMode } from './trigger-mode.ts';

/** How often a loop may be taken if the template does not say it. */
const DEFAULT_ITERATIONS = 3;

interface ReadBranch {
  readonly branch: BranchDefinition;
  /** Whether all its statements were taken over. */
  readonly isWhole: boolean;
}

function readBranch(condition: Part<FlowCondition>): ReadBranch {
  const read = condition.at('statements').items().map(readStatement);
  const statements = read.filter((statement) => statement !== null);
  const branch: BranchDefinition = {
    key: condition.at('id').take(),
    name: condition.at('branch_name').take(),
    isDefault: false,
    connective: condition.at('logical_operator').take(),
    statements,
  };
  return { branch, isWhole: statements.length === read.length };
}

function readLoop(whole: Part<FlowDecisionTask['loop_config']>, keys: BranchKeys): LoopDefinition | null {
  const loop = whole.given();
  if (!loop) return null;
  return {
    branchKey: keys.keyOf(loop.at('loop_branch_id').take()),
    exitBranchKey: keys.keyOf(loop.at('exit_branch_id').take()),
    maxIterations: loop.at('max_iterations').take() ?? DEFAULT_ITERATIONS,
  };
}

/** What makes the task a decision, and when it is taken. */
export function readDecision(
  task: Part<FlowDecisionTask>,
  keys: BranchKeys,
): { readonly decision: DecisionDefinition; readonly schedule: ScheduleRule | null } {
  const branches = task.at('conditions').items().map(readBranch);
  const { schedule, isKept } = readSchedule(task.at('schedule'));
  const decision: DecisionDefinition = {
    mode: readMode(task.at('trigger_mode'), isKept && branches.every(({ isWhole }) => isWhole)),
    branches: withDefault(
      branches.map(({ branch }) => branch),
      keys,
    ),
    takes: (task.at('allow_parallel_execution').take() ?? true) ? 'EVERY_MET' : 'FIRST_MET',
    loop: readLoop(task.at('loop_config'), keys),
  };
  return { decision, schedule };
}
