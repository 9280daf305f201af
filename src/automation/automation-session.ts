/** What every command on an automation's definition does around its own work. */
import {
  execute,
  expectObject,
  requirePermission,
  type Caller,
  type CommandResult,
} from '../commands/execute.ts';
import { refuseInput } from '../commands/problem.ts';
import { recordObject } from '../commands/record.ts';
import { lockAutomation, type AutomationRecord } from '../store/automations.ts';
import type { Transaction } from '../store/transaction.ts';
import type { AutomationContent } from './content.ts';

/** Which automation a command is about. */
export interface AutomationInput {
  readonly automationId: string;
  /** The version that the caller has seen; another one refuses the command (VERSION_CONFLICT). */
  readonly expectedVersion?: number | undefined;
}

/** An automation that is being changed. */
export interface OpenAutomation extends AutomationRecord {
  readonly draft: AutomationContent;
}

type AutomationEventType =
  | 'AUTOMATION_CREATED'
  | 'AUTOMATION_DRAFT_SAVED'
  | 'AUTOMATION_PUBLISHED'
  | 'AUTOMATION_ENABLED'
  | 'AUTOMATION_DISABLED'
  | 'AUTOMATION_ARCHIVED'
  | 'AUTOMATION_UNARCHIVED';

/** Stored JSON as what it was when it was stored. */
export function storedContent(json: unknown): AutomationContent {
  return json as AutomationContent;
}

/** Writes down what happened to an automation; `data` are the changed fields' new values. */
export function recordAutomation(
  tx: Transaction,
  type: AutomationEventType,
  automation: { readonly id: string; readonly version: number },
  data: Readonly<Record<string, unknown>>,
): void {
  recordObject(tx, type, 'AUTOMATION', automation, data);
}

/** The automation, locked until the transaction ends, in the version that is expected; refuses the command otherwise. */
export async function takeAutomation(
  tx: Transaction,
  { automationId, expectedVersion }: AutomationInput,
): Promise<OpenAutomation> {
  const found = await lockAutomation(tx, tx.organizationId, automationId);
  const { draft, ...record } = expectObject(found, 'Automation', automationId, expectedVersion);
  return { ...record, draft: storedContent(draft) };
}

/** Runs `work` on an automation that may be changed; refuses archived ones (INVALID_INPUT, code ARCHIVED). */
export async function changeAutomation<T>(
  caller: Caller,
  input: AutomationInput,
  work: (tx: Transaction, automation: OpenAutomation) => Promise<T>,
): Promise<CommandResult<T>> {
  requirePermission(caller.viewer, 'design');
  return execute(caller, async (tx) => {
    const automation = await takeAutomation(tx, input);
    if (automation.isArchived)
      refuseInput(
        'automationId',
        'ARCHIVED',
        `${JSON.stringify(automation.name)} is archived; unarchive it first.`,
      );
    return work(tx, automation);
  });
}
