/** Workflows that are drawn in tests: one for each way in which flows differ. */
import type { DefinitionContent, DueRule, ScheduleRule } from '../../src/engine/definition.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import {
  accepted,
  after,
  branch,
  decision,
  definition,
  edge,
  equals,
  factsOf,
  phase,
  START,
  started,
  task,
} from './workflow.ts';

function due(amount: number, parts: Partial<DueRule> = {}): DueRule {
  return {
    amount,
    unit: 'WORKING_DAYS',
    anchor: 'EXECUTION_STARTED',
    taskKey: null,
    phaseKey: null,
    ...parts,
  };
}

function schedule(amount: number, parts: Partial<ScheduleRule> = {}): ScheduleRule {
  return {
    anchor: 'REACHED',
    direction: 'AFTER',
    amount,
    unit: 'DAYS',
    taskKey: null,
    path: null,
    entitySchema: null,
    ...parts,
  };
}

/** Three tasks in a row, without phases and edges. */
export const LINEAR: DefinitionContent = definition({
  name: 'Answer a complaint',
  isSequential: true,
  tasks: [
    task('call', { name: 'Call the customer back', dueRule: due(1) }),
    task('decide', { name: 'Decide what to offer' }),
    task('offer', { name: 'Make the offer', dueRule: due(2, { anchor: 'TASK_FINISHED', taskKey: 'call' }) }),
  ],
});

/** Phases one after the other by edges between them, a decision with a default, and a branch that ends the path. */
export const BRANCHING: DefinitionContent = definition({
  name: 'Solar installation',
  phases: [
    phase('check', { name: 'Site check' }),
    phase('plan', { name: 'Planning' }),
    phase('build', { name: 'Installation' }),
  ],
  tasks: [
    task('visit', { name: 'Visit the site', phaseKey: 'check', dueRule: due(5) }),
    decision(
      'roof',
      [
        branch('good', { name: 'Roof is fine', statements: [equals('roof', 'good')] }),
        branch('weak', { name: 'Needs a structural engineer', isDefault: true }),
        branch('none', { name: 'Not possible', statements: [equals('roof', 'none')] }),
      ],
      { mode: 'AUTOMATIC' },
      { name: 'Does the roof bear it?', phaseKey: 'check' },
    ),
    task('engineer', { name: 'Order a structural report', phaseKey: 'plan' }),
    task('design', { name: 'Design the system', phaseKey: 'plan' }),
    task('order', { name: 'Order the material', type: 'AUTOMATION', phaseKey: 'plan' }),
    task('mount', { name: 'Mount the modules', phaseKey: 'build' }),
    task('connect', { name: 'Connect to the grid', phaseKey: 'build' }),
  ],
  edges: [
    'visit > roof',
    'roof =good> design',
    'roof =weak> engineer',
    'engineer > design',
    'design > order',
    '#plan > #build',
    'mount > connect',
  ].map(edge),
});

/** A decision by hand that leads back, at most three times. */
export const LOOPING: DefinitionContent = definition({
  name: 'Contract review',
  tasks: [
    task('draft', { name: 'Draft or revise the contract' }),
    task('review', { name: 'Review by the legal team', schedule: schedule(1) }),
    decision(
      'agreed',
      [
        branch('yes', { name: 'Agreed' }),
        branch('again', { name: 'Changes wanted' }),
        branch('no', { name: 'Give up', isDefault: true }),
      ],
      { loop: { branchKey: 'again', exitBranchKey: 'no', maxIterations: 3 } },
      { name: 'Do both sides agree?' },
    ),
    task('sign', { name: 'Sign', type: 'AUTOMATION' }),
  ],
  edges: ['draft > review', 'review > agreed', 'agreed =yes> sign', 'agreed =again> draft'].map(edge),
});

