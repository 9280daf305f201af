/** What every command on a definition does around its own work. */
import { lockDefinition, type EditableDefinition } from '../store/definitions.ts';
import type { Transaction } from '../store/transaction.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { refuseInput } from './problem.ts';
import { recordObject } from './record.ts';

/** Which definition a command is about. */
export interface DefinitionInput {
  readonly definitionId: string;
  /** The version that the caller has seen; another one refuses the command (VERSION_CONFLICT). */
  readonly expectedVersion?: number | undefined;
}

type DefinitionEventType =
  | 'DEFINITION_CREATED'
  | 'DEFINITION_DRAFT_SAVED'
  | 'DEFINITION_PUBLISHED'
  | 'DEFINITION_ENABLED'
  | 'DEFINITION_DISABLED'
  | 'DEFINITION_ARCHIVED'
  | 'DEFINITION_UNARCHIVED';

/** Writes down what happened to a definition; `data` are the changed fields' new values. */
export function recordDefinition(
  tx: Transaction,
  type: DefinitionEventType,
  definition: { readonly id: string; readonly version: number },
  data: Readonly<Record<string, unknown>>,
): void {
  recordObject(tx, type, 'DEFINITION', definition, data);
}

/** The definition, locked until the transaction ends, in the version that is expected; refuses the command otherwise. */
export async function takeDefinition(
  tx: Transaction,
  { definitionId, expectedVersion }: DefinitionInput,
): Promise<EditableDefinition> {
  const found = await lockDefinition(tx, tx.organizationId, definitionId);
  return expectObject(found, 'WorkflowDefinition', definitionId, expectedVersion);
}

/** Like `takeDefinition`, and refuses archived ones (INVALID_INPUT, code ARCHIVED), which nobody may change. */
async function takeChangeable(tx: Transaction, input: DefinitionInput): Promise<EditableDefinition> {
  const definition = await takeDefinition(tx, input);
  if (definition.isArchived) {
    refuseInput(
      'definitionId',
      'ARCHIVED',
      `${JSON.stringify(definition.name)} is archived; unarchive it first.`,
    );
  }
  return definition;
}

/** Runs `work` on a definition that may be changed. */
export async function changeDefinition<T>(
  caller: Caller,
  input: DefinitionInput,
  work: (tx: Transaction, definition: EditableDefinition) => Promise<T>,
): Promise<CommandResult<T>> {
  requirePermission(caller.viewer, 'design');
  return execute(caller, async (tx) => work(tx, await takeChangeable(tx, input)));
}
