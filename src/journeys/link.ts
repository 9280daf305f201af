/** Where an outside form is opened for a session. */
import type { JsonObject } from '../commands/merge-patch.ts';
import { globalId } from '../store/global-id.ts';

interface LinkedSession {
  readonly id: string;
  readonly token: string;
  readonly data: JsonObject;
}

/**
 * The form's address with what it has to know: `session` (the id that it signs) and `return` (where it goes back to), and what the form is opened with: texts, numbers and truth
 * values that are not inside of something.
 */
export function linkOf(url: string, { id, token, data }: LinkedSession, publicUrl: string): string {
  const link = new URL(url);
  for (const [name, value] of Object.entries(data))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      link.searchParams.set(name, String(value));
  link.searchParams.set('session', globalId('JourneySession', id));
  link.searchParams.set('return', `${publicUrl}/journeys/${token}/return`);
  return link.href;
}
