/** What a workflow looks like, as a picture. */
import type { DefinitionContent, NodeRef, TaskDefinition } from '../engine/definition.ts';
import type { FlowEdge } from './flow.ts';
import { flowChart } from './flow-chart.ts';
import { written } from './mermaid.ts';
import { dueRuleText, instantText, scheduleText, type Names } from './rule-text.ts';
import { TYPE_LOOKS } from './styles.ts';

/**
 * The definition as a Mermaid flowchart. Drafts may be unfinished: what refers to something that is not there is left out, and of
 * several things with one key the first is meant.
 */
export function definitionDiagram(content: DefinitionContent): string {
  const phaseIds = idsByKey('p', content.phases);
  const taskIds = idsByKey('t', content.tasks);
  const names: Names = { tasks: namesByKey(content.tasks), phases: namesByKey(content.phases) };
  const idOf = (ref: NodeRef): string | undefined =>
    'taskKey' in ref ? taskIds.get(ref.taskKey) : phaseIds.get(ref.phaseKey);
  const tasks = content.tasks.map((task, index) => ({
    id: `t${index + 1}`,
    phaseId: (task.phaseKey === null ? undefined : phaseIds.get(task.phaseKey)) ?? null,
    name: task.name,
    type: task.type,
    notes: notesOf(task, names),
    look: task.type,
    requirements: task.requirements.flatMap((ref) => idOf(ref) ?? []),
    decision: task.decision,
    iterations: null,
  }));
  const phases = content.phases.map(({ name }, index) => ({ id: `p${index + 1}`, name }));
  const loops = new Map(content.tasks.map(({ key, decision }) => [key, decision?.loop?.branchKey]));
  const edges = content.edges.flatMap(({ from, to, branchKey }): FlowEdge[] => {
    const [fromId, toId] = [idOf(from), idOf(to)];
    if (fromId === undefined || toId === undefined) return [];
    const isLoop = branchKey !== null && 'taskKey' in from && loops.get(from.taskKey) === branchKey;
    return [{ from: fromId, to: toId, branchKey, isLoop }];
  });
  const isChain = content.isSequential && content.edges.length === 0;
  return written(
    flowChart({
      phases,
      tasks,
      edges: isChain ? chainThrough(phases, tasks) : edges,
      looks: TYPE_LOOKS,
      wayOf: () => 'OPEN',
    }),
  );
}

function notesOf({ decision, schedule, dueRule, dueAt }: TaskDefinition, names: Names): string[] {
  return [
    ...(decision?.mode === 'MANUAL' ? ['decided by hand'] : []),
    ...(decision?.takes === 'EVERY_MET' ? ['takes every branch that is met'] : []),
    ...(schedule ? [scheduleText(schedule, names)] : []),
    ...(dueRule ? [dueRuleText(dueRule, names)] : dueAt === null ? [] : [`due ${instantText(dueAt)}`]),
  ];
}

/** Top to bottom, tasks without a phase last, as executions run it. */
function chainThrough(
  phases: readonly { readonly id: string }[],
  tasks: readonly { readonly id: string; readonly phaseId: string | null }[],
): FlowEdge[] {
  const places = new Map<string | null, number>(phases.map(({ id }, index) => [id, index]));
  const placeOf = (phaseId: string | null): number => places.get(phaseId) ?? phases.length;
  const sorted = tasks.toSorted((a, b) => placeOf(a.phaseId) - placeOf(b.phaseId));
  return sorted
    .slice(1)
    .map(({ id }, index) => ({ from: sorted[index]?.id ?? id, to: id, branchKey: null, isLoop: false }));
}

function idsByKey(letter: string, items: readonly { readonly key: string }[]): Map<string, string> {
  return firstByKey(items, (_, index) => `${letter}${index + 1}`);
}

function namesByKey(items: readonly { readonly key: string; readonly name: string }[]): Map<string, string> {
  return firstByKey(items, ({ name }) => name);
}

function firstByKey<T extends { readonly key: string }>(
  items: readonly T[],
  valueOf: (item: T, index: number) => string,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const [index, item] of items.entries())
    if (!values.has(item.key)) values.set(item.key, valueOf(item, index));
  return values;
}
