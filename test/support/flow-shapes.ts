/** Random flows as trees: series, parallel ways, decisions and loops inside each other, so that whatever is drawn can be worked. */
import fc from 'fast-check';
import type {
  BranchDefinition,
  DueRule,
  ExternalReference,
  ScheduleRule,
  Statement,
  TriggerMode,
} from '../../src/engine/definition.ts';
import { equals } from './workflow.ts';

/** What a random condition looks at, and what may stand there. */
export const ATTRIBUTES = ['kind', 'size', 'region'] as const;
export const VALUES = ['a', 'b', 'c'] as const;
/** The attribute that schedules may count from. */
export const DATE_ATTRIBUTE = 'date';

export interface TaskShape {
  readonly kind: 'task';
  /** How its automation is started; null for a task that is worked by hand. */
  readonly automation: TriggerMode | null;
  /** How somebody outside is asked to confirm it, unless it has an automation or is for workers; null for not at all. */
  readonly confirmation: TriggerMode | null;
  /** What it says to workers, if it is for them and not automated; otherwise null. */
  readonly external: Pick<ExternalReference, 'retries' | 'retryAfterSeconds' | 'leaseSeconds'> | null;
  readonly schedule: ScheduleShape | null;
  readonly due: DueShape | null;
}
/** Which task it is counted from is drawn by number: the number of tasks is not known before. */
export type ScheduleShape = Omit<ScheduleRule, 'taskKey'> & { readonly ofTask: number };
export type DueShape = Omit<DueRule, 'taskKey' | 'phaseKey'> & { readonly ofTask: number };

export interface DecisionShape {
  readonly mode: TriggerMode;
  readonly takes: 'FIRST_MET' | 'EVERY_MET';
  readonly conditions: readonly Pick<BranchDefinition, 'connective' | 'statements'>[];
  /** No default if it is not the number of a branch. */
  readonly defaultBranch: number;
  readonly schedule: ScheduleShape | null;
}

export type Shape =
  | TaskShape
  | { readonly kind: 'series'; readonly parts: readonly Shape[] }
  | { readonly kind: 'parallel'; readonly parts: readonly Shape[] }
  /** NEXT: the branch leads to what follows the decision; END: nowhere. */
  | {
      readonly kind: 'decision';
      readonly decision: DecisionShape;
      readonly branches: readonly (Shape | 'NEXT' | 'END')[];
    }
  /** The body, then a decision that leads back to its start, or on, or (if it has a way out) there. */
  | {
      readonly kind: 'loop';
      readonly body: Shape;
      readonly decision: DecisionShape;
      readonly maxIterations: number;
      readonly wayOut: Shape | null;
    }
  | {
      readonly kind: 'phase';
      readonly body: Shape;
      /** Whether edges lead to the phase, or to the first tasks in it. */
      readonly isEnteredAsPhase: boolean;
      readonly isLeftAsPhase: boolean;
    };

/** "The decision has looped so and so often." */
function loopedTimes(times: number): Statement {
  return {
    source: { type: 'EXECUTION', fact: 'ITERATIONS', taskKey: null, phaseKey: null, offset: null },
    operator: 'EQUALS',
    values: [String(times)],
    valueType: 'STATIC',
  };
}

const statement: fc.Arbitrary<Statement> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...ATTRIBUTES), fc.constantFrom(...VALUES))
      .map(([path, value]) => equals(path, value)),
  },
  { weight: 1, arbitrary: fc.nat({ max: 2 }).map(loopedTimes) },
);

/** Null six times out of seven. */
export function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const count = {
  amount: fc.nat({ max: 3 }),
  unit: fc.constantFrom('MINUTES', 'HOURS', 'DAYS'),
  ofTask: fc.nat(),
};

const schedule: fc.Arbitrary<ScheduleShape> = fc
  .record({
    ...count,
    anchor: fc.constantFrom(
      'REACHED',
      'EXECUTION_STARTED',
      'TASK_FINISHED',
      'ALL_PRECEDING_TASKS_FINISHED',
      'ENTITY_DATE',
    ),
    direction: fc.constantFrom('AFTER', 'AFTER', 'AFTER', 'BEFORE'),
  } as const)
  .map((rule) => ({
    ...rule,
    path: rule.anchor === 'ENTITY_DATE' ? DATE_ATTRIBUTE : null,
    entitySchema: null,
    // Before the moment when it is reached is always too late.
    direction: rule.anchor === 'ENTITY_DATE' ? rule.direction : 'AFTER',
  }));

const due: fc.Arbitrary<DueShape> = fc.record({
  ...count,
  anchor: fc.constantFrom(
    'EXECUTION_STARTED',
    'TASK_FINISHED',
    'A_PRECEDING_TASK_FINISHED',
    'ALL_PRECEDING_TASKS_FINISHED',
  ),
} as const);

const task: fc.Arbitrary<TaskShape> = fc.record({
  kind: fc.constant('task'),
  automation: fc.constantFrom(null, null, 'AUTOMATIC', 'MANUAL'),
  confirmation: fc.constantFrom(null, null, 'AUTOMATIC', 'MANUAL'),
  external: fc.option(
    fc.record({
      retries: fc.integer({ min: 1, max: 3 }),
      retryAfterSeconds: fc.constantFrom([], [5_400]),
      leaseSeconds: fc.constantFrom(600, 14_400),
    }),
  ),
  schedule: rarely(schedule),
  due: rarely(due),
} as const);

const decision: fc.Arbitrary<DecisionShape> = fc.record({
  mode: fc.constantFrom('AUTOMATIC', 'MANUAL'),
  takes: fc.constantFrom('FIRST_MET', 'EVERY_MET'),
  conditions: fc.array(
    fc.record({
      connective: fc.constantFrom('AND', 'OR'),
      statements: fc.array(statement, { minLength: 1, maxLength: 2 }),
    } as const),
    { minLength: 3, maxLength: 3 },
  ),
  defaultBranch: fc.nat({ max: 3 }),
  schedule: rarely(schedule),
} as const);

const anyShape: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => {
  const shape = tie('shape');
  const parts = (minLength: number, maxLength: number): fc.Arbitrary<Shape[]> =>
    fc.array(shape, { minLength, maxLength });
  return {
    shape: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'flow', depthSize: 'max' },
      { weight: 3, arbitrary: task },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('series'), parts: parts(2, 4) } as const) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('parallel'), parts: parts(2, 3) } as const) },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('decision'),
          decision,
          branches: fc.array(
            fc.oneof(
              { weight: 4, arbitrary: shape },
              { weight: 2, arbitrary: fc.constant('NEXT' as const) },
              { weight: 1, arbitrary: fc.constant('END' as const) },
            ),
            { minLength: 1, maxLength: 3 },
          ),
        } as const),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('loop'),
          body: shape,
          decision,
          maxIterations: fc.integer({ min: 1, max: 3 }),
          wayOut: fc.option(shape),
        } as const),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('phase'),
          body: shape,
          isEnteredAsPhase: fc.boolean(),
          isLeftAsPhase: fc.boolean(),
        } as const),
      },
    ),
  };
}).shape;

/** Several parts, one after the other: a flow of a single task proves little. */
export const arbitraryShape: fc.Arbitrary<Shape> = fc.record({
  kind: fc.constant('series'),
  parts: fc.array(anyShape, { minLength: 1, maxLength: 4, size: 'max' }),
});
