/** Teams: named groups of users that tasks can be assigned to. */
import { knownPeople } from '../store/people.ts';
import {
  changeMembers,
  insertTeam,
  lockTeam,
  updateTeam as writeTeam,
  type TeamRecord,
} from '../store/teams.ts';
import type { Transaction } from '../store/transaction.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { refuseInput, refuseIssues } from './problem.ts';
import { recordObject } from './record.ts';
import { refuseTaken, type Unique } from './taken.ts';

/** Most users in one list of an input. */
const MAX_MEMBERS = 500;

const UNIQUES: readonly Unique[] = [
  { constraint: 'team_organization_id_name_key', path: 'name', message: 'Another team has this name' },
];

function checkCount(path: string, userIds: readonly string[]): readonly string[] {
  if (userIds.length > MAX_MEMBERS) {
    refuseInput(path, 'TOO_MANY', `${path} has ${userIds.length} users; at most ${MAX_MEMBERS} are allowed.`);
  }
  return userIds;
}

/** Refuses users who would become members and are inactive or don't exist. */
async function checkNewMembers(
  tx: Transaction,
  path: string,
  userIds: readonly string[],
  present: ReadonlySet<string>,
): Promise<void> {
  const { userIds: known } = await knownPeople(tx, tx.organizationId, userIds, []);
  refuseIssues(
    userIds.flatMap((id, index) => {
      const at = `${path}[${index}]`;
      if (present.has(id) || known.has(id)) return [];
      return [{ path: at, code: 'UNKNOWN_USER', message: `${at} is not an active user.` }];
    }),
  );
}

export interface CreateTeamInput {
  readonly name: string;
  readonly memberIds: readonly string[];
  readonly idempotencyKey?: string | undefined;
}

/** Makes a team; answers the id. Refuses the name of another team. */
export async function createTeam(caller: Caller, input: CreateTeamInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'administer');
  return createOnce(caller, 'createTeam', input, async (tx, id) => {
    const name = checkName('name', input.name);
    const memberIds = [...new Set(checkCount('memberIds', input.memberIds))].sort();
    await checkNewMembers(tx, 'memberIds', input.memberIds, new Set());
    await refuseTaken(insertTeam(tx, id, name), UNIQUES);
    await changeMembers(tx, id, memberIds, []);
    recordObject(tx, 'TEAM_CREATED', 'TEAM', { id, version: 1, audience: memberIds }, { name, memberIds });
  });
}

export interface UpdateTeamInput {
  readonly id: string;
  readonly name?: string | undefined;
  /** All members from now on; not together with adding and removing. */
  readonly setMemberIds?: readonly string[] | undefined;
  readonly addMemberIds?: readonly string[] | undefined;
  readonly removeMemberIds?: readonly string[] | undefined;
  readonly expectedVersion?: number | undefined;
}

/** The members after the change, sorted. */
async function nextMembers(
  tx: Transaction,
  team: TeamRecord,
  { setMemberIds, addMemberIds, removeMemberIds }: UpdateTeamInput,
): Promise<string[]> {
  const present = new Set(team.memberIds);
  if (setMemberIds !== undefined) {
    if (addMemberIds !== undefined || removeMemberIds !== undefined) {
      refuseInput(
        'setMemberIds',
        'AMBIGUOUS',
        'setMemberIds replaces all members; leave out addMemberIds and removeMemberIds.',
      );
    }
    await checkNewMembers(tx, 'setMemberIds', checkCount('setMemberIds', setMemberIds), present);
    return [...new Set(setMemberIds)].sort();
  }
  const added = checkCount('addMemberIds', addMemberIds ?? []);
  const removed = new Set(checkCount('removeMemberIds', removeMemberIds ?? []));
  if (added.length > 0) await checkNewMembers(tx, 'addMemberIds', added, present);
  return [...new Set([...present, ...added])].filter((id) => !removed.has(id)).sort();
}

/** Changes name and members; answers the id. Who is both added and removed is not a member afterwards. */
export async function updateTeam(caller: Caller, input: UpdateTeamInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'administer');
  return execute(caller, async (tx) => {
    const found = await lockTeam(tx, tx.organizationId, input.id);
    const team = expectObject(found, 'Team', input.id, input.expectedVersion);
    const name = input.name === undefined ? team.name : checkName('name', input.name);
    const memberIds = await nextMembers(tx, team, input);
    const added = memberIds.filter((id) => !team.memberIds.includes(id));
    const removed = team.memberIds.filter((id) => !memberIds.includes(id));
    const changed = {
      ...(name === team.name ? {} : { name }),
      ...(added.length + removed.length === 0 ? {} : { memberIds }),
    };
    if (Object.keys(changed).length > 0) {
      const version = await refuseTaken(writeTeam(tx, team.id, name), UNIQUES);
      await changeMembers(tx, team.id, added, removed);
      const audience = [...team.memberIds, ...memberIds];
      recordObject(tx, 'TEAM_UPDATED', 'TEAM', { id: team.id, version, audience }, changed);
    }
    return team.id;
  });
}
