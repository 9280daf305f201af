/** What every document of another system carries that only means something there. */
import type { Part } from './part.ts';

/** Leaves out the fields with which the other system keeps its own books. */
export function leaveBookkeeping<T extends object>(
  part: Part<T>,
  fields: readonly (keyof T & string)[],
  message = 'The other system keeps its own books with this.',
): void {
  for (const field of fields) part.at(field).leave('OTHER_SYSTEM', message);
}

/** Whether the workflow may be started is not part of a draft: what is imported is enabled. */
export function readEnabled(enabled: Part<boolean | null | undefined>): void {
  if (enabled.value === false)
    enabled.leave('SWITCHED_OFF', 'It is switched off there; an imported definition is enabled.');
  else enabled.take();
}
