/** The action that ends executions early. */
import { z } from 'zod';
import { asSystem } from '../../commands/acting.ts';
import { withExecutions } from '../../commands/execution-session.ts';
import { fromEngine, refuse } from '../../commands/problem.ts';
import { isExecutionOpen } from '../../engine/transition.ts';
import { globalId } from '../../store/global-id.ts';
import { defineAction } from '../action-type.ts';
import { nodeId } from '../config-fields.ts';
import { executionsOf, findExecutions } from '../targets.ts';
import { render, templatesOf } from '../template.ts';

const config = z.strictObject({
  of: executionsOf.default('RUN').describe('Which are closed; RUN if left out.'),
  closingReasonIds: z
    .array(nodeId('ClosingReason'))
    .max(100)
    .default([])
    .describe('Why; those that an execution does not offer are left out for it.'),
  description: z
    .string()
    .min(1)
    .max(5_000)
    .nullable()
    .default(null)
    .describe('The reason in free words; may have variables.'),
});

export const closeExecutionAction = defineAction<z.infer<typeof config>>({
  type: 'CLOSE_EXECUTION',
  title: 'Close an execution',
  description:
    'Ends the execution of the run early, or all open ones on its entity. It is skipped if there is none that is open.',
  retry: 'INSIDE',
  isOnEntity: false,
  config,
  references: ({ closingReasonIds }) =>
    closingReasonIds.map((id, index) => ({ kind: 'CLOSING_REASON', id, path: `closingReasonIds[${index}]` })),
  templates: ({ description }) => templatesOf({ description }),
  async run(context, { of, closingReasonIds, description }) {
    const { tx, variables } = context;
    const executionIds = await findExecutions(context, of);
    const text = description === null ? null : render(description, variables, 'none');
    const closed = await withExecutions(tx, await asSystem(tx), { executionIds }, (session) =>
      executionIds.filter((id) => {
        const execution = session.execution(id)?.execution;
        if (!execution || !isExecutionOpen(execution.status)) return false;
        const { configuredClosingReasons, hasSingleClosingReason } = execution;
        const reasonIds = closingReasonIds
          .filter((reasonId) => configuredClosingReasons.some((reason) => reason.id === reasonId))
          .slice(0, hasSingleClosingReason ? 1 : undefined);
        const result = session.advance(id, { type: 'CLOSE_EXECUTION', reasonIds, description: text });
        return result.ok || refuse(fromEngine(result.problem));
      }),
    );
    if (closed.length === 0) return { type: 'SKIPPED', reason: 'No execution is open.' };
    return {
      type: 'DONE',
      output: { executionIds: closed.map((id) => globalId('WorkflowExecution', id)) },
    };
  },
});
