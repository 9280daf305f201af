/** Things of which there are too many, or too few. */
import type { DefinitionContent } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';
import { countIssues } from './lengths.ts';
import { nameOfPhase, partsOf, sentence } from './subjects.ts';

/** The counts of the definition as a whole. */
export function totalIssues(content: DefinitionContent): DefinitionIssue[] {
  return [
    ...countIssues('tasks', 'tasks', content.tasks, LIMITS.tasks),
    ...countIssues('phases', 'phases', content.phases, LIMITS.phases),
    ...countIssues('edges', 'edges', content.edges, LIMITS.edges),
    ...countIssues('triggers', 'triggers', content.triggers, LIMITS.triggers),
    ...countIssues('closingReasonIds', 'closing reasons', content.closingReasonIds, LIMITS.closingReasons),
    ...countIssues('entitySync', 'sync rules', content.entitySync, LIMITS.entitySync),
  ];
}

/** The counts of its parts, and what is missing. */
export function partSizeIssues(content: DefinitionContent): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  for (const part of partsOf(content)) {
    const { assignees, labels } = part.content;
    issues.push(
      ...countIssues(`${part.path}assignees`, 'assignees', assignees, LIMITS.assignees),
      ...countIssues(`${part.path}labels`, 'labels', labels, LIMITS.labels),
    );
    if ('requirements' in part.content)
      issues.push(
        ...countIssues(
          `${part.path}requirements`,
          'requirements',
          part.content.requirements,
          LIMITS.requirements,
        ),
      );
  }
  return [...issues, ...absenceIssues(content)];
}

function absenceIssues(content: DefinitionContent): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  if (content.tasks.length === 0) issues.push(error('NO_TASKS', 'tasks', 'There is no task.'));
  if (content.triggers.length === 0)
    issues.push(warning('NO_TRIGGER', 'triggers', 'Without a trigger nobody can start this workflow.'));
  const used = new Set(content.tasks.map(({ phaseKey }) => phaseKey));
  content.phases.forEach((phase, index) => {
    if (!used.has(phase.key))
      issues.push(
        warning('EMPTY_PHASE', `phases[${index}]`, `${sentence(nameOfPhase(phase))} has no tasks.`),
      );
  });
  return issues;
}
