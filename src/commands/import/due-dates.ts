/** Due dates: fixed ones, and rules that count from something that happens. */
import type { DueAnchor, DueRule, Instant } from '../../engine/definition.ts';
import type { FlowDueDateConfig } from './flow-task-shape.ts';
import type { Part } from './part.ts';
import type { DynamicDueDate } from './section-workflow-shape.ts';
import type { ForeignTimeUnit } from './shared-shapes.ts';
import { readAmount } from './time.ts';

const ANCHORS = {
  WORKFLOW_STARTED: 'EXECUTION_STARTED',
  TASK_FINISHED: 'TASK_FINISHED',
  STEP_CLOSED: 'TASK_FINISHED',
  PHASE_FINISHED: 'PHASE_FINISHED',
  A_PRECEDING_TASK_COMPLETED: 'A_PRECEDING_TASK_FINISHED',
  ALL_PRECEDING_TASKS_COMPLETED: 'ALL_PRECEDING_TASKS_FINISHED',
} as const satisfies Readonly<
  Record<FlowDueDateConfig['type'] | DynamicDueDate['actionTypeCondition'], DueAnchor>
>;

export interface Due {
  readonly dueAt: Instant | null;
  readonly dueRule: DueRule | null;
}

/** The parts of a rule, whatever its format calls them. */
interface RuleParts {
  readonly whole: Part<object>;
  readonly amount: Part<number>;
  readonly unit: Part<ForeignTimeUnit>;
  readonly anchor: Part<keyof typeof ANCHORS>;
  readonly taskId: Part<string | null | undefined>;
  readonly phaseId: Part<string | null | undefined>;
}

function readRule({ whole, amount, unit, anchor: anchorPart, taskId, phaseId }: RuleParts): DueRule | null {
  const anchor = ANCHORS[anchorPart.take()];
  const span = readAmount(amount, unit);
  if (!span) {
    whole.leave('NOT_SUPPORTED', 'A due date is a whole number of units after something, 0 or more.');
    return null;
  }
  const subjects = { TASK_FINISHED: taskId, PHASE_FINISHED: phaseId };
  const subject = anchor === 'TASK_FINISHED' || anchor === 'PHASE_FINISHED' ? subjects[anchor] : null;
  if (subject && (subject.value ?? '') === '') {
    whole.leave('INCOMPLETE', 'The rule does not say after which task or phase.');
    return null;
  }
  for (const part of [taskId, phaseId])
    if (part !== subject) part.leave('NO_EFFECT', 'The rule counts from something else.');
  const key = subject?.take() ?? null;
  return {
    ...span,
    anchor,
    taskKey: anchor === 'TASK_FINISHED' ? key : null,
    phaseKey: anchor === 'PHASE_FINISHED' ? key : null,
  };
}

function withDate(date: Part<string | null | undefined>, dueRule: DueRule | null): Due {
  if (!dueRule) return { dueAt: date.take() ?? null, dueRule };
  date.leave('OVERRIDDEN', 'The rule for the due date counts instead.');
  return { dueAt: null, dueRule };
}

/** The due date of a flow template, or of one of its phases and tasks. */
export function readFlowDue(
  part: Part<{
    readonly due_date?: string | null | undefined;
    readonly due_date_config?: FlowDueDateConfig | null | undefined;
  }>,
): Due {
  const rule = part.at('due_date_config').given();
  const dueRule = rule
    ? readRule({
        whole: rule,
        amount: rule.at('duration'),
        unit: rule.at('unit'),
        anchor: rule.at('type'),
        taskId: rule.at('task_id'),
        phaseId: rule.at('phase_id'),
      })
    : null;
  return withDate(part.at('due_date'), dueRule);
}

/** The due date of a section/step workflow, or of one of its sections and steps. */
export function readSectionDue(
  part: Part<{
    readonly dueDate?: string | null | undefined;
    readonly dynamicDueDate?: DynamicDueDate | null | undefined;
  }>,
): Due {
  const rule = part.at('dynamicDueDate').given();
  const dueRule = rule
    ? readRule({
        whole: rule,
        amount: rule.at('numberOfUnits'),
        unit: rule.at('timePeriod'),
        anchor: rule.at('actionTypeCondition'),
        taskId: rule.at('stepId'),
        phaseId: rule.at('phaseId'),
      })
    : null;
  return withDate(part.at('dueDate'), dueRule);
}
