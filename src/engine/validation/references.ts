/** References to what does not exist, in the definition or in the organization. */
import type { AssigneeRef, DefinitionContent, NodeRef } from '../definition.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { partsOf } from './subjects.ts';

/** The ids that a definition of the organization may name. */
export interface KnownReferences {
  readonly userIds: ReadonlySet<string>;
  readonly teamIds: ReadonlySet<string>;
  readonly closingReasonIds: ReadonlySet<string>;
}

export function referenceIssues(content: DefinitionContent, known: KnownReferences): DefinitionIssue[] {
  const keys: Keys = {
    tasks: new Set(content.tasks.map(({ key }) => key)),
    phases: new Set(content.phases.map(({ key }) => key)),
  };
  const issues = partsOf(content).flatMap(({ path, content: part }) =>
    part.assignees.flatMap((assignee, index) =>
      assigneeIssues(`${path}assignees[${index}]`, assignee, known),
    ),
  );
  content.tasks.forEach(({ phaseKey, requirements }, index) => {
    if (phaseKey !== null) issues.push(...nodeIssues(`tasks[${index}].phaseKey`, { phaseKey }, keys));
    issues.push(
      ...requirements.flatMap((ref, at) => nodeIssues(`tasks[${index}].requirements[${at}]`, ref, keys)),
    );
  });
  content.edges.forEach(({ from, to }, index) => {
    issues.push(
      ...nodeIssues(`edges[${index}].from`, from, keys),
      ...nodeIssues(`edges[${index}].to`, to, keys),
    );
  });
  content.closingReasonIds.forEach((id, index) => {
    if (!known.closingReasonIds.has(id))
      issues.push(unknown('UNKNOWN_CLOSING_REASON', `closingReasonIds[${index}]`, 'closing reason', id));
  });
  return issues;
}

interface Keys {
  readonly tasks: ReadonlySet<string>;
  readonly phases: ReadonlySet<string>;
}

function nodeIssues(path: string, ref: NodeRef, keys: Keys): DefinitionIssue[] {
  if ('taskKey' in ref)
    return keys.tasks.has(ref.taskKey) ? [] : [unknown('UNKNOWN_TASK', path, 'task', ref.taskKey)];
  return keys.phases.has(ref.phaseKey) ? [] : [unknown('UNKNOWN_PHASE', path, 'phase', ref.phaseKey)];
}

function assigneeIssues(path: string, { type, id }: AssigneeRef, known: KnownReferences): DefinitionIssue[] {
  if (type === 'USER') return known.userIds.has(id) ? [] : [unknown('UNKNOWN_USER', path, 'user', id)];
  return known.teamIds.has(id) ? [] : [unknown('UNKNOWN_TEAM', path, 'team', id)];
}

function unknown(
  code: Extract<DefinitionIssue['code'], `UNKNOWN_${string}`>,
  path: string,
  what: string,
  id: string,
): DefinitionIssue {
  return error(code, path, `There is no ${what} ${JSON.stringify(id)}.`);
}
