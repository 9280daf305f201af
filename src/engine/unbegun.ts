/** Tasks that nobody has begun yet: new ones, and those that are put back. */
import type { CommandContext } from './command.ts';
import type { TaskData } from './state.ts';

type WorkField =
  | 'status'
  | 'statusBeforeHold'
  | 'statusAt'
  | 'statusBy'
  | 'startedAt'
  | 'startedBy'
  | 'finishedAt'
  | 'finishedBy';

/** Pending since now, never started and never finished. */
export function unbegun({ now, actor }: CommandContext): Pick<TaskData, WorkField> {
  return {
    status: 'PENDING',
    statusBeforeHold: null,
    statusAt: now,
    statusBy: actor,
    startedAt: null,
    startedBy: null,
    finishedAt: null,
    finishedBy: null,
  };
}

type NewField = WorkField | 'claimedById' | 'isReached' | 'hasOpenRequirements' | 'isEnabled' | 'version';

/** What all tasks have in common when they come into being; `derive` works out the derived fields. */
export function brandNew(context: CommandContext): Pick<TaskData, NewField> {
  return {
    ...unbegun(context),
    claimedById: null,
    isReached: false,
    hasOpenRequirements: false,
    isEnabled: false,
    version: 1,
  };
}
