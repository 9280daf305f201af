/** Commands on an execution as a whole. */
import { v7 as uuidv7 } from 'uuid';
import { uniqueAssignees } from '../engine/assignees.ts';
import type { ExecutionCommand } from '../engine/command.ts';
import type { AssigneeRef, DefinitionContent, Instant } from '../engine/definition.ts';
import { assigneesIssues, dueAtIssues } from '../engine/input.ts';
import { startExecution as start } from '../engine/start.ts';
import { readStartable } from '../store/definitions.ts';
import type { EntityRecord } from '../store/entities.ts';
import { execute, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { saveStarted, withExecutions } from './execution-session.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { fromEngine, refuse, refuseInput, refuseIssues, type NotStartableReason } from './problem.ts';
import { checkAssignees, newAssignees } from './tasks.ts';

/** The most entities that one execution is about, the one that it was started on included. */
const MAX_ENTITIES = 20;

export interface StartExecutionInput {
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
  readonly idempotencyKey?: string | undefined;
}

/** Why the published content can't be started by hand on an entity of this schema; null if it can. */
function triggerMismatch(content: DefinitionContent, schema: string): NotStartableReason | null {
  if (content.triggers.length === 0) return 'NO_MANUAL_TRIGGER';
  const fits = content.triggers.some(({ entitySchema }) => entitySchema === null || entitySchema === schema);
  return fits ? null : 'ENTITY_SCHEMA_MISMATCH';
}

function freshIds(items: readonly { readonly key: string }[]): Record<string, string> {
  return Object.fromEntries(items.map(({ key }) => [key, uuidv7()]));
}

/** The entities in the order of their ids, the first one being the one to start on. */
function inOrder(ids: readonly string[], entities: readonly EntityRecord[]): readonly EntityRecord[] {
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  return ids.map((id) => byId.get(id) ?? refuse({ code: 'NOT_FOUND', what: 'Entity', id }));
}

/**
 * Starts the newest published version of an enabled definition on an entity. Needs the permission `work`. Answers the execution's id; with an
 * idempotency key, a repeated start answers the first one's.
 */
export async function startExecution(
  caller: Caller,
  input: StartExecutionInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'work');
  return createOnce(caller, 'startExecution', input, async (tx, executionId) => {
    const { definitionId } = input;
    const entityIds = [...new Set([input.entityId, ...input.contextEntityIds])];
    if (entityIds.length > MAX_ENTITIES) {
      refuseInput('contextEntityIds', 'TOO_MANY', `An execution is about at most ${MAX_ENTITIES} entities.`);
    }
    refuseIssues([
      ...assigneesIssues(uniqueAssignees(input.assignees ?? []), 'assigneeIds'),
      ...dueAtIssues(input.dueAt ?? null),
    ]);
    const found = await readStartable(tx, tx.organizationId, definitionId, entityIds);
    if (!found) return refuse({ code: 'NOT_FOUND', what: 'WorkflowDefinition', id: definitionId });
    const { definition, version } = found;
    const notStartable = (reason: NotStartableReason) =>
      refuse({ code: 'DEFINITION_NOT_STARTABLE', definitionId, reason });
    if (definition.isArchived) return notStartable('ARCHIVED');
    if (!version) return notStartable('NOT_PUBLISHED');
    if (!definition.isEnabled) return notStartable('DISABLED');
    const [entity] = inOrder(entityIds, found.entities);
    const mismatch = triggerMismatch(version.content, entity?.schema ?? '');
    if (mismatch) return notStartable(mismatch);
    if (input.assignees) await checkAssignees(tx, { assigneeIds: input.assignees });

    const { content } = version;
    const started = start(
      {
        content,
        executionId,
        ...(input.name === undefined ? {} : { name: checkName('name', input.name) }),
        ids: { phases: freshIds(content.phases), tasks: freshIds(content.tasks) },
        closingReasons: found.closingReasons,
        ...(input.assignees === undefined ? {} : { assignees: input.assignees }),
        ...(input.dueAt === undefined ? {} : { dueAt: input.dueAt }),
      },
      { now: tx.now, actor: { type: 'USER', id: caller.viewer.userId } },
    );
    const keys = { definitionId, definitionVersionId: version.id, entityId: input.entityId, entityIds };
    await saveStarted(tx, { ...started.state.execution, ...keys }, started);
  });
}

/** Gives a command to an execution. Needs the permission `work`. Answers its id. */
export async function commandExecution(
  caller: Caller,
  executionId: string,
  command: ExecutionCommand,
): Promise<CommandResult<string>> {
  const { viewer } = caller;
  requirePermission(viewer, 'work');
  return execute(caller, async (tx) => {
    return withExecutions(tx, viewer, { executionIds: [executionId] }, async (session) => {
      if (!session.execution(executionId)) {
        return refuse({ code: 'NOT_FOUND', what: 'WorkflowExecution', id: executionId });
      }
      if (command.type === 'ASSIGN_EXECUTION') await checkAssignees(tx, newAssignees(command));
      const result = session.advance(executionId, command);
      return result.ok ? executionId : refuse(fromEngine(result.problem));
    });
  });
}
