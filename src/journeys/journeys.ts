/** Making and changing journeys. All need the permission `design`. */
import { hoursAfter } from '../engine/instant.ts';
import { createOnce } from '../commands/idempotency.ts';
import {
  execute,
  expectObject,
  requirePermission,
  type Caller,
  type CommandResult,
} from '../commands/execute.ts';
import { refuseInput } from '../commands/problem.ts';
import { recordObject } from '../commands/record.ts';
import { firstSecrets, rotated, stillFirst } from '../commands/secrets.ts';
import { checkHours } from '../commands/webhook-endpoint-input.ts';
import {
  insertJourney,
  lockJourney,
  readFullJourney,
  updateJourney as writeJourney,
  type FullJourney,
} from '../store/journeys.ts';
import type { Transaction } from '../store/transaction.ts';
import { storedContent, type JourneyContent } from './content.ts';
import { checkContent } from './journey-input.ts';
import { newPublicKey } from './token.ts';

type JourneyEventType =
  | 'JOURNEY_CREATED'
  | 'JOURNEY_UPDATED'
  | 'JOURNEY_ENABLED'
  | 'JOURNEY_DISABLED'
  | 'JOURNEY_ARCHIVED'
  | 'JOURNEY_UNARCHIVED'
  | 'JOURNEY_SECRET_ROTATED';

export interface CreateJourneyInput {
  readonly content: JourneyContent;
  readonly idempotencyKey?: string | undefined;
}

/** A journey's id, and the secret that it has got by this command: null for a FORM, and if it has another one by now. */
export interface JourneyWithSecret {
  readonly id: string;
  readonly secret: string | null;
}

/**
 * Makes an enabled journey. That of an outside form gets a secret, a public one its permanent link. Repeated with its idempotency key, it answers that secret as long as it is
 * the journey's.
 */
export async function createJourney(
  caller: Caller,
  input: CreateJourneyInput,
): Promise<CommandResult<JourneyWithSecret>> {
  requirePermission(caller.viewer, 'design');
  const made = await createOnce(caller, 'createJourney', input, async (tx, id) => {
    const content = checkContent(input.content);
    const secrets = content.kind === 'LINK' ? firstSecrets() : [];
    const publicKey = content.isPublic ? newPublicKey() : null;
    await insertJourney(tx, { id, name: content.name, content, secrets, publicKey });
    recordObject(tx, 'JOURNEY_CREATED', 'JOURNEY', { id, version: 1 }, { ...content, isEnabled: true });
  });
  if (!made.ok) return made;
  const journey = await readFullJourney(caller.database, caller.viewer.organizationId, made.value);
  return { ...made, value: { id: made.value, secret: stillFirst(journey?.secrets ?? []) } };
}

/** Which journey a command is about. */
export interface JourneyInput {
  readonly journeyId: string;
  /** The version that the caller has seen; another one refuses the command (VERSION_CONFLICT). */
  readonly expectedVersion?: number | undefined;
}

/** Writes a journey and its event; `data` are the changed fields' new values, of which none is a secret. */
async function save(
  tx: Transaction,
  type: JourneyEventType,
  journey: FullJourney,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const version = await writeJourney(tx, journey);
  recordObject(tx, type, 'JOURNEY', { id: journey.id, version }, data);
}

/** Runs `change` on the locked journey; answers its id. */
async function change(
  caller: Caller,
  { journeyId, expectedVersion }: JourneyInput,
  work: (tx: Transaction, journey: FullJourney) => Promise<void>,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return execute(caller, async (tx) => {
    const found = await lockJourney(tx, tx.organizationId, journeyId);
    await work(tx, expectObject(found, 'Journey', journeyId, expectedVersion));
    return journeyId;
  });
}

function requirePresent({ isArchived, name }: FullJourney): void {
  if (isArchived)
    refuseInput('journeyId', 'ARCHIVED', `${JSON.stringify(name)} is archived; unarchive it first.`);
}

