/** The shape of a flow template: phases and tasks that edges, conditions and loops connect. */
import { z } from 'zod';
import { instant } from '../definition-document-fields.ts';
import { assignees, dueDateConfig, flowTask, labels } from './flow-task-shape.ts';
import { ignored, optional, text } from './shape.ts';
import { closingReason } from './shared-shapes.ts';

const trigger = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('manual'), id: ignored, entity_schema: optional(text) }),
    z.object({
      type: z.literal('automation'),
      id: ignored,
      automation_id: optional(text),
      input_entity: ignored,
      trigger_config: ignored,
    }),
    z.object({
      type: z.literal('journey_submission'),
      id: ignored,
      journey_id: text,
      journey_name: ignored,
      automation_id: ignored,
    }),
    z.object({ type: z.literal('journey_automation'), id: ignored, entity_schema: ignored }),
  ],
  { error: 'is none of "manual", "automation", "journey_submission" and "journey_automation"' },
);

const entitySync = z.object({
  trigger: z.object({
    event: z.enum([
      'FlowStarted',
      'FlowCompleted',
      'FlowCancelled',
      'FlowReopened',
      'FlowDeleted',
      'FlowAssigned',
      'FlowDueDateChanged',
      'FlowContextsChanged',
      'TaskUpdated',
      'CurrTaskChanged',
      'TaskCompleted',
      'TaskSkipped',
      'TaskMarkedInProgress',
      'TaskMarkedOnHold',
      'PhaseUpdated',
      'PhaseCompleted',
      'PhaseSkipped',
      'PhaseMarkedInProgress',
    ]),
    filter: optional(z.object({ task_template_id: optional(text), phase_template_id: optional(text) })),
  }),
  value: z.object({
    source: z.enum([
      'workflow_name',
      'workflow_status',
      'workflow_assigned_to',
      'task_name',
      'task_status',
      'task_assigned_to',
      'phase_name',
      'phase_status',
      'phase_assigned_to',
      'custom_value',
    ]),
    value: optional(text),
  }),
  target: z.object({ entitySchema: text, entityAttribute: text }),
});

export const flowTemplateShape = z.object({
  id: ignored,
  org_id: ignored,
  name: text,
  description: optional(text),
  trigger: optional(trigger),
  enabled: optional(z.boolean()),
  version: ignored,
  created_at: ignored,
  updated_at: ignored,
  due_date: optional(instant),
  due_date_config: optional(dueDateConfig),
  assigned_to: assignees,
  available_in_ecp: optional(z.boolean()),
  additional_triggers: optional(z.array(trigger)),
  phases: optional(
    z.array(
      z.object({
        id: text,
        name: text,
        due_date: optional(instant),
        due_date_config: optional(dueDateConfig),
        assigned_to: assignees,
        taxonomies: labels,
      }),
    ),
  ),
  tasks: z.array(flowTask),
  edges: z.array(
    z.object({
      id: ignored,
      from_id: text,
      to_id: optional(text),
      condition_id: optional(text),
      none_met: optional(z.boolean()),
    }),
  ),
  closing_reasons: optional(z.array(closingReason)),
  entity_sync: optional(z.array(entitySync)),
  taxonomies: labels,
  singleClosingReasonSelection: optional(z.boolean()),
  _manifest: ignored,
  linear: optional(z.boolean()),
  limit_warnings: ignored,
});

export type FlowTemplate = z.infer<typeof flowTemplateShape>;
export type FlowEdge = FlowTemplate['edges'][number];
export type FlowTrigger = z.infer<typeof trigger>;
export type FlowSync = z.infer<typeof entitySync>;
