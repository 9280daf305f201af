/** How decisions are made and what follows from that. */
import type { BranchDefinition, Instant, Statement } from '../../src/engine/definition.ts';
import type { Facts } from '../../src/engine/facts.ts';
import { loopBody } from './flow.ts';
import type { Model, ModelTask } from './state.ts';
import { forgetAttempts, takeAway } from './workers.ts';

/** Only what the random flows use: an attribute, or how often the decision has looped, equals a text. */
function isMet(statement: Statement, task: ModelTask, facts: Facts): boolean {
  const { source, values } = statement;
  const path = source.type === 'ENTITY' ? source.paths[0] : undefined;
  const seen = path === undefined ? String(task.iterations) : facts.entities[0]?.attributes[path];
  return seen === values[0];
}

function isBranchMet({ statements, connective }: BranchDefinition, task: ModelTask, facts: Facts): boolean {
  if (statements.length === 0) return false;
  const results = statements.map((statement) => isMet(statement, task, facts));
  return connective === 'AND' ? results.every(Boolean) : results.some(Boolean);
}

/** The system looks at the conditions. */
export function evaluate(model: Model, task: ModelTask, facts: Facts, now: Instant): void {
  const { branches = [], takes } = task.decision ?? {};
  const met = branches.filter((branch) => isBranchMet(branch, task, facts)).map(({ key }) => key);
  const keys = met.length === 0 ? defaults(task) : takes === 'FIRST_MET' ? met.slice(0, 1) : met;
  if (keys.length === 0) {
    task.taken = [];
    fail(task, 'NO_BRANCH_MET');
  } else take(model, task, keys, 'COMPLETED', now);
}

export function defaults({ decision }: ModelTask): string[] {
  return (decision?.branches ?? []).filter(({ isDefault }) => isDefault).map(({ key }) => key);
}

export function take(
  model: Model,
  task: ModelTask,
  keys: readonly string[],
  status: 'COMPLETED' | 'SKIPPED',
  now: Instant,
): void {
  const { loop, branches } = task.decision ?? {};
  const isLooping = loop != null && keys.includes(loop.branchKey);
  if (isLooping && task.iterations < loop.maxIterations) {
    loopBack(model, task, loop.branchKey);
    return;
  }
  const taken = isLooping ? [loop.exitBranchKey, ...keys].filter((key) => key !== loop.branchKey) : keys;
  finish(task, status, now);
  task.taken = (branches ?? []).map(({ key }) => key).filter((key) => taken.includes(key));
}

function loopBack(model: Model, decision: ModelTask, branchKey: string): void {
  const iterations = decision.iterations + 1;
  loopBody(model, decision).forEach(putBack);
  decision.iterations = iterations;
  decision.taken = [branchKey];
}

export function finish(task: ModelTask, status: 'COMPLETED' | 'SKIPPED', now: Instant): void {
  task.status = status;
  task.statusBeforeHold = null;
  task.failure = null;
  task.finishedAt = now;
}

export function fail(task: ModelTask, failure: NonNullable<ModelTask['failure']>): void {
  task.status = 'FAILED';
  task.failure = failure;
}

/** As if nobody had ever begun it. */
export function putBack(task: ModelTask): void {
  task.status = 'PENDING';
  task.statusBeforeHold = null;
  task.isBuried = false;
  task.failure = null;
  task.taken = null;
  task.iterations = 0;
  task.finishedAt = null;
  task.scheduledFor = null;
  task.hasScheduleRun = false;
  task.reachedAt = null;
  task.run = null;
  task.asked = null;
  takeAway(task);
  forgetAttempts(task);
}
