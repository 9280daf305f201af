/** What most workflows tell their entities, in short: each preset stands for one or more sync rules. */
import type { EntitySyncRule, SyncEvent, SyncSource } from './definition.ts';

export type SyncPresetName = 'EXECUTION_STATUS' | 'CURRENT_TASK' | 'CURRENT_PHASE';

/** "Keep `path` of the entities of `entitySchema` at what `preset` names." */
export interface SyncPreset {
  readonly preset: SyncPresetName;
  readonly entitySchema: string;
  /** As of a rule. */
  readonly path: string;
}

const MEANINGS: Readonly<
  Record<SyncPresetName, { readonly source: SyncSource; readonly events: readonly SyncEvent[] }>
> = {
  EXECUTION_STATUS: {
    source: 'EXECUTION_STATUS',
    events: ['EXECUTION_STARTED', 'EXECUTION_DONE', 'EXECUTION_CLOSED', 'EXECUTION_REOPENED'],
  },
  CURRENT_TASK: { source: 'TASK_NAME', events: ['CURRENT_TASK_CHANGED'] },
  CURRENT_PHASE: { source: 'PHASE_NAME', events: ['CURRENT_TASK_CHANGED'] },
};

function rulesOf({ preset, entitySchema, path }: SyncPreset): EntitySyncRule[] {
  const { source, events } = MEANINGS[preset];
  return events.map((event) => ({
    event,
    taskKey: null,
    phaseKey: null,
    entitySchema,
    path,
    source,
    customValue: null,
  }));
}

function keyOf({
  event,
  taskKey,
  phaseKey,
  entitySchema,
  path,
  source,
  customValue,
}: EntitySyncRule): string {
  return JSON.stringify([event, taskKey, phaseKey, entitySchema, path, source, customValue]);
}

/**
 * The rules that the presets stand for, then the others, which therefore win where both write one attribute. A rule that is among the others, or
 * that two presets stand for, does not come a second time: saving what was read with its presets again changes nothing.
 */
export function withPresets(
  presets: readonly SyncPreset[],
  rules: readonly EntitySyncRule[],
): EntitySyncRule[] {
  const added = new Map(presets.flatMap(rulesOf).map((rule) => [keyOf(rule), rule]));
  for (const rule of rules) added.delete(keyOf(rule));
  return [...added.values(), ...rules];
}
