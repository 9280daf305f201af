/** Rules that count from something that comes too late for them, or not at all. */
import type { DefinitionContent, DueRule } from '../definition.ts';
import { circlesOf, isSameCircle, successorsOf } from './graph.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';
import { reachOf } from './reach.ts';
import type { Structure } from './structure.ts';
import { sentence } from './subjects.ts';

/** Whether a node comes before another for sure, or after it, by edges, requirements and schedules. */
type Order = (a: number, b: number) => 'BEFORE' | 'AFTER' | 'SAME' | null;

export function anchorIssues(structure: Structure): DefinitionIssue[] {
  const { content } = structure;
  const order = orderOf(structure);
  return [
    ...content.phases.flatMap(({ key: phaseKey, dueRule }, index) => {
      const beginning = structure.nodes.target({ phaseKey });
      const end = structure.nodes.source({ phaseKey });
      if (!dueRule || beginning === null || end === null) return [];
      return dueRuleIssues(`phases[${index}].dueRule`, dueRule, { beginning, end }, structure, order);
    }),
    ...content.tasks.flatMap(({ dueRule }, index) =>
      dueRule
        ? dueRuleIssues(
            `tasks[${index}].dueRule`,
            dueRule,
            { beginning: index, end: index },
            structure,
            order,
          )
        : [],
    ),
    ...scheduleIssues(structure),
    ...inputIssues(content, structure, order),
  ];
}

function orderOf({ nodes, flow, waits }: Structure): Order {
  const graph = successorsOf(nodes.count, [...flow, ...waits]);
  const circles = circlesOf(graph);
  const reach = reachOf(graph);
  return (a, b) => {
    if (a === b) return 'SAME';
    // What is in a circle is told elsewhere; there is no order in it.
    if (isSameCircle(circles, a, b)) return null;
    return reach(a, b) ? 'BEFORE' : reach(b, a) ? 'AFTER' : null;
  };
}

/** A task waits and ends as one node; a phase begins at one and ends at another. */
interface Bearer {
  readonly beginning: number;
  readonly end: number;
}

function dueRuleIssues(
  path: string,
  rule: DueRule,
  { beginning, end }: Bearer,
  { nodes, isPreceded }: Structure,
  order: Order,
): DefinitionIssue[] {
  const name = sentence(nodes.nameOf(end));
  const never = (field: string, why: string): DefinitionIssue[] => [
    error('DUE_RULE_NEVER_MET', `${path}.${field}`, `${name} ${why}, so it never has a due date in time.`),
  ];
  switch (rule.anchor) {
    case 'EXECUTION_STARTED':
      return [];
    case 'A_PRECEDING_TASK_FINISHED':
    case 'ALL_PRECEDING_TASKS_FINISHED':
      return isPreceded(beginning) ? [] : never('anchor', 'has no task before it');
    case 'TASK_FINISHED':
    case 'PHASE_FINISHED': {
      const { taskKey, phaseKey } = rule;
      const isTask = rule.anchor === 'TASK_FINISHED';
      const anchor = isTask
        ? taskKey === null
          ? null
          : nodes.source({ taskKey })
        : phaseKey === null
          ? null
          : nodes.source({ phaseKey });
      if (anchor === null) return [];
      const place = order(end, anchor);
      const field = isTask ? 'taskKey' : 'phaseKey';
      if (place === 'SAME') return never(field, 'is due from its own end on');
      if (place === 'BEFORE')
        return never(field, `is due from the end of ${nodes.nameOf(anchor)} on, which comes after it`);
      return [];
    }
  }
}

function scheduleIssues({ content, nodes, isPreceded }: Structure): DefinitionIssue[] {
  return content.tasks.flatMap(({ key, schedule }, task) => {
    const path = `tasks[${task}].schedule`;
    const name = sentence(nodes.nameOf(task));
    if (schedule?.anchor === 'TASK_FINISHED' && schedule.taskKey === key)
      return [error('SCHEDULE_NEVER_MET', `${path}.taskKey`, `${name} is scheduled from its own end on.`)];
    if (schedule?.anchor !== 'ALL_PRECEDING_TASKS_FINISHED' || isPreceded(task)) return [];
    const message = `${name} has no task before it to be scheduled from; count from EXECUTION_STARTED or REACHED on.`;
    return [error('SCHEDULE_NEVER_MET', `${path}.anchor`, message)];
  });
}

/** The entity that an automation works on must be there by then. */
function inputIssues({ tasks }: DefinitionContent, { nodes }: Structure, order: Order): DefinitionIssue[] {
  return tasks.flatMap(({ automation }, task) => {
    const taskKey = automation?.inputTaskKey ?? null;
    const input = taskKey === null ? null : nodes.source({ taskKey });
    if (input === null || tasks[input]?.type !== 'AUTOMATION') return [];
    const place = order(task, input);
    if (place === 'AFTER') return [];
    const name = `${sentence(nodes.nameOf(task))} works on the entity of`;
    const path = `tasks[${task}].automation.inputTaskKey`;
    if (place === 'SAME')
      return [error('INVALID_INPUT_TASK', path, `${name} itself; it takes an earlier task.`)];
    if (place === 'BEFORE')
      return [error('INVALID_INPUT_TASK', path, `${name} ${nodes.nameOf(input)}, which comes after it.`)];
    return [
      warning(
        'INVALID_INPUT_TASK',
        path,
        `${name} ${nodes.nameOf(input)}, which may come after it: no edge or requirement says otherwise.`,
      ),
    ];
  });
}
