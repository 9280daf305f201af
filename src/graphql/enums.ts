/** The enums that several nouns share. */
import type { TaskType, TimeUnit, TriggerMode } from '../engine/definition.ts';
import type { RunStatus } from '../store/automation-runs.ts';
import { builder } from './builder.ts';

export const ExecutionStatusEnum = builder.enumType('ExecutionStatus', {
  description: 'Where an execution is.',
  values: {
    STARTED: { description: 'Open: its tasks can be worked on.' },
    FAILED: {
      description:
        'Open, but a task has failed and nobody has dealt with it. Retry, skip or complete that task, and it is STARTED again.',
    },
    DONE: { description: 'All tasks are finished.' },
    CLOSED: { description: 'Ended early, with reasons.' },
  } as const,
});

export const PhaseStatusEnum = builder.enumType('PhaseStatus', {
  description: 'Where a phase is; follows from its tasks.',
  values: {
    OPEN: { description: 'Not begun.' },
    IN_PROGRESS: { description: 'Begun, or next in line.' },
    COMPLETED: { description: 'All its tasks are finished.' },
  } as const,
});

export const TaskStatusEnum = builder.enumType('TaskStatus', {
  description: 'Where a task is in its life.',
  values: {
    PENDING: { description: 'Nobody has begun it.' },
    IN_PROGRESS: { description: 'Somebody works on it, its automation runs, or a worker has it.' },
    ON_HOLD: { description: 'Put aside; RESUME brings back the status before.' },
    SCHEDULED: { description: 'Reached, and waiting for its time; START runs it now, SKIP cancels it.' },
    CONDITION_PENDING: { description: 'A decision that waits for a person; DECIDE takes it.' },
    WAITING_FOR_CONFIRMATION: {
      description:
        'Somebody outside was asked to confirm it by a link; until they have, nobody can complete it.',
    },
    FAILED: { description: 'It went wrong: RETRY, COMPLETE, DECIDE or SKIP deals with that.' },
    COMPLETED: { description: 'Finished: done.' },
    SKIPPED: { description: 'Finished: not needed.' },
  } as const,
});

export const TaskTypeEnum = builder.enumType('TaskType', {
  description: 'How a task is worked.',
  values: {
    MANUAL: { description: 'By people.' },
    AUTOMATION: { description: 'By an automation; people can work it in its place.' },
    DECISION: { description: 'By taking one or more of its branches, by conditions or by a person.' },
    EXTERNAL: {
      description: 'By programs outside, which fetch it by its topic; people can work it in their place.',
    },
  } as const satisfies Readonly<Record<TaskType, object>>,
});

export const TriggerModeEnum = builder.enumType('TriggerMode', {
  description: 'Whether a task goes on by itself.',
  values: {
    AUTOMATIC: { description: 'As soon as nothing blocks it, and its schedule lets it.' },
    MANUAL: { description: 'When a person says so.' },
  } as const satisfies Readonly<Record<TriggerMode, object>>,
});

export const TimeUnitEnum = builder.enumType('TimeUnit', {
  description:
    'Spans of time. Minutes and hours are exact, working hours are those that pass in working time; the others are counted in the organization’s time zone and keep the time on the wall clock.',
  values: {
    MINUTES: { description: '60 seconds each.' },
    HOURS: { description: '60 minutes each.' },
    WORKING_HOURS: {
      description:
        '60 minutes each, of which only those count that are in the organization’s `workingHours`, on days that are no holidays.',
    },
    DAYS: { description: 'Calendar days; one of them has 23 or 25 hours where the clocks change.' },
    WORKING_DAYS: {
      description:
        'Days with hours in the organization’s `workingHours` (Monday to Friday, if it said nothing) that are no holidays.',
    },
    WEEKS: { description: 'Seven calendar days each.' },
    MONTHS: {
      description:
        'Calendar months; a day that the month does not have is its last: 31 January + 1 is 28 February.',
    },
    YEARS: {
      description:
        'Calendar years; a day that the year does not have is the last of its month: 29 February + 1 is 28 February.',
    },
  } as const satisfies Readonly<Record<TimeUnit, object>>,
});

export const TaskCommandEnum = builder.enumType('TaskCommand', {
  description: 'What can be done with a task.',
  values: {
    START: {
      description: '`startTask`: mark it in progress; run now what is scheduled; take it over from a worker.',
    },
    STOP: { description: '`stopTask`: back to PENDING.' },
    COMPLETE: { description: '`completeTask`.' },
    DECIDE: { description: '`decideTask`: choose the branches of a decision.' },
    SKIP: { description: '`skipTask`: cancels what is scheduled, and takes a decision’s default branch.' },
    HOLD: { description: '`holdTask`: put it aside.' },
    RESUME: { description: '`resumeTask`: back to the status before the hold.' },
    REOPEN: { description: '`reopenTask`: back to PENDING from a finished status.' },
    RETRY: {
      description:
        '`retryTask`: let a failed task run again, its automation from the action that failed; give workers back what one of them handed to people.',
    },
    RUN_AUTOMATION: { description: '`runAutomation`: run the task’s automation.' },
    REQUEST_CONFIRMATION: {
      description: '`requestConfirmation`: let somebody outside confirm it by a link.',
    },
    WITHDRAW_CONFIRMATION: {
      description: '`withdrawConfirmation`: back to PENDING; the link is good for nothing any more.',
    },
    FAIL: { description: '`failTask`: say that it went wrong.' },
    ASSIGN: { description: '`assignTask`: change who is responsible.' },
    CLAIM: { description: '`claimTask`: take a team’s task.' },
    RELEASE: { description: '`releaseTask`: give a claimed task back to the team.' },
    SET_DUE_DATE: { description: '`setTaskDueDate`: set or clear it.' },
    UPDATE: { description: '`updateTask`: name and description.' },
    REMOVE: { description: '`removeTask`: only tasks that were added by hand and are not finished.' },
    ADD_NOTE: { description: '`addNote`.' },
  } as const,
});

export const AutomationRunStatusEnum = builder.enumType('AutomationRunStatus', {
  description: 'Where a run of an automation is. The first three are not over.',
  values: {
    PENDING: { description: 'It has not begun.' },
    IN_PROGRESS: { description: 'Its actions are being done.' },
    PAUSED: { description: 'It waits for a callback, or because its task is on hold.' },
    SUCCESS: { description: 'All its actions are done. Its task is COMPLETED.' },
    FAILED: { description: 'An action failed; it can be retried. Its task is FAILED.' },
    CANCELLED: { description: 'It was ended early. Its task is SKIPPED.' },
    SKIPPED: { description: 'None of its actions was done; each tells why. Its task is SKIPPED.' },
    HOT: {
      description: 'Its automation ran too often and was disabled, so it did nothing. Its task is FAILED.',
    },
  } as const satisfies Readonly<Record<RunStatus, object>>,
});
