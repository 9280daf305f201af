/** Random graphs with everything that a flow can have, the work in them, and the time that passes meanwhile. */
import fc from 'fast-check';
import type { DefinitionContent, NodeRef } from '../../src/engine/definition.ts';
import type { Attributes } from '../../src/engine/facts.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import { allowedCommands } from '../../src/engine/transition.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import {
  arbitraryDefinition,
  arbitraryStep,
  awaitsOutcome,
  isOutcome,
  PEOPLE,
  referencesOf,
  typeOf,
  type Step,
} from './arbitraries.ts';
import { drawFlow } from './flow-drawing.ts';
import { isForWorker, isWorkerKind } from './worker-steps.ts';
import { arbitraryShape, ATTRIBUTES, DATE_ATTRIBUTE, rarely, VALUES, type Shape } from './flow-shapes.ts';

/** Something that somebody tries, some time later, in a world that has changed. */
export interface FlowStep extends Step {
  /** Since the step before. */
  readonly hours: number;
  /** What the entity says from now on; null if it says what it did. */
  readonly attributes: Attributes | null;
}

/** One random flow with what is done in it. */
export interface FlowCase {
  readonly content: DefinitionContent;
  readonly attributes: Attributes;
  readonly steps: readonly FlowStep[];
}

/** What is added to a drawn flow, as far as it contradicts nothing. */
interface Extra {
  readonly kind: 'edge' | 'requirement' | 'phase';
  readonly from: number;
  readonly to: number;
}

function withExtra(content: DefinitionContent, { kind, from, to }: Extra): DefinitionContent {
  const { tasks, phases, edges } = content;
  const nodes: NodeRef[] = [
    ...tasks.map(({ key }) => ({ taskKey: key })),
    ...phases.map(({ key }) => ({ phaseKey: key })),
  ];
  const source = nodes[from % nodes.length] ?? { taskKey: '' };
  const target = nodes[to % nodes.length] ?? source;
  if (kind === 'edge') {
    const branches = tasks.find(({ key }) => 'taskKey' in source && key === source.taskKey)?.decision
      ?.branches;
    const branchKey = branches?.[to % (branches.length + 1)]?.key ?? null;
    return { ...content, edges: [...edges, { from: source, to: target, branchKey }] };
  }
  return {
    ...content,
    tasks: tasks.map((item, index) => {
      if (index !== to % tasks.length) return item;
      return kind === 'phase'
        ? { ...item, phaseKey: phases[from % Math.max(1, phases.length)]?.key ?? null }
        : { ...item, requirements: [...item.requirements, source] };
    }),
  };
}

const references = referencesOf(PEOPLE);

function isValid(content: DefinitionContent): boolean {
  return validateDefinition(content, references).every(({ severity }) => severity !== 'ERROR');
}

function contentOf(shape: Shape, extras: readonly Extra[]): DefinitionContent {
  let content = drawFlow(shape, isValid);
  for (const extra of extras) {
    const next = withExtra(content, extra);
    if (isValid(next)) content = next;
  }
  return content;
}

const drawnFlow: fc.Arbitrary<DefinitionContent> = fc
  .tuple(
    arbitraryShape,
    fc.array(
      fc.record({
        kind: fc.constantFrom('edge', 'requirement', 'requirement', 'phase'),
        from: fc.nat({ max: 99 }),
        to: fc.nat({ max: 99 }),
      } as const),
      { maxLength: 4 },
    ),
  )
  .map(([shape, extras]) => contentOf(shape, extras))
  .filter(isValid);

/** Definitions without errors. */
export const arbitraryFlow: fc.Arbitrary<DefinitionContent> = fc.oneof(
  { weight: 8, arbitrary: drawnFlow },
  { weight: 1, arbitrary: arbitraryDefinition() },
);

export const arbitraryAttributes: fc.Arbitrary<Attributes> = fc.record(
  {
    ...Object.fromEntries(ATTRIBUTES.map((name) => [name, fc.constantFrom(...VALUES)])),
    [DATE_ATTRIBUTE]: fc.constantFrom('2026-03-02', '2026-03-05', '2026-04-01T12:00:00Z', 'soon', ''),
  },
  { requiredKeys: [] },
);

/** Commands that change nothing of the flow. */
const ASIDE: readonly Step['kind'][] = [
  'ASSIGN_TASK',
  'CLAIM_TASK',
  'RELEASE_TASK',
  'SET_TASK_DUE_DATE',
  'UPDATE_TASK',
  'ASSIGN_EXECUTION',
  'SET_EXECUTION_DUE_DATE',
];

/** Most often a task is chosen with which it can be done. */
const circumstances: fc.Arbitrary<Pick<FlowStep, 'isAimed' | 'hours' | 'attributes'>> = fc.record({
  isAimed: fc.constantFrom(true, true, true, true, false),
  hours: fc.constantFrom(0, 0, 0, 1, 5, 30, 80),
  attributes: rarely(arbitraryAttributes),
});

const flowStep: fc.Arbitrary<FlowStep> = fc
  .tuple(
    arbitraryStep((kind) => !ASIDE.includes(kind)),
    circumstances,
  )
  .map(([step, more]) => ({ ...step, ...more }));

export const arbitraryFlowCase: fc.Arbitrary<FlowCase> = fc.record({
  content: arbitraryFlow,
  attributes: arbitraryAttributes,
  steps: fc.array(flowStep, { maxLength: 40, size: 'max' }),
});

/** What is tried: if it is aimed and there is no task for which it is allowed, something that brings the execution on instead. */
export function aimed(step: FlowStep, { execution, tasks }: ExecutionState): FlowStep {
  const { status } = execution;
  const { kind: wanted } = step;
  const isToTask = /_(TASK|AUTOMATION|CONFIRMATION)$/.test(wanted) || isWorkerKind(wanted);
  if (!step.isAimed || !isToTask || wanted === 'ADD_TASK') return step;
  if (isOutcome(wanted) && tasks.some((task) => awaitsOutcome(task, wanted))) return step;
  if (isWorkerKind(wanted) && tasks.some((task) => isForWorker(wanted, task))) return step;
  if (status === 'CLOSED' || (status === 'DONE' && !step.flag)) return { ...step, kind: 'REOPEN_EXECUTION' };
  const allowed = tasks.flatMap((task) => allowedCommands(task, status)).map((name) => typeOf(name));
  if (allowed.some((kind) => kind === step.kind)) return step;
  const onwards = (['COMPLETE_TASK', 'DECIDE_TASK', 'START_TASK', 'REOPEN_TASK'] as const).find((kind) =>
    allowed.includes(kind),
  );
  return { ...step, kind: onwards ?? 'WAKE_EXECUTION' };
}
