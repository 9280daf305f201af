/** Who may do what with a task that they can see. */
import type { Command } from '../engine/command.ts';
import type { TaskCommandName } from '../engine/result.ts';
import type { TaskData } from '../engine/state.ts';
import { assigneeIds, may, type Viewer } from './viewer.ts';

/** What a partner may do with a task that is assigned to them or their team. */
const PARTNER_COMMANDS: ReadonlySet<TaskCommandName> = new Set([
  'START',
  'STOP',
  'COMPLETE',
  'SKIP',
  'HOLD',
  'RESUME',
  'REOPEN',
  'DECIDE',
  'RUN_AUTOMATION',
  'RETRY',
  'FAIL',
  'CLAIM',
  'RELEASE',
  'ADD_NOTE',
]);

/** The reader's name of each command that is about one task. */
export const COMMAND_NAMES = {
  START_TASK: 'START',
  STOP_TASK: 'STOP',
  COMPLETE_TASK: 'COMPLETE',
  SKIP_TASK: 'SKIP',
  HOLD_TASK: 'HOLD',
  RESUME_TASK: 'RESUME',
  REOPEN_TASK: 'REOPEN',
  DECIDE_TASK: 'DECIDE',
  FAIL_TASK: 'FAIL',
  RETRY_TASK: 'RETRY',
  RUN_AUTOMATION: 'RUN_AUTOMATION',
  REQUEST_CONFIRMATION: 'REQUEST_CONFIRMATION',
  WITHDRAW_CONFIRMATION: 'WITHDRAW_CONFIRMATION',
  ASSIGN_TASK: 'ASSIGN',
  CLAIM_TASK: 'CLAIM',
  RELEASE_TASK: 'RELEASE',
  SET_TASK_DUE_DATE: 'SET_DUE_DATE',
  UPDATE_TASK: 'UPDATE',
  REMOVE_TASK: 'REMOVE',
} as const satisfies Partial<Record<Command['type'], TaskCommandName>>;

function isTheirs(viewer: Viewer, task: Pick<TaskData, 'assignees'>): boolean {
  const mine = assigneeIds(viewer);
  return task.assignees.some(({ id }) => mine.includes(id));
}

/** Why the viewer's role may not give the command for the task; null if it may. */
export function whyForbidden(
  viewer: Viewer,
  task: Pick<TaskData, 'assignees'>,
  command: TaskCommandName,
): string | null {
  if (may(viewer, 'work')) return null;
  if (!isTheirs(viewer, task))
    return 'Partners may only work on tasks that are assigned to them or their team.';
  return PARTNER_COMMANDS.has(command) ? null : `Partners may not use the command ${command}.`;
}

/** Those of the commands that the viewer may give for the task: by role, and CLAIM only as a member of an assigned team. */
export function permittedCommands(
  viewer: Viewer,
  task: Pick<TaskData, 'assignees'>,
  commands: readonly TaskCommandName[],
): TaskCommandName[] {
  const isMember = task.assignees.some(({ type, id }) => type === 'TEAM' && viewer.teamIds.includes(id));
  return commands.filter(
    (command) => whyForbidden(viewer, task, command) === null && (command !== 'CLAIM' || isMember),
  );
}
