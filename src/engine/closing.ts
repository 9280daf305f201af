/** Ending an execution early, and opening a finished one again. */
import { withRunEnded } from './automation-runs.ts';
import type { CommandContext, ExecutionCommand } from './command.ts';
import { putDown } from './lease.ts';
import { descriptionIssues } from './input.ts';
import { accept, refuse, refuseIssues, refuseUnlessOpen, type Outcome } from './outcome.ts';
import type { InputIssue } from './result.ts';
import type { ExecutionData, ExecutionState } from './state.ts';
import { isExecutionOpen, isFinished } from './transition.ts';

type CloseCommand = Extract<ExecutionCommand, { type: 'CLOSE_EXECUTION' }>;

/** Open tasks keep their status, but nobody can work on them any more; automations that go on are ended,
 * and leases of workers, so that their tasks are pending. */
export function closeExecution(
  state: ExecutionState,
  command: CloseCommand,
  context: CommandContext,
): Outcome {
  const { execution } = state;
  const { now, actor } = context;
  const reasonIds = [...new Set(command.reasonIds)];
  const refusal =
    refuseUnlessOpen(state) ??
    refuseIssues([...reasonIssues(execution, command.reasonIds), ...descriptionIssues(command.description)]);
  if (refusal) return refusal;
  const reasons = reasonIds.flatMap((id) =>
    execution.configuredClosingReasons.filter((reason) => reason.id === id),
  );
  return accept({
    ...state,
    tasks: state.tasks.map((task) => putDown(withRunEnded(task), 'ENDED', context)),
    execution: {
      ...execution,
      status: 'CLOSED',
      closing: { reasons, description: command.description },
      finishedAt: now,
      finishedBy: actor,
    },
  });
}

/** What is over can be opened again, and goes on where it was. With nothing left to do it stays open until a task was open again and is finished. */
export function reopenExecution(state: ExecutionState): Outcome {
  const { execution, tasks } = state;
  if (isExecutionOpen(execution.status)) return refuse({ code: 'EXECUTION_NOT_FINISHED' });
  return accept({
    ...state,
    execution: {
      ...execution,
      status: 'STARTED',
      isKeptOpen: tasks.every(({ status }) => isFinished(status)),
      closing: null,
      finishedAt: null,
      finishedBy: null,
    },
  });
}

function reasonIssues(execution: ExecutionData, reasonIds: readonly string[]): InputIssue[] {
  const { configuredClosingReasons, hasSingleClosingReason } = execution;
  const path = 'reasonIds';
  const known = new Set(configuredClosingReasons.map(({ id }) => id));
  const issues: InputIssue[] = reasonIds.flatMap((id, index) => {
    const at = `${path}[${index}]`;
    const message = `${at} is not one of the reasons for closing this execution.`;
    return known.has(id) ? [] : [{ path: at, code: 'UNKNOWN_REASON', message }];
  });
  if (known.size > 0 && reasonIds.length === 0)
    issues.push({ path, code: 'REASON_REQUIRED', message: 'Closing this execution needs a reason.' });
  if (hasSingleClosingReason && new Set(reasonIds).size > 1)
    issues.push({
      path,
      code: 'SINGLE_REASON',
      message: 'Closing this execution takes exactly one reason.',
    });
  return issues;
}
