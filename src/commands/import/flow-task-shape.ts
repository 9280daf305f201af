/** The shape of a flow template's tasks. */
import { z } from 'zod';
import { instant, wholeNumber } from '../definition-document-fields.ts';
import { ignored, optional, text } from './shape.ts';
import { audienceText, journey, partnerText, stepDescription, timeUnit } from './shared-shapes.ts';

/** Ids and variables. */
export const assignees = optional(
  z.array(
    z.union([text, z.object({ variable: text, value: ignored })], {
      error: 'is neither the id of an assignee nor a variable',
    }),
  ),
);

export const labels = optional(z.array(text));

export const dueDateConfig = z.object({
  duration: z.number(),
  unit: timeUnit,
  type: z.enum([
    'WORKFLOW_STARTED',
    'TASK_FINISHED',
    'PHASE_FINISHED',
    'A_PRECEDING_TASK_COMPLETED',
    'ALL_PRECEDING_TASKS_COMPLETED',
  ]),
  task_id: optional(text),
  phase_id: optional(text),
});

const triggerMode = z.enum(['manual', 'automatic']);

const delay = { duration: z.number().min(1), unit: timeUnit };

const schedule = z.discriminatedUnion(
  'mode',
  [
    z.object({ mode: z.literal('immediate').nullish() }),
    z.object({ mode: z.literal('delayed'), ...delay }),
    z.object({
      mode: z.literal('relative'),
      direction: z.enum(['before', 'after']),
      ...delay,
      reference: z.object({
        id: text,
        origin: z.enum([
          'flow_started',
          'task_completed',
          'trigger_entity_attribute',
          'all_preceding_tasks_completed',
        ]),
        schema: optional(text),
        attribute: optional(text),
      }),
    }),
  ],
  { error: 'is none of "immediate", "delayed" and "relative"' },
);

const source = z.object({
  id: ignored,
  origin: optional(z.enum(['trigger', 'action'])),
  origin_type: optional(z.enum(['entity', 'workflow', 'journey_block'])),
  schema: optional(text),
  attribute: optional(text),
  attribute_type: ignored,
  attribute_repeatable: optional(z.boolean()),
  attribute_operation: optional(z.enum(['all', 'updated', 'added', 'deleted'])),
  attributes: optional(z.array(text).max(10)),
  attributes_match: optional(z.enum(['any', 'all'])),
  attribute_sub_field: optional(text),
  date_offset: optional(
    z.object({ amount: optional(wholeNumber), unit: optional(z.enum(['days', 'months', 'years'])) }),
  ),
});

const statement = z.object({
  id: ignored,
  source,
  operator: z.enum([
    'equals',
    'not_equals',
    'any_of',
    'none_of',
    'contains',
    'not_contains',
    'starts_with',
    'ends_with',
    'greater_than',
    'less_than',
    'greater_than_or_equals',
    'less_than_or_equals',
    'is_empty',
    'is_not_empty',
  ]),
  values: optional(z.array(text)),
  value_type: optional(z.enum(['static', 'relative_date'])),
});

const condition = z.object({
  id: text,
  branch_name: text,
  logical_operator: z.enum(['AND', 'OR']),
  statements: optional(z.array(statement)),
});

const taskBase = z.object({
  id: text,
  name: text,
  description: optional(stepDescription),
  journey: optional(journey),
  due_date: optional(instant),
  due_date_config: optional(dueDateConfig),
  requirements: optional(
    z.array(
      z.object({
        task_id: optional(text),
        phase_id: optional(text),
        when: z.enum(['TASK_FINISHED', 'PHASE_FINISHED']),
      }),
    ),
  ),
  assigned_to: assignees,
  ecp: optional(audienceText),
  installer: optional(audienceText),
  partner: optional(partnerText),
  taxonomies: labels,
  phase_id: optional(text),
});

const automationTask = taskBase.extend({
  task_type: z.literal('AUTOMATION'),
  automation_config: z.object({
    flow_id: optional(text),
    action_config: ignored,
    duplicated_flow_id: ignored,
    input_context: optional(z.object({ source: z.enum(['trigger', 'task']), task_id: optional(text) })),
  }),
  trigger_mode: optional(triggerMode),
  schedule: optional(schedule),
  created_automatically: ignored,
});

const decisionTask = taskBase.extend({
  task_type: z.literal('DECISION'),
  trigger_mode: triggerMode,
  conditions: z.array(condition),
  allow_parallel_execution: optional(z.boolean()),
  schedule: optional(schedule),
  loop_config: optional(
    z.object({
      loop_branch_id: text,
      exit_branch_id: text,
      max_iterations: optional(wholeNumber.min(1)),
    }),
  ),
});

export const flowTask = z.discriminatedUnion(
  'task_type',
  [
    taskBase.extend({ task_type: z.literal('MANUAL') }),
    automationTask,
    decisionTask,
    taskBase.extend({ task_type: z.literal('AI_AGENT'), agent_config: ignored }),
  ],
  { error: 'is none of "MANUAL", "AUTOMATION", "DECISION" and "AI_AGENT"' },
);

export type FlowTask = z.infer<typeof flowTask>;
export type FlowAutomationTask = z.infer<typeof automationTask>;
export type FlowDecisionTask = z.infer<typeof decisionTask>;
export type FlowCondition = z.infer<typeof condition>;
export type FlowStatement = z.infer<typeof statement>;
export type FlowSchedule = z.infer<typeof schedule>;
export type FlowDueDateConfig = z.infer<typeof dueDateConfig>;
