/** What an import leaves out of a document of another system, as it is told. */
import { groupBy } from '../../engine/collections.ts';
import type { ReadPlace } from './part.ts';
import { pathText, patternText, type Path } from './path.ts';
import type { NotTakenOverCode, Reason } from './reason.ts';

export interface NotTakenOver extends Reason {
  /** Where in the document: `tasks[3].ecp.journey`; `edges[*].id` stands for that field of all edges that have it. */
  readonly path: string;
}

/** More than this helps nobody, and would make an answer of any length. */
const MAX_LISTED = 1_000;

/** What is left out of every part alike is told once for all of them. */
const GROUPED: ReadonlySet<NotTakenOverCode> = new Set(['OTHER_SYSTEM', 'UNKNOWN_FIELD']);

interface LeftPlace {
  readonly path: Path;
  readonly reason: Reason;
}

function isInList({ path }: LeftPlace): boolean {
  return path.some((step) => typeof step === 'number');
}

function entryOf(group: readonly LeftPlace[]): NotTakenOver[] {
  const [first] = group;
  if (first === undefined) return [];
  const { path, reason } = first;
  if (group.length === 1) return [{ path: pathText(path), ...reason }];
  return [{ ...reason, path: patternText(path), message: `${reason.message} (${group.length} times)` }];
}

/** The list as it is answered: at most a thousand entries; if there are more, the last one says how many are not listed. */
export function listNotTakenOver(places: readonly ReadPlace[]): readonly NotTakenOver[] {
  const left = places.flatMap(({ path, reason }): LeftPlace[] => (reason ? [{ path, reason }] : []));
  // A pattern must not stand for a place that was taken over.
  const taken = new Set(places.filter(({ reason }) => !reason).map(({ path }) => patternText(path)));
  const groups = groupBy(left, (place) => {
    const { path, reason } = place;
    const isAlike = GROUPED.has(reason.code) && isInList(place) && !taken.has(patternText(path));
    return isAlike ? `${reason.code} ${reason.message} ${patternText(path)}` : path;
  });
  const entries = [...groups.values()].flatMap(entryOf);
  if (entries.length <= MAX_LISTED) return entries;
  const listed = entries.slice(0, MAX_LISTED - 1);
  const message = `There are ${entries.length - listed.length} more places that were not taken over.`;
  return [...listed, { path: '', code: 'MORE', message }];
}
