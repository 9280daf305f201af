/** Publishing definitions, switching them on and off, putting them away. All need the permission `design`. */
import { v7 as uuidv7 } from 'uuid';
import { sameJson } from '../engine/json.ts';
import { readNewestVersions } from '../store/definitions.ts';
import { insertVersion, updateFlags } from '../store/definitions-writes.ts';
import { issuesOf, readDirectory } from './definition-references.ts';
import {
  changeDefinition,
  recordDefinition,
  takeDefinition,
  type DefinitionInput,
} from './definition-session.ts';
import { execute, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { refuse } from './problem.ts';

/** A published definition. */
export interface Published {
  readonly definitionId: string;
  readonly versionId: string;
}

/**
 * Freezes the draft as the next version; new executions start with it, running ones stay on theirs. A draft with errors is refused
 * (DEFINITION_INVALID, with all issues). Publishing a draft that is the newest version already makes none and answers that one.
 */
export async function publishDefinition(
  caller: Caller,
  input: DefinitionInput,
): Promise<CommandResult<Published>> {
  return changeDefinition(caller, input, async (tx, { id, draft, version, publishedNumber }) => {
    const newest = (await readNewestVersions(tx, tx.organizationId, [id])).get(id);
    if (newest && sameJson(newest.content, draft)) return { definitionId: id, versionId: newest.id };
    const issues = issuesOf(draft, await readDirectory(tx, tx.organizationId, [draft]));
    if (issues.some(({ severity }) => severity === 'ERROR')) refuse({ code: 'DEFINITION_INVALID', issues });
    const number = (publishedNumber ?? 0) + 1;
    const versionId = uuidv7();
    await insertVersion(tx, id, { id: versionId, number });
    recordDefinition(tx, 'DEFINITION_PUBLISHED', { id, version: version + 1 }, { publishedNumber: number });
    return { definitionId: id, versionId };
  });
}

async function setEnabled(
  caller: Caller,
  input: DefinitionInput,
  isEnabled: boolean,
): Promise<CommandResult<string>> {
  return changeDefinition(caller, input, async (tx, { id, version, isArchived, ...before }) => {
    if (before.isEnabled === isEnabled) return id;
    await updateFlags(tx, id, { isEnabled, isArchived });
    const type = isEnabled ? 'DEFINITION_ENABLED' : 'DEFINITION_DISABLED';
    recordDefinition(tx, type, { id, version: version + 1 }, { isEnabled });
    return id;
  });
}

/** Allows new executions; answers the definition's id. */
export async function enableDefinition(
  caller: Caller,
  input: DefinitionInput,
): Promise<CommandResult<string>> {
  return setEnabled(caller, input, true);
}

/** Keeps new executions from being started, those that run go on; answers the definition's id. */
export async function disableDefinition(
  caller: Caller,
  input: DefinitionInput,
): Promise<CommandResult<string>> {
  return setEnabled(caller, input, false);
}

async function setArchived(
  caller: Caller,
  input: DefinitionInput,
  isArchived: boolean,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return execute(caller, async (tx) => {
    const { id, version, isEnabled, ...before } = await takeDefinition(tx, input);
    if (before.isArchived === isArchived) return id;
    await updateFlags(tx, id, { isEnabled, isArchived });
    const type = isArchived ? 'DEFINITION_ARCHIVED' : 'DEFINITION_UNARCHIVED';
    recordDefinition(tx, type, { id, version: version + 1 }, { isArchived });
    return id;
  });
}

/**
 * Hides the definition from lists, keeps it from being started and from being changed; executions that run go on. Answers the
 * definition's id.
 */
export async function archiveDefinition(
  caller: Caller,
  input: DefinitionInput,
): Promise<CommandResult<string>> {
  return setArchived(caller, input, true);
}

/** Takes the definition back from the archive, enabled or disabled as it was; answers its id. */
export async function unarchiveDefinition(
  caller: Caller,
  input: DefinitionInput,
): Promise<CommandResult<string>> {
  return setArchived(caller, input, false);
}
