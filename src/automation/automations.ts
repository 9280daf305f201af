/** Making automations and changing their drafts. (Publishing, switching on and off, archiving: automations-life.ts.) */
import { checkJsonObject } from '../commands/attributes.ts';
import { requirePermission, type Caller, type CommandResult } from '../commands/execute.ts';
import { createOnce } from '../commands/idempotency.ts';
import { checkName } from '../commands/input.ts';
import { sameJson } from '../engine/json.ts';
import { LIMITS } from '../engine/limits.ts';
import { insertAutomation, updateAutomationDraft } from '../store/automations-writes.ts';
import type { Transaction } from '../store/transaction.ts';
import {
  changeAutomation,
  recordAutomation,
  takeAutomation,
  type AutomationInput,
} from './automation-session.ts';
import type { AutomationContent } from './content.ts';
import { AUTOMATION_LIMITS } from './validation.ts';

/** The content with a clean name. Refuses (INVALID_INPUT) what no list could show or the database can't keep; everything else is validation's business. */
function checkAutomation(path: string, content: AutomationContent): AutomationContent {
  checkJsonObject(path, content, AUTOMATION_LIMITS.bytes);
  return { ...content, name: checkName(`${path}.name`, content.name) };
}

async function create(tx: Transaction, id: string, content: AutomationContent): Promise<void> {
  await insertAutomation(tx, id, content);
  recordAutomation(tx, 'AUTOMATION_CREATED', { id, version: 1 }, { ...content });
}

export interface CreateAutomationInput {
  readonly content: AutomationContent;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Makes an enabled automation with this draft; answers its id. The draft may have errors; they only keep it from being published. Needs the
 * permission `design`, like every command here.
 */
export async function createAutomation(
  caller: Caller,
  input: CreateAutomationInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return createOnce(caller, 'createAutomation', input, async (tx, id) => {
    await create(tx, id, checkAutomation('content', input.content));
  });
}

export interface SaveAutomationDraftInput extends AutomationInput {
  readonly content: AutomationContent;
}

/** Replaces the draft as a whole; answers the automation's id. Published versions and the runs on them stay as they are. */
export async function saveAutomationDraft(
  caller: Caller,
  input: SaveAutomationDraftInput,
): Promise<CommandResult<string>> {
  return changeAutomation(caller, input, async (tx, { id, version, draft }) => {
    const content = checkAutomation('content', input.content);
    const before: Readonly<Record<string, unknown>> = { ...draft };
    const changed = Object.entries(content).filter(([field, value]) => !sameJson(value, before[field]));
    if (changed.length === 0) return id;
    await updateAutomationDraft(tx, id, content);
    recordAutomation(tx, 'AUTOMATION_DRAFT_SAVED', { id, version: version + 1 }, Object.fromEntries(changed));
    return id;
  });
}

export interface DuplicateAutomationInput {
  /** The automation to copy; may be archived. */
  readonly automationId: string;
  /** The copy's name; the original's with "(copy)" if left out. */
  readonly name?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

function copyName(name: string): string {
  const suffix = ' (copy)';
  return `${name.slice(0, LIMITS.nameLength.hard - suffix.length)}${suffix}`;
}

/** Makes an enabled, unpublished automation with a copy of another one's draft; answers its id. */
export async function duplicateAutomation(
  caller: Caller,
  input: DuplicateAutomationInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return createOnce(caller, 'duplicateAutomation', input, async (tx, id) => {
    const { draft } = await takeAutomation(tx, { automationId: input.automationId });
    const name = input.name === undefined ? copyName(draft.name) : checkName('name', input.name);
    await create(tx, id, { ...draft, name });
  });
}