/** By their text: the order of a schema's properties is that of the form's fields. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export interface UpdateJourneyInput extends JourneyInput {
  /** What is left out stays. What kind it is stays always. */
  readonly content: Partial<Omit<JourneyContent, 'kind'>>;
}

/**
 * Changes a journey; answers its id. Sessions that are open go on as they were opened. A journey that becomes public gets a link; one that is public no more loses it for
 * good.
 */
export async function updateJourney(
  caller: Caller,
  input: UpdateJourneyInput,
): Promise<CommandResult<string>> {
  return change(caller, input, async (tx, journey) => {
    requirePresent(journey);
    const before = storedContent(journey.content);
    const content = checkContent({ ...before, ...input.content });
    const changed = Object.entries(content).filter(
      ([field, value]) => !isSame(value, before[field as keyof JourneyContent]),
    );
    if (changed.length === 0) return;
    const publicKey = content.isPublic ? (journey.publicKey ?? newPublicKey()) : null;
    const next = { ...journey, name: content.name, content, publicKey };
    await save(tx, 'JOURNEY_UPDATED', next, Object.fromEntries(changed));
  });
}

/** Lets the journey be opened again; answers its id. */
export async function enableJourney(caller: Caller, input: JourneyInput): Promise<CommandResult<string>> {
  return change(caller, input, async (tx, journey) => {
    requirePresent(journey);
    if (!journey.isEnabled)
      await save(tx, 'JOURNEY_ENABLED', { ...journey, isEnabled: true }, { isEnabled: true });
  });
}

/** Keeps the journey from being opened; sessions that are open go on. Answers its id. */
export async function disableJourney(caller: Caller, input: JourneyInput): Promise<CommandResult<string>> {
  return change(caller, input, async (tx, journey) => {
    requirePresent(journey);
    if (journey.isEnabled)
      await save(tx, 'JOURNEY_DISABLED', { ...journey, isEnabled: false }, { isEnabled: false });
  });
}

/** Hides the journey from lists, keeps it from being opened and changed; sessions that are open go on. Answers its id. */
export async function archiveJourney(caller: Caller, input: JourneyInput): Promise<CommandResult<string>> {
  return change(caller, input, async (tx, journey) => {
    if (!journey.isArchived)
      await save(tx, 'JOURNEY_ARCHIVED', { ...journey, isArchived: true }, { isArchived: true });
  });
}

/** Takes the journey back from the archive, enabled or disabled as it was; answers its id. */
export async function unarchiveJourney(caller: Caller, input: JourneyInput): Promise<CommandResult<string>> {
  return change(caller, input, async (tx, journey) => {
    if (journey.isArchived)
      await save(tx, 'JOURNEY_UNARCHIVED', { ...journey, isArchived: false }, { isArchived: false });
  });
}

/** Gives a journey of kind LINK a new secret; what is signed with the old one is taken for `expiresInHours` more, a day unless told. */
export async function rotateJourneySecret(
  caller: Caller,
  input: JourneyInput & { readonly expiresInHours?: number | undefined },
): Promise<CommandResult<JourneyWithSecret>> {
  let secret: string | null = null;
  const done = await change(caller, input, async (tx, journey) => {
    requirePresent(journey);
    if (storedContent(journey.content).kind !== 'LINK')
      refuseInput('journeyId', 'NOT_ALLOWED', 'Only journeys of kind LINK have a secret.');
    const hours = checkHours('expiresInHours', input.expiresInHours ?? 24);
    const until = hoursAfter(tx.now, hours);
    const secrets = rotated(journey.secrets, tx.now, until);
    const previousSecretExpiresAt = secrets[1]?.expiresAt ?? null;
    await save(tx, 'JOURNEY_SECRET_ROTATED', { ...journey, secrets }, { previousSecretExpiresAt });
    secret = secrets[0].secret;
  });
  return done.ok ? { ...done, value: { id: done.value, secret } } : done;
}
