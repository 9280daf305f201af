/** Addresses with a part that is a secret: whoever has one may use it, so it is never logged. */
import { isJourneyAction } from './journeys.ts';

/** What secrets stand behind. */
const NAMES: ReadonlySet<string> = new Set(['callbacks', 'confirmations', 'journeys']);

/** The secret of a path that begins like this; null if it is another path. */
export function secretOf(path: string, prefix: '/callbacks/' | '/confirmations/'): string | null {
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/**
 * The path as it may be logged: without a secret, also where the address is misspelt or a proxy has put something before it. No address of ours has a percent sign or a
 * backslash, so what is behind one is left out, whatever it would be.
 */
export function loggedPath(path: string): string {
  const [plain = ''] = path.split(/[%\\]/, 1);
  const steps = plain.split('/');
  const name = steps.findIndex((step) => NAMES.has(step.toLowerCase()));
  if (name === -1 || name === steps.length - 1) return plain === path ? path : `${plain}…`;
  const action = steps.length > name + 2 ? steps.at(-1) : undefined;
  const shown = [...steps.slice(0, name + 1), '…', ...(action && isJourneyAction(action) ? [action] : [])];
  return shown.join('/');
}
