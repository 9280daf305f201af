/** An entity's own view of the work on it: what is on in all its executions together. */
import { visibilityScope } from '../commands/viewer.ts';
import { uniqueAssignees } from '../engine/assignees.ts';
import type { ExecutionStatus } from '../engine/state.ts';
import { readExecutionsOfEntities } from '../store/execution-lists.ts';
import type { EntityRecord } from '../store/entities.ts';
import type { ExecutionSnapshot } from '../store/execution-records.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { currentTasksOf } from './execution.ts';
import { loadPage } from './page-loaders.ts';
import { AssigneeUnion, resolveAssignees } from './people.ts';
import { EntityRef, PhaseRef, TaskRef } from './refs.ts';

/** How many executions of one entity are looked at. */
const MAX_EXECUTIONS = 100;

const OPEN: readonly ExecutionStatus[] = ['STARTED', 'FAILED'];

interface EntityWorkflows {
  /** Open executions that the viewer sees, newest first, at most `MAX_EXECUTIONS`. */
  readonly open: readonly ExecutionSnapshot[];
  /** Whether there are no more of them. */
  readonly isComplete: boolean;
}

async function readWorkflows({ id }: EntityRecord, context: Context): Promise<EntityWorkflows> {
  const { database, viewer, loaders } = context;
  const scope = visibilityScope(viewer);
  const page = { statuses: OPEN, after: null, limit: MAX_EXECUTIONS + 1 };
  const rows = await loadPage(context, 'executions', id, page, (ids, asked) =>
    readExecutionsOfEntities(database, viewer.organizationId, ids, scope, asked),
  );
  const newest = rows.slice(0, MAX_EXECUTIONS);
  const snapshots = await Promise.all(newest.map((row) => loaders.snapshots.load(row.id)));
  return {
    open: snapshots.filter((snapshot) => snapshot !== null),
    isComplete: rows.length <= MAX_EXECUTIONS,
  };
}

function currentTasks({ open }: EntityWorkflows) {
  return open.flatMap(currentTasksOf);
}

function phasesInProgress({ open }: EntityWorkflows) {
  return open.flatMap(({ phases }) => phases.filter(({ status }) => status === 'IN_PROGRESS'));
}

/** The first date by which something that is on should be finished. */
function nextDueAt(workflows: EntityWorkflows): string | null {
  const executions = workflows.open.map(({ execution }) => execution);
  const isOn = [...executions, ...phasesInProgress(workflows), ...currentTasks(workflows)];
  const [first = null] = isOn.flatMap(({ dueAt }) => dueAt ?? []).sort();
  return first;
}

const EntityWorkflowStateRef = builder.objectRef<EntityWorkflows>('EntityWorkflowState').implement({
  description:
    'What is on in the open executions on an entity, those included to which it is only related: the newest 100, execution by execution, each from top to bottom. Partners see that of their own.',
  fields: (t) => ({
    openCount: t.int({
      description: 'How many executions are open, at most 100.',
      resolve: ({ open }) => open.length,
    }),
    failedCount: t.int({
      description: 'How many of them are FAILED.',
      resolve: ({ open }) => open.filter(({ execution }) => execution.status === 'FAILED').length,
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description: 'Whether no other execution is open: false if there are more than 100.',
    }),
    currentTasks: t.field({
      type: [TaskRef],
      description: 'All open tasks that the flow has reached.',
      resolve: currentTasks,
    }),
    currentPhases: t.field({
      type: [PhaseRef],
      complexity: { multiplier: 3 },
      description: 'The current phase of each execution that has one.',
      resolve: ({ open }) =>
        open.flatMap(({ execution, phases }) => phases.filter(({ id }) => id === execution.currentPhaseId)),
    }),
    phasesInProgress: t.field({
      type: [PhaseRef],
      complexity: { multiplier: 3 },
      description: 'All phases with the status IN_PROGRESS.',
      resolve: phasesInProgress,
    }),
    assignees: t.field({
      type: [AssigneeUnion],
      complexity: { multiplier: 3 },
      description: 'Who is responsible for a current task, each once.',
      resolve: (workflows, _args, context) => {
        const assignees = currentTasks(workflows).flatMap((task) => task.assignees);
        return resolveAssignees(uniqueAssignees(assignees), context);
      },
    }),
    nextDueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The first due date of the executions, their phases in progress and their current tasks; null if none of them has one.',
      resolve: nextDueAt,
    }),
  }),
});

builder.objectField(EntityRef, 'workflowState', (t) =>
  t.field({
    type: EntityWorkflowStateRef,
    complexity: { field: 100 },
    description: 'What is on in the open executions on it: current tasks and phases, who, by when.',
    resolve: (entity, _args, context) => readWorkflows(entity, context),
  }),
);
