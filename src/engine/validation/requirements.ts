/** Requirements: what each of them says on its own. */
import type { DefinitionContent } from '../definition.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';
import { nameOfTask, refKey, sentence } from './subjects.ts';

export function requirementIssues(content: DefinitionContent): DefinitionIssue[] {
  return content.tasks.flatMap((task, index) => {
    const seen = new Set<string>();
    const name = sentence(nameOfTask(task));
    return task.requirements.flatMap((ref, at) => {
      const path = `tasks[${index}].requirements[${at}]`;
      if ('taskKey' in ref && ref.taskKey === task.key)
        return [error('SELF_REQUIREMENT', path, `${name} requires itself.`)];
      if ('phaseKey' in ref && ref.phaseKey === task.phaseKey)
        return [error('REQUIREMENT_NEVER_MET', path, `${name} requires the phase that it is in.`)];
      const isRepeated = seen.has(refKey(ref));
      seen.add(refKey(ref));
      if (!isRepeated) return [];
      return [warning('DUPLICATE_REQUIREMENT', path, `${name} requires this already.`)];
    });
  });
}
