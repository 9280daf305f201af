/** Commands on an execution as a whole. */
import { v7 as uuidv7 } from 'uuid';
import { uniqueAssignees } from '../engine/assignees.ts';
import type { ExecutionCommand } from '../engine/command.ts';
import type { AssigneeRef, DefinitionContent, Instant } from '../engine/definition.ts';
import { assigneesIssues, dueAtIssues, entitiesIssues } from '../engine/input.ts';
import { startExecution as start } from '../engine/start.ts';
import { readStartable } from '../store/definitions.ts';
import type { ExecutionRecord } from '../store/execution-records.ts';
import type { Transaction } from '../store/transaction.ts';
import { asViewer, type Acting } from './acting.ts';
import { checkedChainDepth } from './chain-depth.ts';
import { execute, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { saveStarted } from './execution-saving.ts';
import { withExecutions, type ExecutionSession } from './execution-session.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { fromEngine, refuse, refuseIssues, type NotStartableReason } from './problem.ts';
import { createSessionFacts } from './session-facts.ts';
import { checkAssignees, newAssignees } from './tasks.ts';

/** What an execution starts with. */
export interface NewExecution {
  readonly definitionId: string;
  /** The entity to start on. */
  readonly entityId: string;
  /** Related entities. */
  readonly contextEntityIds: readonly string[];
  /** The definition's if left out. */
  readonly name?: string | undefined;
  /** The definition's if left out. */
  readonly assignees?: readonly AssigneeRef[] | undefined;
  /** The definition's if left out; null for none. */
  readonly dueAt?: Instant | null | undefined;
}

export interface StartExecutionInput extends NewExecution {
  readonly idempotencyKey?: string | undefined;
}

/** By what something is started: a person's hand, or an automation or a submitted journey, given by its id. */
export type Starter = 'HAND' | { readonly automationId: string } | { readonly journeyId: string };

/** Why the published content can't be started by this on an entity of this schema; null if it can. */
function triggerMismatch(
  { triggers }: DefinitionContent,
  starter: Starter,
  schema: string,
): NotStartableReason | null {
  if (starter !== 'HAND' && 'journeyId' in starter) {
    const fits = triggers.some(
      (trigger) =>
        trigger.type === 'JOURNEY' && (trigger.journeyId === null || trigger.journeyId === starter.journeyId),
    );
    return fits ? null : 'NO_JOURNEY_TRIGGER';
  }
  if (starter !== 'HAND') {
    const fits = triggers.some(
      (trigger) =>
        trigger.type === 'AUTOMATION' &&
        (trigger.automationId === null || trigger.automationId === starter.automationId),
    );
    return fits ? null : 'NO_AUTOMATION_TRIGGER';
  }
  const byHand = triggers.filter((trigger) => trigger.type === 'MANUAL');
  if (byHand.length === 0) return 'NO_MANUAL_TRIGGER';
  const fits = byHand.some(({ entitySchema }) => entitySchema === null || entitySchema === schema);
  return fits ? null : 'ENTITY_SCHEMA_MISMATCH';
}

function freshIds(items: readonly { readonly key: string }[]): Record<string, string> {
  return Object.fromEntries(items.map(({ key }) => [key, uuidv7()]));
}

/** Whom the start may make responsible. */
function* assigneesOf(
  { assignees, phases, tasks }: DefinitionContent,
  given: readonly AssigneeRef[] | undefined,
): Generator<AssigneeRef> {
  yield* given ?? assignees;
  for (const object of [...phases, ...tasks]) yield* object.assignees;
}

/** Everything that the start needs, locked as long as it has to; refuses what can't be started. */
async function readStart(
  tx: Transaction,
  { definitionId, entityId }: NewExecution,
  entityIds: readonly string[],
  starter: Starter,
) {
  const found = await readStartable(tx, tx.organizationId, definitionId, entityIds);
  if (!found) return refuse({ code: 'NOT_FOUND', what: 'WorkflowDefinition', id: definitionId });
  const { definition, version } = found;
  const notStartable = (reason: NotStartableReason) =>
    refuse({ code: 'DEFINITION_NOT_STARTABLE', definitionId, reason });
  if (definition.isArchived) return notStartable('ARCHIVED');
  if (!version) return notStartable('NOT_PUBLISHED');
  if (!definition.isEnabled) return notStartable('DISABLED');
  for (const id of entityIds) {
    if (!found.entities.has(id)) refuse({ code: 'NOT_FOUND', what: 'Entity', id });
  }
  const mismatch = triggerMismatch(version.content, starter, found.entities.get(entityId)?.schema ?? '');
  return mismatch ? notStartable(mismatch) : { ...found, version };
}

/**
 * Starts the newest published version of an enabled definition on an entity, as an execution with this id; answers it. It counts as led to by as
 * many automations as what the transaction does.
 */
export async function startExecutionIn(
  tx: Transaction,
  { actor, calendar }: Acting,
  executionId: string,
  input: NewExecution,
  starter: Starter,
): Promise<ExecutionRecord> {
  const chainDepth = checkedChainDepth(tx);
  const { definitionId, entityId } = input;
  const entityIds = [...new Set([entityId, ...input.contextEntityIds])];
  refuseIssues([
    ...entitiesIssues(entityIds, 'contextEntityIds'),
    ...assigneesIssues(uniqueAssignees(input.assignees ?? []), 'assigneeIds'),
    ...dueAtIssues(input.dueAt ?? null),
  ]);
  const found = await readStart(tx, input, entityIds, starter);
  if (input.assignees) await checkAssignees(tx, { assigneeIds: input.assignees });

  const { content } = found.version;
  const facts = createSessionFacts(found);
  const started = start(
    {
      content,
      executionId,
      entityIds,
      ...(input.name === undefined ? {} : { name: checkName('name', input.name) }),
      ids: { phases: freshIds(content.phases), tasks: freshIds(content.tasks) },
      closingReasons: found.closingReasons,
      ...(input.assignees === undefined ? {} : { assignees: input.assignees }),
      ...(input.dueAt === undefined ? {} : { dueAt: input.dueAt }),
    },
    { now: tx.now, actor, calendar, facts: facts.about(entityIds, assigneesOf(content, input.assignees)) },
  );
  facts.update(started.entityUpdates);
  const keys = { definitionId, definitionVersionId: found.version.id, entityId, chainDepth };
  const record = { ...started.state.execution, ...keys };
  await saveStarted(tx, record, started, facts.changed());
  return record;
}

/**
 * Starts a definition by hand. Needs the permission `work`. Answers the execution's id; with an idempotency key, a repeated start answers the first
 * one's.
 */
export async function startExecution(
  caller: Caller,
  input: StartExecutionInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'work');
  return createOnce(caller, 'startExecution', input, async (tx, executionId) => {
    await startExecutionIn(tx, asViewer(caller.viewer), executionId, input, 'HAND');
  });
}

