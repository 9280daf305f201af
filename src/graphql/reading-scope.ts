/**
 * As whom a document is executed for several readers at once. Most fields are the same for everybody with the same roles; those that are
 * not say so (`extensions: dependsOn(…)`), and a shared execution has nothing else to look at: asking who is reading fails.
 */
import { TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema } from 'graphql';
import { visibilityScope, type Viewer } from '../commands/viewer.ts';

/** Upon what of its reader a field depends, besides their roles: the teams that they are in, or who they are (and for whom they stand in). */
export type Dependence = 'TEAMS' | 'USER';

/** For a field's `extensions`. */
export function dependsOn(what: Dependence): { readonly dependsOn: Dependence } {
  return { dependsOn: what };
}

/** Readers with equal keys get the same from the same document. */
export interface ReadingScope {
  readonly key: string;
  /** Whether several users may read in it. */
  readonly isShared: boolean;
  /** The context's viewer. What the scope leaves open can't be read from it: that throws. */
  readonly viewer: Viewer;
}

const known = new WeakMap<DocumentNode, Dependence | null>();

/** Upon what of its reader the answer to a valid document depends; null: only upon their roles. Fragments that are not used count, too. */
export function dependenceOf(schema: GraphQLSchema, document: DocumentNode): Dependence | null {
  const remembered = known.get(document);
  if (remembered !== undefined) return remembered;
  const found = new Set<unknown>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field() {
        found.add(typeInfo.getFieldDef()?.extensions['dependsOn']);
      },
    }),
  );
  const dependence = found.has('USER') ? 'USER' : found.has('TEAMS') ? 'TEAMS' : null;
  known.set(document, dependence);
  return dependence;
}

function hidden(what: string): never {
  throw new Error(`a field that is shared by several readers asked for ${what}: it must say dependsOn`);
}

/** The viewer without what is not the same for all who share the scope. */
function anyoneLike(viewer: Viewer, teamIds: readonly string[] | null): Viewer {
  const { organizationId, roles, timeZone, calendar } = viewer;
  return {
    organizationId,
    roles,
    timeZone,
    calendar,
    expiresAt: null,
    get userId() {
      return hidden('who is reading');
    },
    get name() {
      return hidden('who is reading');
    },
    get standsInFor() {
      return hidden('for whom the reader stands in');
    },
    get teamIds() {
      return teamIds ?? hidden('the reader’s teams');
    },
  };
}

/** The scope in which the viewer reads a document of this dependence. A partner always reads as themselves: what they see is theirs. */
export function readingScope(viewer: Viewer, dependence: Dependence | null): ReadingScope {
  const { organizationId, timeZone, userId } = viewer;
  const roles = [...viewer.roles].sort();
  const teamIds = [...viewer.teamIds].sort();
  const common = [organizationId, timeZone, roles.join()];
  if (dependence === 'USER' || visibilityScope(viewer) !== null)
    return {
      key: [...common, userId, teamIds.join(), viewer.standsInFor.join()].join(' '),
      isShared: false,
      viewer,
    };
  if (dependence === 'TEAMS')
    return {
      key: [...common, teamIds.join()].join(' '),
      isShared: true,
      viewer: anyoneLike(viewer, teamIds),
    };
  return { key: common.join(' '), isShared: true, viewer: anyoneLike(viewer, null) };
}
