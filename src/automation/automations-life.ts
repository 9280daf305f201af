/** Publishing automations, switching them on and off, putting them away. All need the permission `design`. */
import { v7 as uuidv7 } from 'uuid';
import { execute, requirePermission, type Caller, type CommandResult } from '../commands/execute.ts';
import { refuse } from '../commands/problem.ts';
import { sameJson } from '../engine/json.ts';
import { readNewestAutomationVersions } from '../store/automations.ts';
import {
  insertAutomationVersion,
  updateArchived,
  updateToDisabled,
  updateToEnabled,
} from '../store/automations-writes.ts';
import {
  changeAutomation,
  recordAutomation,
  takeAutomation,
  type AutomationInput,
} from './automation-session.ts';
import { automationIssues } from './references.ts';

/** A published automation. */
export interface PublishedAutomation {
  readonly automationId: string;
  readonly versionId: string;
}

/**
 * Freezes the draft as the next version; new runs do it, those that run stay on theirs. A draft with errors is refused (AUTOMATION_INVALID, with
 * all issues). Publishing a draft that is the newest version already makes none and answers that one.
 */
export async function publishAutomation(
  caller: Caller,
  input: AutomationInput,
): Promise<CommandResult<PublishedAutomation>> {
  return changeAutomation(caller, input, async (tx, { id, draft, version, publishedNumber }) => {
    const newest = (await readNewestAutomationVersions(tx, tx.organizationId, [id])).get(id);
    if (newest && sameJson(newest.content, draft)) return { automationId: id, versionId: newest.id };
    const issues = await automationIssues(tx, tx.organizationId, draft);
    if (issues.some(({ severity }) => severity === 'ERROR')) refuse({ code: 'AUTOMATION_INVALID', issues });
    const number = (publishedNumber ?? 0) + 1;
    const versionId = uuidv7();
    await insertAutomationVersion(tx, id, { id: versionId, number });
    recordAutomation(tx, 'AUTOMATION_PUBLISHED', { id, version: version + 1 }, { publishedNumber: number });
    return { automationId: id, versionId };
  });
}

/** Lets the automation run, also one that the guard against runaways has disabled; answers its id. */
export async function enableAutomation(
  caller: Caller,
  input: AutomationInput,
): Promise<CommandResult<string>> {
  return changeAutomation(caller, input, async (tx, { id, version, isEnabled }) => {
    if (isEnabled) return id;
    await updateToEnabled(tx, id);
    recordAutomation(tx, 'AUTOMATION_ENABLED', { id, version: version + 1 }, { isEnabled: true });
    return id;
  });
}

/** Keeps the automation from being run, what runs goes on; answers its id. */
export async function disableAutomation(
  caller: Caller,
  input: AutomationInput,
): Promise<CommandResult<string>> {
  return changeAutomation(caller, input, async (tx, { id, version, isEnabled }) => {
    if (!isEnabled) return id;
    await updateToDisabled(tx, id);
    recordAutomation(tx, 'AUTOMATION_DISABLED', { id, version: version + 1 }, { isEnabled: false });
    return id;
  });
}

async function setArchived(
  caller: Caller,
  input: AutomationInput,
  isArchived: boolean,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return execute(caller, async (tx) => {
    const { id, version, ...before } = await takeAutomation(tx, input);
    if (before.isArchived === isArchived) return id;
    await updateArchived(tx, id, isArchived);
    const type = isArchived ? 'AUTOMATION_ARCHIVED' : 'AUTOMATION_UNARCHIVED';
    recordAutomation(tx, type, { id, version: version + 1 }, { isArchived });
    return id;
  });
}

/** Hides the automation from lists, keeps it from being run and from being changed; what runs goes on. Answers its id. */
export async function archiveAutomation(
  caller: Caller,
  input: AutomationInput,
): Promise<CommandResult<string>> {
  return setArchived(caller, input, true);
}

/** Takes the automation back from the archive, enabled or disabled as it was; answers its id. */
export async function unarchiveAutomation(
  caller: Caller,
  input: AutomationInput,
): Promise<CommandResult<string>> {
  return setArchived(caller, input, false);
}
