/** Making definitions and changing their drafts. (Publishing, switching on and off, archiving: definitions-life.ts.) */
import type { DefinitionContent } from '../engine/definition.ts';
import { sameJson } from '../engine/json.ts';
import { LIMITS } from '../engine/limits.ts';
import type { EditableDefinition } from '../store/definitions.ts';
import { insertDefinition, updateDraft } from '../store/definitions-writes.ts';
import type { Transaction } from '../store/transaction.ts';
import { checkContent } from './definition-content.ts';
import { withIds } from './definition-document.ts';
import { readDirectory } from './definition-references.ts';
import {
  changeDefinition,
  recordDefinition,
  takeDefinition,
  type DefinitionInput,
} from './definition-session.ts';
import { requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import type { MappingInput } from './import/mapping.ts';
import { readDocument, type ReadDocument } from './import/read-document.ts';
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
  /** The JSON text, in any format that `readDocument` knows. */
  readonly document: string;
  /** What the ids in a document of another system mean here. */
  readonly mapping?: MappingInput | undefined;
  /** Replaces this definition's draft; a new definition is made if left out. */
  readonly definitionId?: string | undefined;
  /** Only with `definitionId`. */
  readonly expectedVersion?: number | undefined;
  /** Only without `definitionId`: importing into a definition twice changes nothing the second time anyway. */
  readonly idempotencyKey?: string | undefined;
}

export interface ImportedDefinition extends Pick<ReadDocument, 'format' | 'notTakenOver'> {
  readonly definitionId: string;
}

async function contentOf(
  tx: Transaction,
  { format, content }: Pick<ReadDocument, 'format' | 'content'>,
): Promise<DefinitionContent> {
  if (format !== 'HANDRAIL') return content;
  return withIds(content, await readDirectory(tx, tx.organizationId, [content]));
}

/**
 * Makes a definition from a document, or replaces the draft of an existing one; answers its id and what of the document is not in the draft.
 * People, teams, closing reasons and automations that the organization does not have stay in the draft as they are written, and validation reports them.
 */
export async function importDefinition(
  caller: Caller,
  input: ImportDefinitionInput,
): Promise<CommandResult<ImportedDefinition>> {
  const { document, mapping, definitionId, expectedVersion } = input;
  requirePermission(caller.viewer, 'design');
  // Read once, but not before it is known that there is such a definition to import into.
  let known: ReadDocument | undefined;
  const read = (): ReadDocument => (known ??= readDocument(document, mapping));
  const result = await (definitionId === undefined
    ? createOnce(caller, 'importDefinition', input, async (tx, id) => {
        await create(tx, id, await contentOf(tx, read()));
      })
    : changeDefinition(caller, { definitionId, expectedVersion }, async (tx, definition) => {
        await save(tx, definition, await contentOf(tx, read()));
        return definition.id;
      }));
  if (!result.ok) return result;
  const { format, notTakenOver } = read();
  return { ...result, value: { definitionId: result.value, format, notTakenOver } };
}
