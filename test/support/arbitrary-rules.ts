/** Random rules, decisions and references of every kind, also such as mean nothing, for whatever keeps or carries definitions. */
import fc from 'fast-check';
import type {
  BranchDefinition,
  DateOffset,
  DecisionDefinition,
  DueRule,
  EscalationRule,
  EntitySyncRule,
  ExternalReference,
  ScheduleRule,
  StatementSource,
  TaskDefinition,
  TimeUnit,
  Trigger,
} from '../../src/engine/definition.ts';

/** All that a definition may say besides its texts and its flow. */
export interface Rules {
  readonly dueRule: DueRule | null;
  readonly escalations: readonly EscalationRule[];
  readonly triggers: readonly Trigger[];
  readonly entitySync: readonly EntitySyncRule[];
  readonly branchKey: string | null;
  /** An assignee. */
  readonly variable: string;
  readonly task: Pick<
    TaskDefinition,
    'type' | 'schedule' | 'decision' | 'automation' | 'external' | 'journey'
  >;
}

const UNITS: readonly TimeUnit[] = [
  'MINUTES',
  'HOURS',
  'WORKING_HOURS',
  'DAYS',
  'WORKING_DAYS',
  'WEEKS',
  'MONTHS',
  'YEARS',
];

export function arbitraryRules(text: fc.Arbitrary<string>): fc.Arbitrary<Rules> {
  const key = fc.option(text);
  const unit = fc.constantFrom(...UNITS);
  const amount = fc.oneof(fc.nat({ max: 100 }), fc.integer());
  const offset: fc.Arbitrary<DateOffset | null> = fc.option(fc.record({ amount, unit }));
  const mode = fc.constantFrom('AUTOMATIC', 'MANUAL');

  const source: fc.Arbitrary<StatementSource> = fc.oneof(
    fc.record({
      type: fc.constant('ENTITY' as const),
      entitySchema: key,
      paths: fc.array(text, { maxLength: 3 }),
      match: fc.constantFrom('ANY', 'ALL'),
      offset,
    }),
    fc.record({
      type: fc.constant('EXECUTION' as const),
      fact: fc.constantFrom('NAME', 'TASK_STATUS', 'PHASE_STATUS', 'ITERATIONS'),
      taskKey: key,
      phaseKey: key,
      offset,
    }),
  );
  const branch: fc.Arbitrary<BranchDefinition> = fc.record({
    key: text,
    name: text,
    isDefault: fc.boolean(),
    connective: fc.constantFrom('AND', 'OR'),
    statements: fc.array(
      fc.record({
        source,
        operator: fc.constantFrom('EQUALS', 'ANY_OF', 'GREATER_THAN', 'IS_EMPTY'),
        values: fc.array(text, { maxLength: 3 }),
        valueType: fc.constantFrom('STATIC', 'RELATIVE_DATE'),
      }),
      { maxLength: 2 },
    ),
  });
  const decision: fc.Arbitrary<DecisionDefinition> = fc.record({
    mode,
    takes: fc.constantFrom('FIRST_MET', 'EVERY_MET'),
    branches: fc.array(branch, { maxLength: 3 }),
    loop: fc.option(
      fc.record({
        branchKey: text,
        exitBranchKey: text,
        maxIterations: fc.oneof(fc.constant(3), fc.integer()),
      }),
    ),
  });
  const dueRule: fc.Arbitrary<DueRule> = fc.record({
    amount,
    unit,
    anchor: fc.constantFrom('EXECUTION_STARTED', 'TASK_FINISHED', 'A_PRECEDING_TASK_FINISHED'),
    taskKey: key,
    phaseKey: key,
  });
  const schedule: fc.Arbitrary<ScheduleRule> = fc.record({
    anchor: fc.constantFrom('REACHED', 'TASK_FINISHED', 'ENTITY_DATE'),
    direction: fc.constantFrom('BEFORE', 'AFTER'),
    amount,
    unit,
    taskKey: key,
    path: key,
    entitySchema: key,
  });
  const trigger: fc.Arbitrary<Trigger> = fc.oneof(
    fc.record({ type: fc.constant('MANUAL' as const), entitySchema: key }),
    fc.record({ type: fc.constant('AUTOMATION' as const), automationId: key }),
    fc.record({ type: fc.constant('JOURNEY' as const), journeyId: key }),
  );
  const syncRule: fc.Arbitrary<EntitySyncRule> = fc.record({
    event: fc.constantFrom('EXECUTION_STARTED', 'TASK_HELD', 'CURRENT_TASK_CHANGED', 'PHASE_SKIPPED'),
    taskKey: key,
    phaseKey: key,
    entitySchema: text,
    path: text,
    source: fc.constantFrom('EXECUTION_NAME', 'TASK_ASSIGNEES', 'CUSTOM_VALUE'),
    customValue: key,
  });
  const external: fc.Arbitrary<ExternalReference> = fc.record({
    topic: text,
    retries: fc.oneof(fc.constant(3), fc.integer()),
    retryAfterSeconds: fc.array(fc.integer(), { maxLength: 3 }),
    leaseSeconds: fc.oneof(fc.constant(300), fc.integer()),
    input: fc.array(fc.record({ name: text, path: text }), { maxLength: 2 }),
    output: fc.array(
      fc.record({
        source: text,
        target: text,
        entitySchema: key,
        mode: fc.constantFrom('SET', 'APPEND'),
        isRequired: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
  });
  const somebody = text.map((id) => ({ type: 'VARIABLE', id }) as const);
  const escalation: fc.Arbitrary<EscalationRule> = fc.record({
    on: fc.constantFrom('BEFORE_DUE', 'DUE', 'AFTER_DUE', 'UNCLAIMED'),
    amount,
    unit,
    action: fc.constantFrom('REMIND', 'REASSIGN', 'NOTIFY_LEAD'),
    handovers: fc.array(fc.record({ assignee: somebody, time: fc.option(fc.record({ amount, unit })) }), {
      maxLength: 2,
    }),
    leads: fc.array(somebody, { maxLength: 2 }),
    respectsWorkingTime: fc.boolean(),
  });
  return fc.record({
    dueRule: fc.option(dueRule),
    escalations: fc.array(escalation, { maxLength: 2 }),
    triggers: fc.array(trigger, { maxLength: 3 }),
    entitySync: fc.array(syncRule, { maxLength: 2 }),
    branchKey: key,
    variable: text,
    task: fc.record({
      type: fc.constantFrom('MANUAL', 'AUTOMATION', 'DECISION', 'EXTERNAL'),
      schedule: fc.option(schedule),
      decision: fc.option(decision),
      automation: fc.option(fc.record({ automationId: text, mode, inputTaskKey: key })),
      external: fc.option(external),
      journey: fc.option(
        fc.record(
          {
            journeyId: text,
            completesTask: fc.boolean(),
            // None are left out, not empty.
            parameters: fc.array(fc.record({ name: text, value: text }), { minLength: 1, maxLength: 2 }),
          },
          { requiredKeys: ['journeyId', 'completesTask'] },
        ),
      ),
    }),
  });
}
