/** Short ways to write statements and to see what they come to. */
import { evaluateBranches, type ConditionWorld } from '../../src/engine/condition/evaluate.ts';
import type {
  BranchDefinition,
  DateOffset,
  ExecutionFact,
  Operator,
  Statement,
  StatementSource,
} from '../../src/engine/definition.ts';
import type { Attributes } from '../../src/engine/facts.ts';
import type { BranchResult, StatementResult } from '../../src/engine/state.ts';
import { UTC_CALENDAR } from './utc-calendar.ts';
import { branch, decision, factsOf, phased, started, taskOf } from './workflow.ts';

const NOW = '2026-03-02T08:00:00.000Z';

/** An execution with the phase `survey`, its task `visit` and the decision `choice`, on 2 March 2026, a Monday. */
export function worldOf(attributes: Attributes, parts: Partial<ConditionWorld> = {}): ConditionWorld {
  const survey = phased('survey: visit');
  const state = started({ ...survey, tasks: [...survey.tasks, decision('choice', [branch('yes')])] });
  return {
    state,
    task: taskOf(state, 'choice'),
    now: NOW,
    calendar: UTC_CALENDAR,
    facts: factsOf(attributes),
    ...parts,
  };
}

type Entity = Extract<StatementSource, { readonly type: 'ENTITY' }>;

export function on(paths: string | readonly string[], parts: Partial<Entity> = {}): Entity {
  return { type: 'ENTITY', entitySchema: null, paths: [paths].flat(), match: 'ANY', offset: null, ...parts };
}

/** The key is that of the task or phase, whichever the fact is about. */
export function fact(
  name: ExecutionFact,
  key: string | null,
  offset: DateOffset | null = null,
): StatementSource {
  return { type: 'EXECUTION', fact: name, taskKey: key, phaseKey: key, offset };
}

export function statement(
  source: StatementSource,
  operator: Operator,
  values: readonly string[],
  valueType: Statement['valueType'] = 'STATIC',
): Statement {
  return { source, operator, values, valueType };
}

export function branchResult(parts: Partial<BranchDefinition>, world: ConditionWorld): BranchResult {
  const [result] = evaluateBranches([branch('yes', parts)], world);
  if (!result) throw new Error('no result');
  return result;
}

export function result(only: Statement, world: ConditionWorld): StatementResult {
  const [found] = branchResult({ statements: [only] }, world).statements;
  if (!found) throw new Error('no result');
  return found;
}

export function verdict(only: Statement, world: ConditionWorld): boolean {
  return result(only, world).isMet;
}
