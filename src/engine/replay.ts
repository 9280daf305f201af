/** From events back to the state. */
import { topToBottom } from './order.ts';
import type { EngineEvent } from './result.ts';
import type { ExecutionData, ExecutionState, PhaseData, TaskData } from './state.ts';

/**
 * The state after the events, which start with EXECUTION_STARTED or follow `from`, but without the time of its timer, which no event tells. Events are
 * taken as they are: throws an Error if one is about an object that is not there, which means that some are missing.
 */
export function replay(events: Iterable<EngineEvent>, from: ExecutionState | null = null): ExecutionState {
  let execution: ExecutionData | null = from?.execution ?? null;
  const phases = new Map<string, PhaseData>(from?.phases.map((phase) => [phase.id, phase]));
  const tasks = new Map<string, TaskData>(from?.tasks.map((task) => [task.id, task]));
  for (const event of events) {
    if (event.type === 'TASK_REMOVED') tasks.delete(event.taskId ?? '');
    else if (event.taskId !== null) tasks.set(event.taskId, apply(event, tasks.get(event.taskId)));
    else if (event.phaseId !== null) phases.set(event.phaseId, apply(event, phases.get(event.phaseId)));
    else execution = apply(event, execution ?? undefined);
  }
  if (!execution) throw new Error('no execution was started by these events');
  const ordered = [...phases.values()].sort((a, b) => a.position - b.position);
  return {
    execution: { ...execution, wakeAt: null },
    phases: ordered,
    tasks: topToBottom([...tasks.values()], ordered),
  };
}

const CREATING: ReadonlySet<EngineEvent['type']> = new Set([
  'EXECUTION_STARTED',
  'PHASE_ADDED',
  'TASK_ADDED',
]);

/** The event's data are the fields of an object of that kind by how events are made (see `events.ts`). */
function apply<T extends ExecutionData | PhaseData | TaskData>(event: EngineEvent, before: T | undefined): T {
  const { data, version } = event;
  if (!before && !CREATING.has(event.type))
    throw new Error(`${event.type} is about an object that was not there`);
  return { ...before, ...data, version } as T;
}
