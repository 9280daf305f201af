/** Section/step workflows: an ordered list of sections with steps, and of steps without one. */
import type {
  AutomationReference,
  DefinitionContent,
  NodeRef,
  PhaseDefinition,
  TaskDefinition,
} from '../../engine/definition.ts';
import { readAssignees, readAssigneesAndNumbers } from './assignees.ts';
import { readAutomationId } from './automations.ts';
import { leaveBookkeeping, readEnabled } from './bookkeeping.ts';
import { readClosingReasonIds } from './closing-reasons.ts';
import { readSectionDue } from './due-dates.ts';
import { readAttributeUpdates } from './entity-sync.ts';
import { readJourney } from './journeys.ts';
import type { Mapping } from './mapping.ts';
import type { Part } from './part.ts';
import type { Section, SectionWorkflow, Step } from './section-workflow-shape.ts';
import { readAudienceTexts, readDescription, readLabels } from './texts.ts';
import { BY_HAND } from './triggers.ts';

type Item = SectionWorkflow['flow'][number];

function isSection(item: Item): item is Section {
  return item.type === 'SECTION';
}

function isStep(item: Item): item is Step {
  return item.type === 'STEP';
}

/** Gives keys to sections and steps: their id, or a new one, since ids may be missing. */
type KeyOf = (item: Part<Section | Step>) => string;

function keysOf(items: readonly Item[]): KeyOf {
  const used = new Set(
    items.flatMap((item) => [item.id, ...(isSection(item) ? item.steps.map(({ id }) => id) : [])]),
  );
  let count = 0;
  return (item) => {
    const id = item.at('id').take() ?? '';
    if (id !== '') return id;
    const prefix = item.value.type.toLowerCase();
    do count += 1;
    while (used.has(`${prefix}-${count}`));
    return `${prefix}-${count}`;
  };
}

function inOrder<T extends { readonly order: number }>(items: readonly Part<T>[]): Part<T>[] {
  return [...items].sort((a, b) => a.value.order - b.value.order);
}

function readRequirement(requirement: Part<NonNullable<Step['requirements']>[number]>): NodeRef {
  requirement.at('condition').take();
  const key = requirement.at('definitionId').take();
  return requirement.at('type').take() === 'STEP' ? { taskKey: key } : { phaseKey: key };
}

/** Automations of steps are run by a button. */
function readAutomation(
  step: Part<Step>,
  mapping: Mapping,
): { readonly type: TaskDefinition['type']; readonly automation: AutomationReference | null } {
  const executionType = step.at('executionType').take();
  const config = step.at('automationConfig').given();
  if (executionType === 'MANUAL' || (executionType == null && !config)) {
    config?.leave('NO_EFFECT', 'The step is worked by hand.');
    return { type: 'MANUAL', automation: null };
  }
  const automationId = config && readAutomationId(config, config.at('flowId'), mapping);
  return {
    type: 'AUTOMATION',
    automation: automationId === null ? null : { automationId, mode: 'MANUAL', inputTaskKey: null },
  };
}

function readStep(step: Part<Step>, phaseKey: string | null, keyOf: KeyOf, mapping: Mapping): TaskDefinition {
  for (const field of ['type', 'order'] as const) step.at(field).take();
  return {
    key: keyOf(step),
    name: step.at('name').take(),
    description: readDescription(step.at('description')),
    ...readAutomation(step, mapping),
    phaseKey,
    assignees: readAssigneesAndNumbers(step.at('assignedTo'), step.at('userIds'), mapping),
    ...readSectionDue(step),
    escalations: [],
    schedule: null,
    decision: null,
    external: null,
    journey: readJourney(step.at('journey'), mapping),
    confirmation: null,
    requirements: step.at('requirements').items().map(readRequirement),
    labels: readLabels(step.at('taxonomies')),
    audienceTexts: readAudienceTexts(step),
  };
}

function readSection(
  section: Part<Section>,
  keyOf: KeyOf,
  mapping: Mapping,
): { readonly phase: PhaseDefinition; readonly tasks: readonly TaskDefinition[] } {
  for (const field of ['type', 'order'] as const) section.at(field).take();
  const key = keyOf(section);
  const phase: PhaseDefinition = {
    key,
    name: section.at('name').take(),
    assignees: readAssignees(section.at('assignedTo'), mapping),
    ...readSectionDue(section),
    escalations: [],
    labels: readLabels(section.at('taxonomies')),
  };
  const steps = inOrder(section.at('steps').items());
  return { phase, tasks: steps.map((step) => readStep(step, key, keyOf, mapping)) };
}

function readFlow(
  flow: Part<readonly Item[]>,
  mapping: Mapping,
): Pick<DefinitionContent, 'phases' | 'tasks'> {
  const keyOf = keysOf(flow.value);
  const phases: PhaseDefinition[] = [];
  const tasks: TaskDefinition[] = [];
  const items = inOrder(flow.items());
  const lastSection = items.findLastIndex(({ value }) => isSection(value));
  items.forEach((item, index) => {
    const section = item.narrowed(isSection);
    const step = item.narrowed(isStep);
    if (section) {
      const read = readSection(section, keyOf, mapping);
      phases.push(read.phase);
      tasks.push(...read.tasks);
    } else if (step) {
      tasks.push(readStep(step, null, keyOf, mapping));
      if (index < lastSection)
        step
          .at('order')
          .leave('ORDER_CHANGED', 'Tasks without a phase come after the phases; there it stood before one.');
    }
  });
  return { phases, tasks };
}

/** The definition that a section/step workflow describes: only its requirements hold steps back, not their order. */
export function readSectionWorkflow(workflow: Part<SectionWorkflow>, mapping: Mapping): DefinitionContent {
  leaveBookkeeping(workflow, ['id', 'creationTime', 'lastUpdateTime', '_manifest']);
  readEnabled(workflow.at('enabled'));
  return {
    name: workflow.at('name').take(),
    description: workflow.at('description').take() ?? null,
    labels: readLabels(workflow.at('taxonomies')),
    isSequential: false,
    isVisibleInPortal: workflow.at('enableECPWorkflow').take() ?? false,
    assignees: readAssigneesAndNumbers(workflow.at('assignedTo'), workflow.at('userIds'), mapping),
    ...readSectionDue(workflow),
    escalations: [],
    // Such workflows say nothing about how they are started: anybody may, and any automation.
    triggers: [BY_HAND, { type: 'AUTOMATION', automationId: null }],
    ...readFlow(workflow.at('flow'), mapping),
    edges: [],
    closingReasonIds: readClosingReasonIds(workflow.at('closingReasons'), mapping),
    hasSingleClosingReason: workflow.at('singleClosingReasonSelection').take() ?? false,
    entitySync: readAttributeUpdates(workflow.at('updateEntityAttributes')),
  };
}
