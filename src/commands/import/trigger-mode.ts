/** Whether tasks go on by themselves. */
import type { TriggerMode } from '../../engine/definition.ts';
import type { Part } from './part.ts';

/**
 * Whether a task goes on by itself. One whose time or conditions could not be taken over as a whole would go on in another
 * way than before, and nobody would notice; so a person does it.
 */
export function readMode(
  mode: Part<'manual' | 'automatic' | null | undefined>,
  isFaithful: boolean,
): TriggerMode {
  if (mode.value !== 'automatic' || isFaithful) return mode.take() === 'automatic' ? 'AUTOMATIC' : 'MANUAL';
  mode.leave(
    'LEFT_TO_A_PERSON',
    'What it depends on could not be taken over as a whole, so a person sets it going.',
  );
  return 'MANUAL';
}