/** Branches that run side by side and join, a requirement across them, and dates of the entity. */
export const PARALLEL: DefinitionContent = definition({
  name: 'Move to a new supplier',
  phases: [phase('prepare', { name: 'Preparation' }), phase('switch', { name: 'Switch' })],
  tasks: [
    decision(
      'what',
      [
        branch('power', { name: 'Electricity', statements: [equals('power', 'true')] }),
        branch('gas', { name: 'Gas', statements: [equals('gas', 'true')] }),
        branch('other', { name: 'Neither', isDefault: true }),
      ],
      { mode: 'AUTOMATIC', takes: 'EVERY_MET' },
      { name: 'What is supplied?', phaseKey: 'prepare' },
    ),
    task('power', { name: 'Cancel the electricity contract', phaseKey: 'prepare', type: 'AUTOMATION' }),
    task('gas', { name: 'Cancel the gas contract', phaseKey: 'prepare', type: 'AUTOMATION' }),
    task('meter', {
      name: 'Read the meters',
      phaseKey: 'switch',
      schedule: schedule(3, { anchor: 'ENTITY_DATE', direction: 'BEFORE', path: 'contract.startsOn' }),
    }),
    task('register', { name: 'Register with the grid operator', phaseKey: 'switch' }),
    task('welcome', {
      name: 'Send the welcome letter',
      phaseKey: 'switch',
      requirements: [{ taskKey: 'gas' }, { phaseKey: 'prepare' }],
      dueRule: due(2, { unit: 'WEEKS', anchor: 'PHASE_FINISHED', phaseKey: 'prepare' }),
    }),
  ],
  edges: [
    'what =power> power',
    'what =gas> gas',
    'power > register',
    'gas > register',
    'register > meter',
    'meter > welcome',
  ].map(edge),
});

/** Phases as a mere checklist: nothing has an order. */
export const UNORDERED: DefinitionContent = definition({
  name: 'Onboarding',
  phases: [
    phase('before', { name: 'Before the first day' }),
    phase('first', { name: 'First week' }),
    phase('later', { name: 'Later' }),
  ],
  tasks: [
    task('laptop', { name: 'Order a laptop', phaseKey: 'before' }),
    task('account', { name: 'Make the accounts', phaseKey: 'before', type: 'AUTOMATION' }),
    task('desk', { name: 'Prepare the desk', phaseKey: 'before' }),
    task('tour', { name: 'Show the house', phaseKey: 'first', requirements: [{ taskKey: 'desk' }] }),
    task('lunch', { name: 'Lunch with the team', phaseKey: 'first' }),
    task('papers', { name: 'Collect the papers' }),
  ],
});

/** The second task is being worked on. */
export function linearExecution(): ExecutionState {
  return after(
    started(LINEAR),
    { type: 'COMPLETE_TASK', taskId: 'call' },
    { type: 'START_TASK', taskId: 'decide' },
  );
}

/** The roof is fine: nobody needs to ask the engineer. */
export function branchingExecution(): ExecutionState {
  const context = { ...START, facts: factsOf({ roof: 'good' }) };
  const { state } = accepted(
    started(BRANCHING, context),
    { type: 'COMPLETE_TASK', taskId: 'visit' },
    context,
  );
  return state;
}

/** In its second round; the review waits for its day again. */
export function loopingExecution(): ExecutionState {
  return after(
    started(LOOPING),
    { type: 'COMPLETE_TASK', taskId: 'draft' },
    { type: 'START_TASK', taskId: 'review' },
    { type: 'COMPLETE_TASK', taskId: 'review' },
    { type: 'DECIDE_TASK', taskId: 'agreed', branchKeys: ['again'] },
    { type: 'COMPLETE_TASK', taskId: 'draft' },
  );
}

/** Only electricity is supplied. */
export function parallelExecution(): ExecutionState {
  const context = { ...START, facts: factsOf({ power: 'true', contract: { startsOn: '2026-05-01' } }) };
  const first = accepted(started(PARALLEL, context), { type: 'COMPLETE_TASK', taskId: 'power' }, context);
  return accepted(first.state, { type: 'COMPLETE_TASK', taskId: 'register' }, context).state;
}

/** A checklist of which one thing is done, one skipped, one on hold and one failed. */
export function unorderedExecution(): ExecutionState {
  return after(
    started(UNORDERED),
    { type: 'COMPLETE_TASK', taskId: 'laptop' },
    { type: 'FAIL_TASK', taskId: 'account', reason: 'The directory is down.' },
    { type: 'HOLD_TASK', taskId: 'desk' },
    { type: 'SKIP_TASK', taskId: 'lunch' },
  );
}
