/** The action that sends a message to a webhook endpoint. */
import { z } from 'zod';
import { isObject, type JsonObject } from '../../engine/condition/shape.ts';
import type { Json } from '../../engine/definition.ts';
import { globalId } from '../../store/global-id.ts';
import { defineAction, type ActionContext } from '../action-type.ts';
import { nodeId } from '../config-fields.ts';
import { renderJson, templatesIn } from '../template.ts';
import { checkEndpoint } from '../usable-endpoint.ts';

const config = z.strictObject({
  endpointId: nodeId('WebhookEndpoint').describe('Where it is sent.'),
  type: z
    .string()
    .max(100)
    .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, {
      error: 'A type is lower-case words joined by dots: order.accepted',
    })
    .default('automation.action')
    .describe('The type of the message: `order.accepted`. `automation.action` if left out.'),
  data: z
    .json()
    .refine((value) => isObject(value), { error: 'This is not an object.' })
    .optional()
    .describe(
      'What the message tells: a JSON object with variables in its texts. A text that is one variable and nothing else stands for the value itself. If left out: the entity, and the ids of the execution, the task, the run and the automation.',
    ),
});

function idOf(type: string, key: string | null): Json {
  return key === null ? null : globalId(type, key);
}

/** What the run is about. */
function wholeRun({ run, variables }: ActionContext): JsonObject {
  const read = (path: string): Json => variables.read(path)[0] ?? null;
  return {
    entity:
      run.entityId === null
        ? null
        : {
            id: globalId('Entity', run.entityId),
            schema: read('entitySchema'),
            title: read('entityTitle'),
            attributes: read('entity'),
          },
    executionId: idOf('WorkflowExecution', run.executionId),
    taskId: read('task.id'),
    runId: globalId('AutomationRun', run.id),
    automationId: idOf('Automation', run.automationId),
  };
}

export const triggerWebhookAction = defineAction<z.infer<typeof config>>({
  type: 'TRIGGER_WEBHOOK',
  title: 'Trigger a webhook',
  description:
    'Sends a signed message to a webhook endpoint, again and again until it is taken or given up, under the same id each time.',
  retry: 'OUTSIDE',
  isOnEntity: false,
  config,
  references: ({ endpointId }) => [{ kind: 'ENDPOINT', id: endpointId, path: 'endpointId' }],
  templates: ({ data }) => templatesIn('data', data),
  async run(context, { endpointId, type, data }) {
    await checkEndpoint(context.tx, endpointId);
    const given = data === undefined ? null : renderJson(data, context.variables);
    return {
      type: 'DELIVER',
      delivery: {
        kind: 'WEBHOOK',
        endpointId,
        type,
        data: given !== null && isObject(given) ? given : wholeRun(context),
      },
    };
  },
});
