/** The people-facing names and the paths of what an issue is about. */
import type {
  BranchDefinition,
  DefinitionContent,
  NodeRef,
  PhaseDefinition,
  TaskDefinition,
} from '../definition.ts';

/** `task "Site visit"`, by its key if it has no name. */
export function nameOfTask(task: TaskDefinition): string {
  return `task ${JSON.stringify(task.name.trim() === '' ? task.key : task.name)}`;
}

export function nameOfPhase(phase: PhaseDefinition): string {
  return `phase ${JSON.stringify(phase.name.trim() === '' ? phase.key : phase.name)}`;
}

export function nameOfBranch(branch: BranchDefinition): string {
  return `branch ${JSON.stringify(branch.name.trim() === '' ? branch.key : branch.name)}`;
}

/** One text per task or phase key. */
export function refKey(ref: NodeRef): string {
  return 'taskKey' in ref ? `task:${ref.taskKey}` : `phase:${ref.phaseKey}`;
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Something that a definition consists of: the definition itself, a phase or a task. */
export interface Part {
  readonly path: string;
  readonly name: string;
  readonly content: DefinitionContent | PhaseDefinition | TaskDefinition;
}

/** The definition, its phases, its tasks. */
export function partsOf(content: DefinitionContent): Part[] {
  return [
    { path: '', name: 'the definition', content },
    ...content.phases.map((phase, index) => ({
      path: `phases[${index}].`,
      name: nameOfPhase(phase),
      content: phase,
    })),
    ...content.tasks.map((task, index) => ({
      path: `tasks[${index}].`,
      name: nameOfTask(task),
      content: task,
    })),
  ];
}
