/** Whom viewers may look up by an id. */
import { visibilityScope } from '../commands/viewer.ts';
import { readKnownUsers } from '../store/people.ts';
import type { Context } from './context.ts';
import type { NodeId } from './ids.ts';

/**
 * The ids, with null in the place of users and teams whom the viewer does not know. By their ids partners find themselves, those for whom they stand in, their
 * teams and the members of these; others they only meet in executions that they see.
 */
export async function leaveOutUnknown(
  nodes: readonly (NodeId | null)[],
  { database, viewer }: Context,
): Promise<(NodeId | null)[]> {
  if (visibilityScope(viewer) === null) return [...nodes];
  const own = new Set([viewer.userId, ...viewer.standsInFor]);
  const others = nodes.flatMap((node) => (node?.typename === 'User' && !own.has(node.id) ? [node.id] : []));
  const known =
    others.length > 0
      ? await readKnownUsers(database, viewer.organizationId, others, viewer.teamIds)
      : new Set<string>();
  return nodes.map((node) => {
    if (node?.typename === 'User') return own.has(node.id) || known.has(node.id) ? node : null;
    return node?.typename === 'Team' && !viewer.teamIds.includes(node.id) ? null : node;
  });
}
