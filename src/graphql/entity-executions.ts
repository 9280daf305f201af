/** The sidebar starts here: an entity's executions. */
import DataLoader from 'dataloader';
import { visibilityScope } from '../commands/viewer.ts';
import type { ExecutionStatus } from '../engine/state.ts';
import { countExecutions, readExecutionsOfEntities } from '../store/execution-lists.ts';
import type { ExecutionRecord } from '../store/execution-records.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { ExecutionStatusEnum } from './enums.ts';
import { WorkflowExecutionConnection } from './execution.ts';
import type { Loaders } from './loaders.ts';
import { decodeKeyset } from './keyset.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { EntityRef } from './refs.ts';

interface PageKey {
  readonly statuses: readonly ExecutionStatus[] | null;
  readonly after: string | null;
  readonly limit: number;
}

type PageLoader = DataLoader<string, readonly ExecutionRecord[]>;

// The same page of many entities (an entity table) is one statement, so there is a loader for each page asked for in a step.
const pageLoaders = new WeakMap<Loaders, Map<string, PageLoader>>();

function loaderOf({ database, viewer, loaders }: Context, key: PageKey): PageLoader {
  const ofStep = pageLoaders.get(loaders) ?? new Map<string, PageLoader>();
  pageLoaders.set(loaders, ofStep);
  const name = JSON.stringify(key);
  const existing = ofStep.get(name);
  if (existing) return existing;
  const loader: PageLoader = new DataLoader(async (entityIds) => {
    const scope = visibilityScope(viewer);
    const found = await readExecutionsOfEntities(database, viewer.organizationId, entityIds, scope, key);
    return entityIds.map((id) => found.get(id) ?? []);
  });
  ofStep.set(name, loader);
  return loader;
}

builder.objectField(EntityRef, 'executions', (t) =>
  t.field({
    type: WorkflowExecutionConnection,
    description: 'The executions on it, newest first; also those to which it is only related.',
    args: {
      ...pageArguments(),
      statuses: t.arg({ type: [ExecutionStatusEnum], description: 'Only those with one of these statuses.' }),
    },
    resolve: async (entity, args, context) => {
      const size = pageSize(args.first);
      const statuses = args.statuses ?? null;
      const [after] = decodeKeyset(args.after, ['uuid']) ?? [null];
      const loader = loaderOf(context, {
        statuses,
        after,
        limit: size + 1,
      });
      const rows = await loader.load(entity.id);
      for (const row of rows) context.loaders.executions.prime(row.id, row);
      const { database, viewer } = context;
      const filter = { statuses, definitionIds: null, entityIds: [entity.id], search: null };
      return {
        ...toPage(rows, size, args.after, ({ id }) => [id]),
        totalCount: () => countExecutions(database, viewer.organizationId, visibilityScope(viewer), filter),
      };
    },
  }),
);
