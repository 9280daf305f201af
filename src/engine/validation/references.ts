/** References to what does not exist, in the definition or in the organization. */
import { parsePath } from '../condition/path.ts';
import type { AssigneeRef, DefinitionContent } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import { variablePath } from '../variables.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { nodeIssues, unknown, type Keys } from './keys.ts';
import { lengthIssues } from './lengths.ts';
import { partsOf } from './subjects.ts';

/** The ids that a definition of the organization may name. */
export interface KnownReferences {
  readonly userIds: ReadonlySet<string>;
  readonly teamIds: ReadonlySet<string>;
  readonly closingReasonIds: ReadonlySet<string>;
  readonly automationIds: ReadonlySet<string>;
  readonly journeyIds: ReadonlySet<string>;
}

export function referenceIssues(
  content: DefinitionContent,
  keys: Keys,
  known: KnownReferences,
): DefinitionIssue[] {
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

/** Of one assignee, wherever it is named. */
export function assigneeIssues(
  path: string,
  { type, id }: AssigneeRef,
  known: KnownReferences,
): DefinitionIssue[] {
  if (type === 'USER') return known.userIds.has(id) ? [] : [unknown('UNKNOWN_USER', path, 'user', id)];
  if (type === 'TEAM') return known.teamIds.has(id) ? [] : [unknown('UNKNOWN_TEAM', path, 'team', id)];
  const attribute = variablePath(id);
  // A name may have braces elsewhere; here they are the ends of two variables in one.
  if (attribute !== null && !/[{}]/.test(attribute) && parsePath(attribute) !== null)
    return lengthIssues(path, 'variable', id, LIMITS.pathLength);
  const message = `${JSON.stringify(id)} is no variable such as "{{entity.owner}}".`;
  return [error('INVALID_VARIABLE', path, message)];
}
