/** How executions come to be. */
import { unique } from '../../engine/collections.ts';
import type { Trigger } from '../../engine/definition.ts';
import { readAutomationId } from './automations.ts';
import { leaveBookkeeping } from './bookkeeping.ts';
import type { FlowTemplate, FlowTrigger } from './flow-template-shape.ts';
import type { Mapping } from './mapping.ts';
import { quoted } from './reason.ts';
import type { Part } from './part.ts';

/** By hand on any entity: how a workflow is started that does not say it. */
export const BY_HAND: Trigger = { type: 'MANUAL', entitySchema: null };

function isOf<Type extends FlowTrigger['type']>(type: Type) {
  return (trigger: FlowTrigger): trigger is Extract<FlowTrigger, { type: Type }> => trigger.type === type;
}

function readManual(trigger: Part<Extract<FlowTrigger, { type: 'manual' }>>): Trigger {
  leaveBookkeeping(trigger, ['id']);
  trigger.at('type').take();
  return { type: 'MANUAL', entitySchema: trigger.at('entity_schema').take() ?? null };
}

function readByAutomation(
  trigger: Part<Extract<FlowTrigger, { type: 'automation' }>>,
  mapping: Mapping,
): Trigger | null {
  leaveBookkeeping(trigger, ['id']);
  trigger.at('type').take();
  trigger
    .at('input_entity')
    .leave('NOT_SUPPORTED', 'The automation says on which entity it starts the workflow.');
  trigger
    .at('trigger_config')
    .leave('NOT_SUPPORTED', 'What sets an automation going is said by the automation.');
  if ((trigger.value.automation_id ?? '') === '') {
    trigger.at('automation_id').take();
    return { type: 'AUTOMATION', automationId: null };
  }
  const automationId = readAutomationId(trigger, trigger.at('automation_id'), mapping);
  return automationId === null ? null : { type: 'AUTOMATION', automationId };
}

function readByJourney(
  trigger: Part<Extract<FlowTrigger, { type: 'journey_submission' }>>,
  { journeys }: Mapping,
): Trigger | null {
  const from = trigger.at('journey_id').take();
  const journeyId = journeys.get(from);
  if (journeyId === undefined) {
    trigger.leave('UNMAPPED_JOURNEY', `The mapping does not say which journey ${quoted(from)} is here.`);
    return null;
  }
  trigger.at('type').take();
  leaveBookkeeping(trigger, ['id']);
  leaveBookkeeping(trigger, ['journey_name'], 'The journey itself says what it is called.');
  trigger
    .at('automation_id')
    .leave('NOT_SUPPORTED', 'A journey starts the workflow by itself, without an automation.');
  return { type: 'JOURNEY', journeyId };
}

function readTrigger(part: Part<FlowTrigger>, mapping: Mapping): Trigger | null {
  const manual = part.narrowed(isOf('manual'));
  if (manual) return readManual(manual);
  const byAutomation = part.narrowed(isOf('automation'));
  if (byAutomation) return readByAutomation(byAutomation, mapping);
  const byJourney = part.narrowed(isOf('journey_submission'));
  if (byJourney) return readByJourney(byJourney, mapping);
  const byJourneysAutomation = part.narrowed(isOf('journey_automation'));
  if (!byJourneysAutomation) return null;
  leaveBookkeeping(byJourneysAutomation, ['id']);
  byJourneysAutomation.at('type').take();
  byJourneysAutomation
    .at('entity_schema')
    .leave('NOT_SUPPORTED', 'The automation says on which entity it starts the workflow.');
  return { type: 'AUTOMATION', automationId: null };
}

/** The triggers of a template, each once. */
export function readTriggers(template: Part<FlowTemplate>, mapping: Mapping): readonly Trigger[] {
  const first = template.at('trigger').given();
  const parts = [...(first ? [first] : []), ...template.at('additional_triggers').items()];
  if (parts.length === 0) return [BY_HAND];
  const triggers = parts.map((part) => readTrigger(part, mapping)).filter((trigger) => trigger !== null);
  return unique(triggers, (trigger) => JSON.stringify(trigger));
}
