/** The enums that several nouns share. */
import { builder } from './builder.ts';

export const ExecutionStatusEnum = builder.enumType('ExecutionStatus', {
  description: 'Where an execution is.',
  values: {
    STARTED: { description: 'Open: its tasks can be worked on.' },
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
    IN_PROGRESS: { description: 'Somebody works on it.' },
    ON_HOLD: { description: 'Put aside; RESUME brings back the status before.' },
    COMPLETED: { description: 'Finished: done.' },
    SKIPPED: { description: 'Finished: not needed.' },
  } as const,
});

export const TaskTypeEnum = builder.enumType('TaskType', {
  description: 'How a task is worked.',
  values: { MANUAL: { description: 'By people.' } } as const,
});

export const TaskCommandEnum = builder.enumType('TaskCommand', {
  description: 'What can be done with a task.',
  values: {
    START: { description: '`startTask`: mark it in progress.' },
    STOP: { description: '`stopTask`: back to PENDING.' },
    COMPLETE: { description: '`completeTask`.' },
    SKIP: { description: '`skipTask`.' },
    HOLD: { description: '`holdTask`: put it aside.' },
    RESUME: { description: '`resumeTask`: back to the status before the hold.' },
    REOPEN: { description: '`reopenTask`: back to PENDING from a finished status.' },
    ASSIGN: { description: '`assignTask`: change who is responsible.' },
    CLAIM: { description: '`claimTask`: take a team’s task.' },
    RELEASE: { description: '`releaseTask`: give a claimed task back to the team.' },
    SET_DUE_DATE: { description: '`setTaskDueDate`: set or clear it.' },
    UPDATE: { description: '`updateTask`: name and description.' },
    REMOVE: { description: '`removeTask`: only tasks that were added by hand and are not finished.' },
    ADD_NOTE: { description: '`addNote`.' },
  } as const,
});
