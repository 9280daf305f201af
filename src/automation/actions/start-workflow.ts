/** The action that starts a workflow. */
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { asSystem } from '../../commands/acting.ts';
import { startExecutionIn } from '../../commands/executions.ts';
import { globalId } from '../../store/global-id.ts';
import { defineAction } from '../action-type.ts';
import { nodeId } from '../config-fields.ts';
import { entityOf, onEntityOf } from '../targets.ts';
import { render, templatesOf } from '../template.ts';

const config = z.strictObject({
  definitionId: nodeId('WorkflowDefinition').describe(
    'The workflow; its published version needs the trigger AUTOMATION.',
  ),
  name: z
    .string()
    .min(1)
    .max(2_000)
    .nullable()
    .default(null)
    .describe('What the execution is called; may have variables. The definition’s name if left out.'),
  onEntityOf,
});

export const startWorkflowAction = defineAction<z.infer<typeof config>>({
  type: 'START_WORKFLOW',
  title: 'Start a workflow',
  description:
    'Starts the newest published version of a workflow on the run’s entity, or on one that an earlier action made.',
  retry: 'INSIDE',
  isOnEntity: false,
  config,
  references: ({ definitionId }) => [{ kind: 'DEFINITION', id: definitionId, path: 'definitionId' }],
  sourceOf: (given) => given.onEntityOf,
  templates: ({ name }) => templatesOf({ name }),
  async run(context, { definitionId, name, ...given }) {
    const { tx, run, variables } = context;
    const { id, name: named } = await startExecutionIn(
      tx,
      await asSystem(tx),
      uuidv7(),
      {
        definitionId,
        entityId: entityOf(context, given.onEntityOf),
        contextEntityIds: [],
        name: name === null ? undefined : render(name, variables, 'line'),
      },
      { automationId: run.automationId ?? '' },
    );
    return { type: 'DONE', output: { executionId: globalId('WorkflowExecution', id), name: named } };
  },
});
