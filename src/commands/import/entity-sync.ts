/** What the workflow tells its entities. */
import type { EntitySyncRule, SyncEvent, SyncSource } from '../../engine/definition.ts';
import { withPresets, type SyncPresetName } from '../../engine/sync-presets.ts';
import type { FlowSync } from './flow-template-shape.ts';
import type { Part } from './part.ts';
import type { EntityAttributeUpdate } from './section-workflow-shape.ts';

const EVENTS = {
  FlowStarted: 'EXECUTION_STARTED',
  FlowCompleted: 'EXECUTION_DONE',
  FlowCancelled: 'EXECUTION_CLOSED',
  FlowReopened: 'EXECUTION_REOPENED',
  FlowDeleted: 'EXECUTION_DELETED',
  FlowAssigned: 'EXECUTION_ASSIGNED',
  FlowDueDateChanged: 'EXECUTION_DUE_DATE_CHANGED',
  FlowContextsChanged: 'EXECUTION_CONTEXTS_CHANGED',
  TaskUpdated: 'TASK_UPDATED',
  CurrTaskChanged: 'CURRENT_TASK_CHANGED',
  TaskCompleted: 'TASK_COMPLETED',
  TaskSkipped: 'TASK_SKIPPED',
  TaskMarkedInProgress: 'TASK_STARTED',
  TaskMarkedOnHold: 'TASK_HELD',
  PhaseUpdated: 'PHASE_UPDATED',
  PhaseCompleted: 'PHASE_COMPLETED',
  PhaseSkipped: 'PHASE_SKIPPED',
  PhaseMarkedInProgress: 'PHASE_STARTED',
} as const satisfies Readonly<Record<FlowSync['trigger']['event'], SyncEvent>>;

const SOURCES = {
  workflow_name: 'EXECUTION_NAME',
  workflow_status: 'EXECUTION_STATUS',
  workflow_assigned_to: 'EXECUTION_ASSIGNEES',
  task_name: 'TASK_NAME',
  task_status: 'TASK_STATUS',
  task_assigned_to: 'TASK_ASSIGNEES',
  phase_name: 'PHASE_NAME',
  phase_status: 'PHASE_STATUS',
  phase_assigned_to: 'PHASE_ASSIGNEES',
  custom_value: 'CUSTOM_VALUE',
} as const satisfies Readonly<Record<FlowSync['value']['source'], SyncSource>>;

const PRESETS = {
  workflow_status: 'EXECUTION_STATUS',
  current_step: 'CURRENT_TASK',
  current_section: 'CURRENT_PHASE',
} as const satisfies Readonly<Record<EntityAttributeUpdate['source'], SyncPresetName>>;

/** The task or phase that the rule is only for. Templates allow one of the two: the one that the event is about. */
function readFilter(sync: Part<FlowSync>): Pick<EntitySyncRule, 'taskKey' | 'phaseKey'> {
  const trigger = sync.at('trigger');
  const filter = trigger.at('filter').given();
  if (!filter) return { taskKey: null, phaseKey: null };
  const [task, phase] = [filter.at('task_template_id'), filter.at('phase_template_id')];
  if (task.value != null && phase.value != null) {
    const isAboutPhase = trigger.value.event.startsWith('Phase');
    (isAboutPhase ? task : phase).leave('NO_EFFECT', 'A rule is for a task or for a phase, not for both.');
    return {
      taskKey: isAboutPhase ? null : (task.take() ?? null),
      phaseKey: isAboutPhase ? (phase.take() ?? null) : null,
    };
  }
  return { taskKey: task.take() ?? null, phaseKey: phase.take() ?? null };
}

function readRule(sync: Part<FlowSync>): EntitySyncRule[] {
  const value = sync.at('value');
  const source = SOURCES[value.at('source').take()];
  const custom = value.at('value');
  if (source !== 'CUSTOM_VALUE') custom.leave('NO_EFFECT', 'The rule writes something else.');
  const customValue = source === 'CUSTOM_VALUE' ? custom.take() : null;
  if (source === 'CUSTOM_VALUE' && customValue == null) {
    sync.leave('INCOMPLETE', 'The rule does not say what it writes.');
    return [];
  }
  const target = sync.at('target');
  return [
    {
      event: EVENTS[sync.at('trigger').at('event').take()],
      ...readFilter(sync),
      entitySchema: target.at('entitySchema').take(),
      path: target.at('entityAttribute').take(),
      source,
      customValue: customValue ?? null,
    },
  ];
}

/** The sync rules of a template. */
export function readEntitySync(
  list: Part<readonly FlowSync[] | null | undefined>,
): readonly EntitySyncRule[] {
  return list.items().flatMap(readRule);
}

/** The rules for which a section/step workflow has three words. */
export function readAttributeUpdates(
  list: Part<readonly EntityAttributeUpdate[] | null | undefined>,
): readonly EntitySyncRule[] {
  const presets = list.items().map((update) => ({
    preset: PRESETS[update.at('source').take()],
    entitySchema: update.at('target').at('entitySchema').take(),
    path: update.at('target').at('entityAttribute').take(),
  }));
  return withPresets(presets, []);
}
