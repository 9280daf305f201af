/** Users: who may sign in and be assigned, and how they are called. */
import { readConcerned } from '../store/absences.ts';
import { insertUser, lockUser, updateUser as writeUser, type WritableUser } from '../store/users.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { refuseInput } from './problem.ts';
import { recordObject } from './record.ts';
import { refuseTaken, type Unique } from './taken.ts';

export type UserKind = 'INTERNAL' | 'PARTNER';

/** RFC 5321's longest address. */
const MAX_EMAIL_LENGTH = 254;

const UNIQUES: readonly Unique[] = [
  {
    constraint: 'app_user_organization_id_email_key',
    path: 'email',
    message: 'Another user has this e-mail address',
  },
  {
    constraint: 'app_user_organization_id_external_id_key',
    path: 'externalId',
    message: 'Another user has this external id',
  },
];

/** Addresses are kept in lower case, so that one address is one user however it is typed. */
function checkEmail(value: string | null): string | null {
  if (value === null) return null;
  const email = checkName('email', value.toLowerCase(), MAX_EMAIL_LENGTH);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    refuseInput('email', 'INVALID_EMAIL', 'email is no e-mail address; one looks like anna@example.com.');
  }
  return email;
}

function checkCompany(kind: string, value: string | null): string | null {
  if (value === null) return null;
  if (kind !== 'PARTNER') {
    refuseInput('company', 'NOT_ALLOWED', 'Only a PARTNER has a company; leave it out for colleagues.');
  }
  return checkName('company', value);
}

export interface CreateUserInput {
  readonly name: string;
  readonly kind: UserKind;
  /** The user claim of the tokens; the new id if left out. */
  readonly externalId?: string | undefined;
  readonly email: string | null;
  readonly company: string | null;
  readonly idempotencyKey?: string | undefined;
}

/** Makes an active user; answers the id. Refuses an e-mail address or external id that another user has. */
export async function createUser(caller: Caller, input: CreateUserInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'administer');
  return createOnce(caller, 'createUser', input, async (tx, id) => {
    const data = {
      externalId: input.externalId === undefined ? id : checkName('externalId', input.externalId),
      kind: input.kind,
      name: checkName('name', input.name),
      email: checkEmail(input.email),
      company: checkCompany(input.kind, input.company),
      isActive: true,
    };
    await refuseTaken(insertUser(tx, { id, ...data }), UNIQUES);
    recordObject(tx, 'USER_CREATED', 'USER', { id, version: 1, audience: [id] }, data);
  });
}

export interface UpdateUserInput {
  readonly id: string;
  readonly name?: string | undefined;
  /** Null: none. */
  readonly email?: string | null | undefined;
  /** Null: none. */
  readonly company?: string | null | undefined;
  readonly isActive?: boolean | undefined;
  readonly expectedVersion?: number | undefined;
}

/** Changes what is given; answers the id. Nobody can deactivate themselves. */
export async function updateUser(caller: Caller, input: UpdateUserInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'administer');
  return execute(caller, async (tx) => {
    const found = await lockUser(tx, tx.organizationId, input.id);
    const user = expectObject(found, 'User', input.id, input.expectedVersion);
    const next: WritableUser = {
      name: input.name === undefined ? user.name : checkName('name', input.name),
      email: input.email === undefined ? user.email : checkEmail(input.email),
      company: input.company === undefined ? user.company : checkCompany(user.kind, input.company),
      isActive: input.isActive ?? user.isActive,
    };
    if (!next.isActive && user.isActive && user.id === caller.viewer.userId) {
      refuseInput('isActive', 'SELF', 'You can’t deactivate yourself; ask another administrator.');
    }
    const changed = Object.fromEntries(
      Object.entries(next).filter(([field, value]) => user[field as keyof WritableUser] !== value),
    );
    if (Object.keys(changed).length > 0) {
      const version = await refuseTaken(writeUser(tx, user.id, next), UNIQUES);
      // With their side or their being here it changes who stands in for whom.
      const mattersToAbsences = 'isActive' in changed || 'company' in changed;
      const audience = mattersToAbsences ? await readConcerned(tx, [user.id]) : [user.id];
      recordObject(tx, 'USER_UPDATED', 'USER', { id: user.id, version, audience }, changed);
    }
    return user.id;
  });
}
