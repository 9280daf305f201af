/** Where an execution is, as a picture. */
import type { ExecutionState, FailureCode, NodeId, TaskData } from '../engine/state.ts';
import { isFinished } from '../engine/transition.ts';
import type { FlowEdge, Way } from './flow.ts';
import { flowChart } from './flow-chart.ts';
import { written } from './mermaid.ts';
import { dueRuleText, instantText, scheduleText, type Names } from './rule-text.ts';
import { TASK_LOOKS, type TaskLook } from './styles.ts';

/**
 * The execution as a Mermaid flowchart: its tasks in the colour of their status, with a word for it, branches that were taken thick,
 * and what no branch leads to any more faded.
 */
export function executionDiagram({ execution, phases, tasks }: ExecutionState): string {
  const taskIds = new Map(tasks.map(({ id }, index) => [id, `t${index + 1}`]));
  const phaseIds = new Map(phases.map(({ id }, index) => [id, `p${index + 1}`]));
  const names: Names = {
    tasks: new Map(tasks.flatMap(({ key, name }) => (key === null ? [] : [[key, name]]))),
    phases: new Map(phases.map(({ key, name }) => [key, name])),
  };
  const idOf = (node: NodeId): string | undefined =>
    'taskId' in node ? taskIds.get(node.taskId) : phaseIds.get(node.phaseId);
  const sources = new Map(tasks.map((task, index) => [`t${index + 1}`, task]));
  return written(
    flowChart({
      phases: phases.map(({ name }, index) => ({ id: `p${index + 1}`, name })),
      tasks: tasks.map((task, index) => ({
        id: `t${index + 1}`,
        phaseId: (task.phaseId === null ? undefined : phaseIds.get(task.phaseId)) ?? null,
        name: task.name,
        type: task.type,
        notes: notesOf(task, names),
        look: lookOf(task),
        requirements: task.requirements.flatMap((node) => idOf(node) ?? []),
        decision: task.decision,
        iterations: task.iterations,
      })),
      edges: execution.edges.flatMap(({ from, to, branchKey, isLoop }): FlowEdge[] => {
        const [fromId, toId] = [idOf(from), idOf(to)];
        return fromId === undefined || toId === undefined
          ? []
          : [{ from: fromId, to: toId, branchKey, isLoop }];
      }),
      looks: TASK_LOOKS,
      wayOf: (from, branchKey) => wayFrom(sources.get(from), branchKey),
    }),
  );
}

function wayFrom(task: TaskData | undefined, branchKey: string | null): Way {
  if (!task) return 'OPEN';
  if (task.skipReason !== null) return 'NOT_TAKEN';
  if (branchKey === null) return 'OPEN';
  if (task.decided?.takenBranchKeys.includes(branchKey)) return 'TAKEN';
  return isFinished(task.status) ? 'NOT_TAKEN' : 'OPEN';
}

function lookOf({ status, isEnabled, skipReason }: TaskData): TaskLook {
  if (skipReason !== null) return 'NOT_TAKEN';
  return status === 'PENDING' && isEnabled ? 'READY' : status;
}

/** What the colour says, in words; null where another note says it, or nothing has happened. */
const LOOK_TEXTS: Readonly<Record<TaskLook, string | null>> = {
  PENDING: null,
  READY: 'can be done now',
  IN_PROGRESS: 'in progress',
  ON_HOLD: 'on hold',
  SCHEDULED: null,
  CONDITION_PENDING: 'waits for a decision',
  WAITING_FOR_CONFIRMATION: 'waits for a confirmation',
  FAILED: 'failed',
  COMPLETED: 'completed',
  SKIPPED: 'skipped',
  NOT_TAKEN: 'not needed',
};

/** Null where somebody said so. */
const FAILURE_TEXTS: Readonly<Record<FailureCode, string | null>> = {
  NO_BRANCH_MET: 'no branch is met',
  SCHEDULE_DATE_MISSING: 'the date to wait for is not set',
  SCHEDULE_DATE_INVALID: 'what it waits for is no date',
  SCHEDULE_IN_PAST: 'its time was over',
  TOO_MANY_STEPS: 'too many steps at once',
  AUTOMATION_FAILED: 'its automation failed',
  AUTOMATION_HOT: 'its automation ran too often',
  CONFIRMATION_DECLINED: 'it was declined',
  CONFIRMATION_EXPIRED: 'nobody confirmed it in time',
  EXTERNAL_FAILED: 'its workers failed',
  REPORTED: null,
};

/** Dates only of what is still to be done. */
function notesOf(task: TaskData, names: Names): string[] {
  const { status, failure, schedule, scheduledFor, scheduleRanAt, dueAt, dueRule } = task;
  const notes = [LOOK_TEXTS[lookOf(task)], failure && FAILURE_TEXTS[failure.code]];
  if (status === 'SCHEDULED' && scheduledFor !== null) notes.push(`waits until ${instantText(scheduledFor)}`);
  if (status === 'PENDING' && schedule && scheduleRanAt === null) notes.push(scheduleText(schedule, names));
  if (!isFinished(status)) {
    if (dueAt !== null) notes.push(`due ${instantText(dueAt)}`);
    else if (dueRule) notes.push(dueRuleText(dueRule, names));
  }
  return notes.filter((note) => note !== null);
}
