/** Flow templates: phases and tasks that edges, conditions and loops connect. */
import { groupBy } from '../../engine/collections.ts';
import type { DefinitionContent, NodeRef, PhaseDefinition, TaskDefinition } from '../../engine/definition.ts';
import { readAssignees } from './assignees.ts';
import { readAutomation } from './automations.ts';
import { leaveBookkeeping, readEnabled } from './bookkeeping.ts';
import { branchKeysOf, type BranchKeys } from './branches.ts';
import { readClosingReasonIds } from './closing-reasons.ts';
import { readDecision } from './decisions.ts';
import { readFlowDue } from './due-dates.ts';
import { readEdges, type EdgeSubjects } from './edges.ts';
import { readEntitySync } from './entity-sync.ts';
import type { FlowAutomationTask, FlowDecisionTask, FlowTask } from './flow-task-shape.ts';
import type { FlowTemplate } from './flow-template-shape.ts';
import { readJourney } from './journeys.ts';
import type { Mapping } from './mapping.ts';
import type { Part } from './part.ts';
import { readAudienceTexts, readDescription, readLabels } from './texts.ts';
import { readTriggers } from './triggers.ts';

type Phase = NonNullable<FlowTemplate['phases']>[number];
type Requirement = NonNullable<FlowTask['requirements']>[number];
type AgentTask = Extract<FlowTask, { task_type: 'AI_AGENT' }>;

function isAutomation(task: FlowTask): task is FlowAutomationTask {
  return task.task_type === 'AUTOMATION';
}

function isDecision(task: FlowTask): task is FlowDecisionTask {
  return task.task_type === 'DECISION';
}

function isAgent(task: FlowTask): task is AgentTask {
  return task.task_type === 'AI_AGENT';
}

/** The branches of every decision, by its id. */
function branchKeysByTask({ tasks, edges }: FlowTemplate): ReadonlyMap<string, BranchKeys> {
  const outgoing = groupBy(edges, ({ from_id }) => from_id);
  return new Map(
    tasks.filter(isDecision).map((task) => [task.id, branchKeysOf(task, outgoing.get(task.id) ?? [])]),
  );
}

function readPhase(phase: Part<Phase>, mapping: Mapping): PhaseDefinition {
  return {
    key: phase.at('id').take(),
    name: phase.at('name').take(),
    assignees: readAssignees(phase.at('assigned_to'), mapping),
    ...readFlowDue(phase),
    escalations: [],
    labels: readLabels(phase.at('taxonomies')),
  };
}

function readRequirement(requirement: Part<Requirement>): NodeRef[] {
  const [task, phase] = [requirement.at('task_id'), requirement.at('phase_id')];
  const isTask = requirement.at('when').take() === 'TASK_FINISHED';
  const key = (isTask ? task : phase).take() ?? '';
  if (key === '') {
    requirement.leave('INCOMPLETE', 'It does not say which task or phase must be finished.');
    return [];
  }
  (isTask ? phase : task).leave('NO_EFFECT', 'The requirement is about the other one.');
  return [isTask ? { taskKey: key } : { phaseKey: key }];
}

function readRequirements(task: Part<FlowTask>, isLinear: boolean): readonly NodeRef[] {
  const list = task.at('requirements');
  if (!isLinear || list.value?.length === 0) return list.items().flatMap(readRequirement);
  list.leave('OVERRIDDEN', 'In a linear template only the order of the tasks says what must be finished.');
  return [];
}

type OfType = Pick<TaskDefinition, 'type' | 'schedule' | 'decision' | 'automation'>;

function readType(task: Part<FlowTask>, keys: ReadonlyMap<string, BranchKeys>, mapping: Mapping): OfType {
  const type = task.at('task_type');
  const manual: OfType = { type: 'MANUAL', schedule: null, decision: null, automation: null };
  const agent = task.narrowed(isAgent);
  if (agent) {
    type.leave('NOT_SUPPORTED', 'There are no tasks for AI agents; a person works on it.');
    agent.at('agent_config').leave('NOT_SUPPORTED', 'There are no tasks for AI agents.');
    return manual;
  }
  type.take();
  const automation = task.narrowed(isAutomation);
  if (automation) return { ...manual, type: 'AUTOMATION', ...readAutomation(automation, mapping) };
  const decision = task.narrowed(isDecision);
  const branchKeys = keys.get(task.value.id);
  if (!decision || !branchKeys) return manual;
  return { ...manual, type: 'DECISION', ...readDecision(decision, branchKeys) };
}

function readTask(
  task: Part<FlowTask>,
  { branchKeys }: EdgeSubjects,
  isLinear: boolean,
  mapping: Mapping,
): TaskDefinition {
  return {
    key: task.at('id').take(),
    name: task.at('name').take(),
    description: readDescription(task.at('description')),
    phaseKey: task.at('phase_id').take() ?? null,
    assignees: readAssignees(task.at('assigned_to'), mapping),
    ...readFlowDue(task),
    escalations: [],
    ...readType(task, branchKeys, mapping),
    external: null,
    journey: readJourney(task.at('journey'), mapping),
    confirmation: null,
    requirements: readRequirements(task, isLinear),
    labels: readLabels(task.at('taxonomies')),
    audienceTexts: readAudienceTexts(task),
  };
}

/** The definition that a flow template describes. */
export function readFlowTemplate(template: Part<FlowTemplate>, mapping: Mapping): DefinitionContent {
  leaveBookkeeping(template, ['id', 'org_id', 'version', 'created_at', 'updated_at', '_manifest']);
  leaveBookkeeping(template, ['limit_warnings'], 'Sizes are checked anew here.');
  readEnabled(template.at('enabled'));
  const { phases, tasks } = template.value;
  const subjects: EdgeSubjects = {
    phaseIds: new Set(phases?.map(({ id }) => id)),
    taskIds: new Set(tasks.map(({ id }) => id)),
    branchKeys: branchKeysByTask(template.value),
  };
  const isLinear = template.at('linear').take() === true;
  return {
    name: template.at('name').take(),
    description: template.at('description').take() ?? null,
    labels: readLabels(template.at('taxonomies')),
    isSequential: isLinear,
    isVisibleInPortal: template.at('available_in_ecp').take() ?? false,
    assignees: readAssignees(template.at('assigned_to'), mapping),
    ...readFlowDue(template),
    escalations: [],
    triggers: readTriggers(template, mapping),
    phases: template
      .at('phases')
      .items()
      .map((phase) => readPhase(phase, mapping)),
    tasks: template
      .at('tasks')
      .items()
      .map((task) => readTask(task, subjects, isLinear, mapping)),
    edges: readEdges(template.at('edges'), subjects),
    closingReasonIds: readClosingReasonIds(template.at('closing_reasons'), mapping),
    hasSingleClosingReason: template.at('singleClosingReasonSelection').take() ?? false,
    entitySync: readEntitySync(template.at('entity_sync')),
  };
}
