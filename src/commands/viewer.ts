/** Who is asking, and what their roles allow. */
import type { CalendarSettings } from '../calendar/calendar.ts';

export const ROLES = ['admin', 'designer', 'member', 'partner', 'worker'] as const;
/**
 * What a token's bearer may do. `admin`: everything, users and teams included. `designer`: what a member may, and definitions and
 * closing reasons. `member`: entities, executions and tasks. `partner`: tasks that are assigned to them or their teams.
 * `worker`: a program that fetches EXTERNAL tasks, and sees nothing else.
 */
export type Role = (typeof ROLES)[number];

/** The bearer of a valid token, as found in the database. Immutable for one request or socket operation. */
export interface Viewer {
  readonly organizationId: string;
  readonly userId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The topics of tasks that the token lets a worker fetch; any if there is no such list. */
  readonly topics?: readonly string[] | null | undefined;
  /** The teams that the user is a member of. */
  readonly teamIds: readonly string[];
  /** The absent users for whom the viewer stands in: their tasks are the viewer's, too, as long as they are absent. */
  readonly standsInFor: readonly string[];
  /** The organization's IANA time zone: "today" and "this week" are meant there. */
  readonly timeZone: string;
  /** What the organization counts time by: see `calendarOf`. */
  readonly calendar: CalendarSettings;
  /** When the token expires, in seconds since 1970; null if it never does. */
  readonly expiresAt: number | null;
}

/** What can be allowed to a role as a whole. */
export type Permission =
  | 'administer' // users, teams, organization
  | 'design' // definitions, closing reasons
  | 'work' // everything else inside the organization
  | 'serve'; // fetching EXTERNAL tasks, as a program

const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  admin: ['administer', 'design', 'work', 'serve'],
  designer: ['design', 'work'],
  member: ['work'],
  partner: [],
  worker: ['serve'],
};

/** Whether one of the viewer's roles gives the permission. */
export function may(viewer: Viewer, permission: Permission): boolean {
  return viewer.roles.some((role) => PERMISSIONS[role].includes(permission));
}

/** Whether the viewer is a program and nothing else: all that it may do is to serve. */
export function isWorkerOnly({ roles }: Viewer): boolean {
  return roles.every((role) => role === 'worker');
}

/**
 * The assignees through which a viewer without the `work` permission sees executions: see `assigneeIds`. Null means that the viewer
 * sees everything in the organization.
 */
export function visibilityScope(viewer: Viewer): readonly string[] | null {
  return may(viewer, 'work') ? null : assigneeIds(viewer);
}

/** Everything that a task may be assigned to so that it is the viewer's: themselves, their teams, and those for whom they stand in. */
export function assigneeIds(viewer: Viewer): readonly string[] {
  return [viewer.userId, ...viewer.teamIds, ...viewer.standsInFor];
}
