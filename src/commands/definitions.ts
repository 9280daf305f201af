/** Making definitions and changing their drafts. (Publishing, switching on and off, archiving: definitions-life.ts.) */
import type { DefinitionContent } from '../engine/definition.ts';
import { sameJson } from '../engine/json.ts';
import { LIMITS } from '../engine/limits.ts';
import type { EditableDefinition } from '../store/definitions.ts';
import { insertDefinition, updateDraft } from '../store/definitions-writes.ts';
import type { Transaction } from '../store/transaction.ts';
import { checkContent } from './definition-content.ts';
import { parseDocument, withIds } from './definition-document.ts';
import { readDirectory } from './definition-references.ts';
import {
  changeDefinition,
  recordDefinition,
  takeDefinition,
  type DefinitionInput,
} from './definition-session.ts';
import { requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';

async function create(tx: Transaction, id: string, content: DefinitionContent): Promise<void> {
  await insertDefinition(tx, id, content);
  recordDefinition(tx, 'DEFINITION_CREATED', { id, version: 1 }, { ...content });
}

async function save(
  tx: Transaction,
  { id, version, draft }: EditableDefinition,
  content: DefinitionContent,
): Promise<void> {
  const before: Readonly<Record<string, unknown>> = { ...draft };
  const changed = Object.entries(content).filter(([field, value]) => !sameJson(value, before[field]));
  if (changed.length === 0) return;
  await updateDraft(tx, id, content);
  recordDefinition(tx, 'DEFINITION_DRAFT_SAVED', { id, version: version + 1 }, Object.fromEntries(changed));
}

export interface CreateDefinitionInput {
  readonly content: DefinitionContent;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Makes an enabled definition with this draft; answers its id. The draft may have errors; they only keep it from being published. Needs
 * the permission `design`, like every command here.
 */
export async function createDefinition(
  caller: Caller,
  input: CreateDefinitionInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return createOnce(caller, 'createDefinition', input, async (tx, id) => {
    await create(tx, id, checkContent('content', input.content));
  });
}

export interface SaveDefinitionDraftInput extends DefinitionInput {
  readonly content: DefinitionContent;
}

/** Replaces the draft as a whole; answers the definition's id. Published versions and what runs on them stay as they are. */
export async function saveDefinitionDraft(
  caller: Caller,
  input: SaveDefinitionDraftInput,
): Promise<CommandResult<string>> {
  return changeDefinition(caller, input, async (tx, definition) => {
    await save(tx, definition, checkContent('content', input.content));
    return definition.id;
  });
}

export interface DuplicateDefinitionInput {
  /** The definition to copy; may be archived. */
  readonly definitionId: string;
  /** The copy's name; the original's with "(copy)" if left out. */
  readonly name?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

function copyName(name: string): string {
  const suffix = ' (copy)';
  return `${name.slice(0, LIMITS.nameLength.hard - suffix.length)}${suffix}`;
}

/** Makes an enabled, unpublished definition with a copy of another one's draft; answers its id. */
export async function duplicateDefinition(
  caller: Caller,
  input: DuplicateDefinitionInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return createOnce(caller, 'duplicateDefinition', input, async (tx, id) => {
    const { draft } = await takeDefinition(tx, { definitionId: input.definitionId });
    const name = input.name === undefined ? copyName(draft.name) : checkName('name', input.name);
    await create(tx, id, { ...draft, name });
  });
}

export interface ImportDefinitionInput {
  /** The JSON text; see definition-document.ts. */
  readonly document: string;
  /** Replaces this definition's draft; a new definition is made if left out. */
  readonly definitionId?: string | undefined;
  /** Only with `definitionId`. */
  readonly expectedVersion?: number | undefined;
  /** Only without `definitionId`: importing into a definition twice changes nothing the second time anyway. */
  readonly idempotencyKey?: string | undefined;
}

async function contentOf(tx: Transaction, document: string): Promise<DefinitionContent> {
  const written = checkContent('document', parseDocument(document));
  return withIds(written, await readDirectory(tx, tx.organizationId, [written]));
}

/**
 * Makes a definition from its document, or replaces the draft of an existing one; answers the id. People, teams and closing reasons that the
 * organization does not have stay in the draft as they are written, and validation reports them.
 */
export async function importDefinition(
  caller: Caller,
  input: ImportDefinitionInput,
): Promise<CommandResult<string>> {
  const { document, definitionId, expectedVersion } = input;
  if (definitionId !== undefined) {
    return changeDefinition(caller, { definitionId, expectedVersion }, async (tx, definition) => {
      await save(tx, definition, await contentOf(tx, document));
      return definition.id;
    });
  }
  requirePermission(caller.viewer, 'design');
  return createOnce(caller, 'importDefinition', input, async (tx, id) => {
    await create(tx, id, await contentOf(tx, document));
  });
}
