import type { Viewer } from '../commands/viewer.ts';
import type { Membership } from '../store/people.ts';

/** The viewer with the teams of this membership, their own; null if they are deactivated or gone. */
export function presentViewer(viewer: Viewer, membership: Membership | null | undefined): Viewer | null {
  return membership?.isActive ? { ...viewer, teamIds: membership.teamIds } : null;
}
