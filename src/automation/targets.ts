/** What actions work on: the run's own entity and execution, or what an earlier action made. */
import { z } from 'zod';
import { readExecutionsOfEntities } from '../store/execution-lists.ts';
import { parseGlobalId } from '../store/global-id.ts';
import { ActionError, type ActionContext } from './action-type.ts';
import { choice } from './config-fields.ts';

/** A field that says on which entity an action works. */
export const onEntityOf = z
  .string()
  .min(1)
  .nullable()
  .default(null)
  .describe(
    'The key of the earlier action on whose entity it works, one that makes or changes an entity; left out: the entity of the run.',
  );

/**
 * The key of the entity of the run, or of what the earlier action put out.
 *
 * @throws ActionError NO_ENTITY if there is none.
 */
export function entityOf({ run, variables }: ActionContext, actionKey: string | null): string {
  if (actionKey === null) {
    if (run.entityId === null) throw new ActionError('NO_ENTITY', 'The run is for no entity.');
    return run.entityId;
  }
  const [id] = variables.read(`steps.${actionKey}.id`);
  const named = typeof id === 'string' ? parseGlobalId(id) : null;
  if (named?.type !== 'Entity')
    throw new ActionError('NO_ENTITY', `The action ${actionKey} has put out no entity.`);
  return named.key;
}

/** Whose executions an action works on. */
export const executionsOf = choice({
  RUN: 'The execution that the run belongs to.',
  ENTITY: 'All open executions on the entity of the run, those of which it is only context included.',
});

/** More executions than this on one entity are not worked on at once. */
const MAX_EXECUTIONS = 100;

/**
 * The ids of the executions.
 *
 * @throws ActionError NO_EXECUTION if the run belongs to none; NO_ENTITY if it is for none; TOO_MANY_EXECUTIONS for more than a hundred.
 */
export async function findExecutions(
  context: ActionContext,
  of: z.infer<typeof executionsOf>,
): Promise<readonly string[]> {
  const { tx, run } = context;
  if (of === 'RUN') {
    if (run.executionId === null) throw new ActionError('NO_EXECUTION', 'The run belongs to no execution.');
    return [run.executionId];
  }
  const entityId = entityOf(context, null);
  const found = await readExecutionsOfEntities(tx, tx.organizationId, [entityId], null, {
    statuses: ['STARTED', 'FAILED'],
    after: null,
    limit: MAX_EXECUTIONS + 1,
  });
  const ids = (found.get(entityId) ?? []).map(({ id }) => id);
  if (ids.length > MAX_EXECUTIONS)
    throw new ActionError(
      'TOO_MANY_EXECUTIONS',
      `More than ${MAX_EXECUTIONS} executions are open on the entity.`,
    );
  return ids;
}
