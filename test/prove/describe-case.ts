/** A random flow and what is done in it, in as few words as tell it. */
import type { DueRule, NodeRef, ScheduleRule, TaskDefinition } from '../../src/engine/definition.ts';
import type { FlowCase } from '../support/random-flows.ts';

/** One line for each task, edge and step. */
export function describeCase({ content, attributes, steps }: FlowCase): string {
  return [
    `phases: ${content.phases.map(({ key }) => key).join(' ')}${content.isSequential ? ', sequential' : ''}`,
    ...content.tasks.map(describeTask),
    ...content.edges.map(({ from, to, branchKey }) => `${nameOf(from)} =${branchKey ?? ''}> ${nameOf(to)}`),
    `attributes: ${JSON.stringify(attributes)}`,
    ...steps.map((step, index) => `step ${index}: ${JSON.stringify(step)}`),
  ].join('\n');
}

function describeTask(task: TaskDefinition): string {
  const { key, type, phaseKey, requirements, schedule, dueRule, decision } = task;
  return [
    `${key} ${type}`,
    ...(phaseKey === null ? [] : [`in ${phaseKey}`]),
    ...(requirements.length === 0 ? [] : [`requires ${requirements.map(nameOf).join(' ')}`]),
    ...(schedule === null ? [] : [`scheduled ${describeRule(schedule)}`]),
    ...(dueRule === null ? [] : [`due ${describeRule(dueRule)}`]),
    ...(decision === null ? [] : [describeDecision(decision)]),
  ].join(', ');
}

function describeRule(rule: ScheduleRule | DueRule): string {
  const direction = 'direction' in rule ? rule.direction : 'AFTER';
  return `${rule.amount} ${rule.unit} ${direction} ${rule.anchor} ${rule.taskKey ?? ''}`.trim();
}

function describeDecision({ mode, takes, loop, branches }: NonNullable<TaskDefinition['decision']>): string {
  const ways = branches.map(({ key, isDefault, connective, statements }) => {
    const conditions = statements.map(({ source, values }) => {
      const seen = source.type === 'ENTITY' ? source.paths.join(' ') : source.fact;
      return `${seen}=${values.join(' ')}`;
    });
    return `${key}${isDefault ? ' (default)' : ''} if ${conditions.join(` ${connective} `)}`;
  });
  return [mode, takes, ...ways, ...(loop ? [`loop at most ${loop.maxIterations} times`] : [])].join(', ');
}

function nameOf(ref: NodeRef): string {
  return 'taskKey' in ref ? ref.taskKey : `#${ref.phaseKey}`;
}
