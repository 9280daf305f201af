/** Tasks that people add to a running execution, and take out again. */
import { uniqueAssignees } from './assignees.ts';
import type { AddTaskCommand, CommandContext } from './command.ts';
import { assigneesIssues, descriptionIssues, dueAtIssues, nameIssues } from './input.ts';
import { LIMITS } from './limits.ts';
import { accept, notAllowed, refuse, refuseUnlessOpen, type Outcome } from './outcome.ts';
import { findPlace, isPlace, type Place } from './place.ts';
import type { InputIssue } from './result.ts';
import { bridge } from './splice.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { isFinished } from './transition.ts';
import { brandNew } from './unbegun.ts';

export function addTask(state: ExecutionState, command: AddTaskCommand, context: CommandContext): Outcome {
  const closed = refuseUnlessOpen(state);
  if (closed) return closed;
  const place = findPlace(state, command.id, command.place);
  const issues = inputIssues(state, command);
  if (!isPlace(place)) return refuse({ code: 'INVALID_INPUT', issues: [...issues, place] });
  if (issues.length > 0) return refuse({ code: 'INVALID_INPUT', issues });
  return accept({
    ...state,
    execution: { ...state.execution, edges: place.edges },
    tasks: [...place.tasks, newTask(command, place, context)],
  });
}

/** Only what was added by hand and is not finished. What came before it now leads to what came after it. */
export function removeTask(state: ExecutionState, task: TaskData): Outcome {
  const closed = refuseUnlessOpen(state);
  if (closed) return closed;
  if (!task.isManuallyCreated || isFinished(task.status)) return notAllowed(state, task);
  return accept({
    ...state,
    execution: { ...state.execution, edges: bridge(state.execution.edges, task.id) },
    // Only definitions name requirements, so nothing requires a task that was added by hand.
    tasks: state.tasks.filter(({ id }) => id !== task.id),
  });
}

function inputIssues(state: ExecutionState, command: AddTaskCommand): InputIssue[] {
  const issues = [
    ...nameIssues(command.name),
    ...descriptionIssues(command.description),
    ...assigneesIssues(uniqueAssignees(command.assignees)),
    ...dueAtIssues(command.dueAt),
  ];
  if (state.tasks.some(({ id }) => id === command.id))
    issues.push({ path: 'id', code: 'DUPLICATE_ID', message: 'There is a task with this id already.' });
  if (state.tasks.length >= LIMITS.tasks.hard)
    issues.push({
      path: 'place',
      code: 'TOO_MANY',
      message: `An execution can have at most ${LIMITS.tasks.hard} tasks.`,
    });
  return issues;
}

function newTask(command: AddTaskCommand, { phaseId, position }: Place, context: CommandContext): TaskData {
  return {
    ...brandNew(context),
    id: command.id,
    key: null,
    phaseId,
    position,
    name: command.name.trim(),
    description: command.description,
    type: 'MANUAL',
    requirements: [],
    decision: null,
    schedule: null,
    automation: null,
    external: null,
    externalWork: null,
    journey: null,
    confirmation: null,
    assignees: uniqueAssignees(command.assignees),
    assigneeRule: null,
    dueAt: command.dueAt,
    dueRule: null,
    escalations: [],
    labels: [],
    audienceTexts: [],
    isManuallyCreated: true,
  };
}
