/** The shape of a section/step workflow: an ordered list of sections with steps, and of steps without one. */
import { z } from 'zod';
import { instant } from '../definition-document-fields.ts';
import { ignored, optional, text } from './shape.ts';
import {
  audienceText,
  closingReason,
  journey,
  partnerText,
  stepDescription,
  timeUnit,
} from './shared-shapes.ts';

const assignedTo = optional(z.array(text));
const userIds = optional(z.array(z.number()));
const labels = optional(z.array(text));

const dynamicDueDate = z.object({
  numberOfUnits: z.number(),
  timePeriod: timeUnit,
  actionTypeCondition: z.enum(['WORKFLOW_STARTED', 'STEP_CLOSED', 'PHASE_FINISHED']),
  stepId: optional(text),
  phaseId: optional(text),
});

const due = { dueDate: optional(instant), dynamicDueDate: optional(dynamicDueDate) };

const step = z.object({
  id: optional(text),
  name: text,
  description: optional(stepDescription),
  executionType: optional(z.enum(['MANUAL', 'AUTOMATION'])),
  automationConfig: optional(z.object({ flowId: text })),
  journey: optional(journey),
  order: z.number(),
  ...due,
  userIds,
  requirements: optional(
    z.array(
      z.object({ definitionId: text, type: z.enum(['STEP', 'SECTION']), condition: z.literal('CLOSED') }),
    ),
  ),
  assignedTo,
  type: z.literal('STEP'),
  ecp: optional(audienceText),
  installer: optional(audienceText),
  partner: optional(partnerText),
  taxonomies: labels,
});

const section = z.object({
  id: optional(text),
  name: text,
  order: z.number(),
  type: z.literal('SECTION'),
  ...due,
  assignedTo,
  steps: z.array(step),
  taxonomies: labels,
});

export const sectionWorkflowShape = z.object({
  id: ignored,
  name: text,
  description: optional(text),
  creationTime: ignored,
  enabled: optional(z.boolean()),
  lastUpdateTime: ignored,
  ...due,
  userIds,
  assignedTo,
  enableECPWorkflow: optional(z.boolean()),
  flow: z.array(z.discriminatedUnion('type', [section, step], { error: 'is neither "SECTION" nor "STEP"' })),
  closingReasons: optional(z.array(closingReason)),
  updateEntityAttributes: optional(
    z.array(
      z.object({
        source: z.enum(['workflow_status', 'current_section', 'current_step']),
        target: z.object({ entitySchema: text, entityAttribute: text }),
      }),
    ),
  ),
  taxonomies: labels,
  singleClosingReasonSelection: optional(z.boolean()),
  _manifest: ignored,
});

export type SectionWorkflow = z.infer<typeof sectionWorkflowShape>;
export type Section = z.infer<typeof section>;
export type Step = z.infer<typeof step>;
export type DynamicDueDate = z.infer<typeof dynamicDueDate>;
export type EntityAttributeUpdate = NonNullable<SectionWorkflow['updateEntityAttributes']>[number];
