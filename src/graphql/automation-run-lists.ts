/** Lists of runs: of the whole organization, of an automation, on an entity, in an execution, of a task; and the run behind an event. */
import { visibilityScope } from '../commands/viewer.ts';
import {
  ALL_RUNS,
  countListedRuns,
  listRuns,
  readRunsOf,
  type RunFilter,
  type RunParent,
} from '../store/automation-run-lists.ts';
import type { RunRecord, RunStatus } from '../store/automation-runs.ts';
import { builder } from './builder.ts';
import { defineConnection, type Connection } from './connection.ts';
import type { Context } from './context.ts';
import { AutomationRunStatusEnum } from './enums.ts';
import { argumentKey, type NodeType } from './ids.ts';
import { decodeKeyset } from './keyset.ts';
import { loadPage } from './page-loaders.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import {
  AutomationRef,
  AutomationRunRef,
  EntityRef,
  EventRef,
  TaskRef,
  WorkflowExecutionRef,
} from './refs.ts';

const AutomationRunConnection = defineConnection('AutomationRun', AutomationRunRef);

const RunFilterInput = builder.inputType('AutomationRunFilter', {
  description: 'Which runs; all given conditions must hold.',
  fields: (t) => ({
    automationId: t.id({ description: 'Of this Automation.' }),
    entityId: t.id({ description: 'On this Entity.' }),
    executionId: t.id({ description: 'In this WorkflowExecution.' }),
    taskId: t.id({ description: 'Of this Task.' }),
    statuses: t.field({ type: [AutomationRunStatusEnum], description: 'With one of these statuses.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Started at this moment or later.' }),
  }),
});

function keyIn(type: NodeType, id: string | null | undefined): string | null {
  return id === null || id === undefined ? null : argumentKey(type, id);
}

function toFilter(input: typeof RunFilterInput.$inferInput | null | undefined): RunFilter {
  return {
    automationId: keyIn('Automation', input?.automationId),
    entityId: keyIn('Entity', input?.entityId),
    executionId: keyIn('WorkflowExecution', input?.executionId),
    taskId: keyIn('Task', input?.taskId),
    statuses: input?.statuses ?? null,
    createdAfter: input?.createdAfter ?? null,
  };
}

builder.queryField('automationRuns', (t) =>
  t.field({
    type: AutomationRunConnection,
    nullable: true,
    description: 'Runs of automations that the viewer may see, newest first.',
    args: {
      filter: t.arg({ type: RunFilterInput, description: 'Which ones; all if left out.' }),
      ...pageArguments(),
    },
    resolve: async (_root, args, { database, viewer, loaders }) => {
      const size = pageSize(args.first);
      const [after] = decodeKeyset(args.after, ['uuid']) ?? [null];
      const filter = toFilter(args.filter);
      const { organizationId } = viewer;
      const scope = visibilityScope(viewer);
      const rows = await listRuns(database, organizationId, scope, filter, { after, limit: size + 1 });
      for (const row of rows) loaders.automationRuns.prime(row.id, row);
      return {
        ...toPage(rows, size, args.after, ({ id }) => [id]),
        totalCount: () => countListedRuns(database, organizationId, scope, filter),
      };
    },
  }),
);

interface ListArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly statuses?: readonly RunStatus[] | null | undefined;
}

const FILTER_FIELDS = {
  AUTOMATION: 'automationId',
  ENTITY: 'entityId',
  EXECUTION: 'executionId',
  TASK: 'taskId',
} as const satisfies Readonly<Record<RunParent, keyof RunFilter>>;

async function runsOf(
  parent: RunParent,
  id: string,
  args: ListArguments,
  context: Context,
): Promise<Connection<RunRecord>> {
  const { database, viewer, loaders } = context;
  const { organizationId } = viewer;
  const scope = visibilityScope(viewer);
  const size = pageSize(args.first);
  const [after] = decodeKeyset(args.after, ['uuid']) ?? [null];
  const statuses = args.statuses ?? null;
  const page = { statuses, after, limit: size + 1 };
  const rows = await loadPage(context, `runs of ${parent}`, id, page, (ids, asked) =>
    readRunsOf(database, organizationId, parent, ids, scope, asked),
  );
  for (const row of rows) loaders.automationRuns.prime(row.id, row);
  const filter = { ...ALL_RUNS, [FILTER_FIELDS[parent]]: id, statuses };
  return {
    ...toPage(rows, size, args.after, ({ id: runId }) => [runId]),
    totalCount: () => countListedRuns(database, organizationId, scope, filter),
  };
}

function listArguments() {
  return {
    ...pageArguments(),
    ...builder.args((t) => ({
      statuses: t.field({
        type: [AutomationRunStatusEnum],
        description: 'Only those with one of these statuses.',
      }),
    })),
  };
}

builder.objectField(AutomationRef, 'runs', (t) =>
  t.field({
    type: AutomationRunConnection,
    description: 'Its runs, newest first.',
    args: listArguments(),
    resolve: ({ id }, args, context) => runsOf('AUTOMATION', id, args, context),
  }),
);

builder.objectField(EntityRef, 'automationRuns', (t) =>
  t.field({
    type: AutomationRunConnection,
    description: 'The runs of automations that work on it, newest first.',
    args: listArguments(),
    resolve: ({ id }, args, context) => runsOf('ENTITY', id, args, context),
  }),
);

builder.objectField(EntityRef, 'runnableAutomations', (t) =>
  t.field({
    type: [AutomationRef],
    description:
      'The automations that the viewer can run on it by hand: enabled, published, with a MANUAL trigger for its schema; by name. None for partners.',
    resolve: ({ schema }, _args, { loaders }) => loaders.runnableAutomations.load(schema),
  }),
);

builder.objectField(WorkflowExecutionRef, 'automationRuns', (t) =>
  t.field({
    type: AutomationRunConnection,
    description: 'The runs of the automations of its tasks, newest first.',
    args: listArguments(),
    resolve: ({ id }, args, context) => runsOf('EXECUTION', id, args, context),
  }),
);

builder.objectFields(TaskRef, (t) => ({
  automationRun: t.field({
    type: AutomationRunRef,
    nullable: true,
    description: 'The newest run of its automation; null before the first.',
    resolve: ({ id, runCount }, _args, { loaders }) => (runCount === 0 ? null : loaders.newestRuns.load(id)),
  }),
  automationRuns: t.field({
    type: AutomationRunConnection,
    description: 'All runs of its automation, newest first.',
    args: listArguments(),
    resolve: ({ id }, args, context) => runsOf('TASK', id, args, context),
  }),
}));

builder.objectField(EventRef, 'automationRun', (t) =>
  t.field({
    type: AutomationRunRef,
    nullable: true,
    description:
      'The automation run that it happened to, or else that did it, as it is now; null for none that the viewer may see. Loaded only when selected.',
    resolve: ({ subjectType, subjectId, runId }, _args, { loaders }) => {
      const id = subjectType === 'AUTOMATION_RUN' ? subjectId : runId;
      return id === null ? null : loaders.automationRuns.load(id);
    },
  }),
);
