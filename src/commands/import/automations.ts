/** Automation tasks. */
import type { AutomationReference, ScheduleRule } from '../../engine/definition.ts';
import type { FlowAutomationTask } from './flow-task-shape.ts';
import type { Mapping } from './mapping.ts';
import { quoted } from './reason.ts';
import type { Part } from './part.ts';
import { readSchedule } from './schedules.ts';
import { readMode } from './trigger-mode.ts';

type Config = Part<FlowAutomationTask['automation_config']>;

/** The automation here for the one that `whole` is about, whose id there is at `id`; null leaves `whole` out. */
export function readAutomationId(
  whole: Part<object>,
  id: Part<string | null | undefined>,
  { automations }: Mapping,
): string | null {
  const from = id.take() ?? '';
  const automationId = automations.get(from);
  if (automationId !== undefined) return automationId;
  if (from === '') whole.leave('INCOMPLETE', 'It does not say which automation is to run.');
  else
    whole.leave('UNMAPPED_AUTOMATION', `The mapping does not say which automation ${quoted(from)} is here.`);
  return null;
}

interface ReadInput {
  readonly inputTaskKey: string | null;
  /** Whether the automation works on the entity that it worked on in the other system. */
  readonly isKept: boolean;
}

function readInput(config: Config): ReadInput {
  const input = config.at('input_context').given();
  if (!input) return { inputTaskKey: null, isKept: true };
  const taskId = input.at('task_id');
  if (input.at('source').take() === 'trigger') {
    taskId.leave('NO_EFFECT', 'The automation works on the entity of the execution.');
    return { inputTaskKey: null, isKept: true };
  }
  const inputTaskKey = taskId.take() ?? '';
  if (inputTaskKey !== '') return { inputTaskKey, isKept: true };
  input.leave('INCOMPLETE', 'It does not say on which task’s entity the automation works.');
  return { inputTaskKey: null, isKept: false };
}

/** What the task runs, null if the mapping does not have it, and when. */
export function readAutomation(
  task: Part<FlowAutomationTask>,
  mapping: Mapping,
): { readonly automation: AutomationReference | null; readonly schedule: ScheduleRule | null } {
  task.at('created_automatically').leave('OTHER_SYSTEM', 'Who made the task does not change what it does.');
  const { schedule, isKept } = readSchedule(task.at('schedule'));
  const config = task.at('automation_config');
  for (const field of ['action_config', 'duplicated_flow_id'] as const)
    config
      .at(field)
      .leave('NOT_SUPPORTED', 'What an automation does is said by the automation, not by the task.');
  const input = readInput(config);
  const automationId = readAutomationId(config, config.at('flow_id'), mapping);
  const mode = readMode(task.at('trigger_mode'), isKept && input.isKept && automationId !== null);
  if (automationId === null) return { automation: null, schedule };
  return { automation: { automationId, mode, inputTaskKey: input.inputTaskKey }, schedule };
}
