/** One organization in a database of its own, worked by commands alone, without the API. */
import { v7 as uuidv7 } from 'uuid';
import { createEntity } from '../../src/commands/entities.ts';
import type { Caller, CommandResult } from '../../src/commands/execute.ts';
import { commandExecution, startExecution } from '../../src/commands/executions.ts';
import { commandTask } from '../../src/commands/tasks.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { ExecutionCommand, TaskCommand } from '../../src/engine/command.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import type { TaskData } from '../../src/engine/state.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { insertDefinition, insertVersion } from '../../src/store/definitions-writes.ts';
import { readEntities, type EntityRecord } from '../../src/store/entities.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import type { ExecutionSnapshot } from '../../src/store/execution-records.ts';
import { readSnapshots } from '../../src/store/execution-snapshots.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { createTestDatabase } from './database.ts';
import { silentLog, someViewer } from './live-fixture.ts';
import { readLog } from './log.ts';
import { definition } from './workflow.ts';

/** A job in the queue. */
export interface QueuedJob {
  readonly key: string | null;
  readonly runAt: string;
  readonly attempts: number;
  readonly lockedBy: string | null;
}

export interface Workshop extends AsyncDisposable {
  readonly connectionString: string;
  readonly database: Database;
  readonly clock: TestClock;
  readonly viewer: Viewer;
  readonly caller: Caller;
  /** Another server's connections to the same database; whoever opens them closes them. */
  openAnother(): Database;
  /** A published definition. */
  publish(content: Partial<DefinitionContent>): Promise<string>;
  entity(attributes?: Readonly<Record<string, unknown>>, schema?: string): Promise<string>;
  readEntity(id: string): Promise<EntityRecord>;
  /** Starts an execution of the content, on an entity of its own unless told. */
  start(content: Partial<DefinitionContent>, entityIds?: readonly string[]): Promise<string>;
  execution(id: string): Promise<ExecutionSnapshot | null>;
  task(executionId: string, key: string): Promise<TaskData>;
  /** Gives a command to the task with this key; throws if it is refused. */
  give<Type extends TaskCommand['type']>(
    executionId: string,
    key: string,
    type: Type,
    more?: Omit<Extract<TaskCommand, { readonly type: Type }>, 'type' | 'taskId'>,
  ): Promise<void>;
  /** Gives a command to the execution; throws if it is refused. */
  command(executionId: string, command: ExecutionCommand): Promise<void>;
  events(): Promise<readonly StoredEvent[]>;
  jobs(): Promise<QueuedJob[]>;
  /** The statements sent since the last reset, BEGIN and COMMIT included. */
  statements(): readonly string[];
  resetStatements(): void;
}

/** What the command answered; throws if it was refused. */
export function valueOf<T>(result: CommandResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
  return result.value;
}

export async function openWorkshop(): Promise<Workshop> {
  const { connectionString, ...testDatabase } = await createTestDatabase();
  let sent: string[] = [];
  const open = (onStatement?: (text: string) => void): Database =>
    openDatabase({ connectionString, poolSize: 6, log: silentLog, onStatement });
  const database = open((text) => {
    sent.push(text);
  });
  const { isActive: _, ...row } = await someViewer(database, 'lindental', 'anna');
  const viewer: Viewer = { ...row, roles: ['admin'], expiresAt: null };
  const { organizationId } = viewer;
  const clock = createTestClock();
  const caller = { database, viewer, clock: () => clock.now() };

  const workshop: Workshop = {
    connectionString,
    database,
    clock,
    viewer,
    caller,
    openAnother: () => open(),
    async publish(content) {
      const scope = { organizationId, actorId: viewer.userId, now: clock.now().toISOString() };
      const id = uuidv7();
      await database.transaction(scope, async (tx) => {
        await insertDefinition(tx, id, definition(content));
        await insertVersion(tx, id, { id: uuidv7(), number: 1 });
      });
      return id;
    },
    async entity(attributes = {}, schema = 'order') {
      return valueOf(await createEntity(caller, { schema, title: 'Order 1', attributes }));
    },
    async readEntity(id) {
      const [entity] = await readEntities(database, organizationId, [id], null);
      if (!entity) throw new Error(`no entity ${id}`);
      return entity;
    },
    async start(content, entityIds) {
      const definitionId = await workshop.publish(content);
      const [entityId = '', ...contextEntityIds] = entityIds ?? [await workshop.entity()];
      return valueOf(await startExecution(caller, { definitionId, entityId, contextEntityIds }));
    },
    async execution(id) {
      const found = await readSnapshots(database, organizationId, [id], null);
      return found.get(id) ?? null;
    },
    async task(executionId, key) {
      const execution = await workshop.execution(executionId);
      const task = execution?.tasks.find((item) => item.key === key);
      if (!task) throw new Error(`no task ${key}`);
      return task;
    },
    async give(executionId, key, type, more) {
      const { id: taskId } = await workshop.task(executionId, key);
      valueOf(await commandTask(caller, { ...more, type, taskId } as TaskCommand));
    },
    async command(executionId, command) {
      valueOf(await commandExecution(caller, executionId, command));
    },
    events: () => readLog(database, organizationId),
    async jobs() {
      const { rows } = await database.pool.query<QueuedJob>(
        `select key, run_at as "runAt", attempts, locked_by as "lockedBy" from graphile_worker.jobs order by id`,
      );
      return rows;
    },
    statements: () => sent,
    resetStatements() {
      sent = [];
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await testDatabase[Symbol.asyncDispose]();
    },
  };
  return workshop;
}
