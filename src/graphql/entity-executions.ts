/** The sidebar starts here: an entity's executions. */
import { visibilityScope } from '../commands/viewer.ts';
import { countExecutions, readExecutionsOfEntities } from '../store/execution-lists.ts';
import { builder } from './builder.ts';
import { ExecutionStatusEnum } from './enums.ts';
import { WorkflowExecutionConnection } from './execution.ts';
import { decodeKeyset } from './keyset.ts';
import { loadPage } from './page-loaders.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { EntityRef } from './refs.ts';

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
      const { database, viewer } = context;
      const scope = visibilityScope(viewer);
      const page = { statuses, after, limit: size + 1 };
      const rows = await loadPage(context, 'executions', entity.id, page, (ids, asked) =>
        readExecutionsOfEntities(database, viewer.organizationId, ids, scope, asked),
      );
      for (const row of rows) context.loaders.executions.prime(row.id, row);
      const filter = { statuses, definitionIds: null, entityIds: [entity.id], search: null };
      return {
        ...toPage(rows, size, args.after, ({ id }) => [id]),
        totalCount: () => countExecutions(database, viewer.organizationId, scope, filter),
      };
    },
  }),
);