/** Refuses what the command names and is not there. */
async function checkReferences(
  tx: Transaction,
  session: ExecutionSession,
  command: ExecutionCommand,
): Promise<void> {
  if (command.type === 'ASSIGN_EXECUTION') await checkAssignees(tx, newAssignees(command));
  if (command.type !== 'SET_CONTEXT_ENTITIES') return;
  for (const id of command.contextEntityIds) {
    if (!session.hasEntity(id)) refuse({ code: 'NOT_FOUND', what: 'Entity', id });
  }
}

/** Gives a command to an execution. Needs the permission `work`, and to delete it `administer`. Answers its id. */
export async function commandExecution(
  caller: Caller,
  executionId: string,
  command: ExecutionCommand,
): Promise<CommandResult<string>> {
  const { viewer } = caller;
  requirePermission(viewer, command.type === 'DELETE_EXECUTION' ? 'administer' : 'work');
  return execute(caller, async (tx) => {
    const entityIds = command.type === 'SET_CONTEXT_ENTITIES' ? command.contextEntityIds : [];
    const subjects = { executionIds: [executionId], entityIds };
    return withExecutions(tx, asViewer(viewer), subjects, async (session) => {
      if (!session.execution(executionId)) {
        return refuse({ code: 'NOT_FOUND', what: 'WorkflowExecution', id: executionId });
      }
      await checkReferences(tx, session, command);
      const result = session.advance(executionId, command);
      return result.ok ? executionId : refuse(fromEngine(result.problem));
    });
  });
}
