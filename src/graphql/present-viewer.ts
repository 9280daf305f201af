import type { Viewer } from '../commands/viewer.ts';
import type { Membership } from '../store/people.ts';

/** The viewer with what this membership, their own, says of teams and absences; null if they are deactivated or gone. */
export function presentViewer(viewer: Viewer, membership: Membership | null | undefined): Viewer | null {
  if (!membership?.isActive) return null;
  const { teamIds, standsInFor } = membership;
  return { ...viewer, teamIds, standsInFor };
}
