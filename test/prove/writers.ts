/** People who change the world, all at once. */
import type { Chance } from './chance.ts';
import { mutate, type Person } from './client.ts';
import type { KnownExecution, KnownTask, World } from './world.ts';

export interface Written {
  /** Commands that changed something. */
  readonly changes: number;
  /** Commands that were refused, as something was in their way or another writer was faster, or that changed nothing. */
  readonly refused: number;
}

export interface WritersOptions {
  readonly people: readonly Person[];
  readonly world: Pick<World, 'executions' | 'assigneeIds'>;
  readonly chance: Chance;
  /** How many changes to make. */
  readonly changes: number;
  /** Called after each change with their number so far. */
  readonly onChange: (count: number) => void;
}

interface TaskAnswer {
  readonly task: { readonly id: string; readonly status: string; readonly version: number } | null;
}

type Input = Readonly<Record<string, unknown>>;

const POSSIBLE: Readonly<Record<string, readonly [string, ...string[]]>> = {
  PENDING: ['startTask', 'completeTask', 'skipTask', 'holdTask'],
  IN_PROGRESS: ['stopTask', 'completeTask', 'holdTask'],
  ON_HOLD: ['resumeTask', 'skipTask'],
  COMPLETED: ['reopenTask'],
  SKIPPED: ['reopenTask'],
};
const MOST_TASKS = 14;
/** Refusals that say that another writer was faster. */
const OUTDATED: ReadonlySet<string> = new Set(['COMMAND_NOT_ALLOWED', 'VERSION_CONFLICT', 'NOT_FOUND']);

/** Answers when all changes are made. */
export async function write(options: WritersOptions): Promise<Written> {
  const { people, world, chance, changes, onChange } = options;
  let made = 0;
  let begun = 0;
  let refused = 0;
  // Makes every name and date another one, so that no command asks for what already is.
  let serial = 0;

  function lifeCommand(task: KnownTask): { name: string; input: Input } {
    const name = chance.pick(POSSIBLE[task.status] ?? ['reopenTask']);
    return {
      name,
      input: { taskId: task.id, ...(name === 'reopenTask' ? { revert: chance.percent(10) } : {}) },
    };
  }

  function upkeepCommand({ id: taskId, version }: KnownTask): { name: string; input: Input } {
    serial += 1;
    const dueAt = new Date(Date.UTC(2027, 0, 1) + serial * 60_000).toISOString();
    const assignees = [chance.pick(world.assigneeIds)];
    return chance.pick<{ name: string; input: Input }>([
      { name: 'setTaskDueDate', input: { taskId, dueAt } },
      { name: 'updateTask', input: { taskId, name: `Task ${serial}` } },
      // With the version one can tell whether it changed anything.
      { name: 'assignTask', input: { taskId, add: assignees, expectedVersion: version } },
      { name: 'assignTask', input: { taskId, remove: assignees, expectedVersion: version } },
    ]);
  }

  async function onTask(person: Person, task: KnownTask): Promise<boolean> {
    const before = task.version;
    const { name, input } = chance.percent(60) ? lifeCommand(task) : upkeepCommand(task);
    const { code, payload } = await mutate<TaskAnswer>(person, name, input, 'task { id status version }');
    if (code !== undefined && OUTDATED.has(code)) await refresh(person, task);
    else if (payload.task) Object.assign(task, payload.task);
    return code === undefined && (name !== 'assignTask' || (payload.task?.version ?? 0) > before);
  }

  async function refresh(person: Person, known: KnownTask): Promise<void> {
    const { task } = await person.ask<TaskAnswer>(
      'query ($id: ID!) { task(id: $id) { id status version } }',
      { id: known.id },
    );
    if (task) Object.assign(known, task);
    else for (const execution of world.executions) forget(execution, known);
  }

  function forget(execution: KnownExecution, task: KnownTask): void {
    execution.tasks = execution.tasks.filter((other) => other !== task);
  }

  async function addOrRemove(person: Person, execution: KnownExecution): Promise<boolean> {
    const { id: executionId, tasks } = execution;
    const manual = tasks.find(({ isManual }) => isManual);
    if (manual && tasks.length >= MOST_TASKS) {
      forget(execution, manual);
      const removed = await mutate(person, 'removeTask', { taskId: manual.id }, 'taskId');
      return removed.code === undefined;
    }
    const input = { executionId, name: 'Ask', place: { inPhase: { index: chance.below(3) } } };
    const { code, payload } = await mutate<TaskAnswer>(
      person,
      'addTask',
      input,
      'task { id status version }',
    );
    if (payload.task) execution.tasks = [...execution.tasks, { ...payload.task, isManual: true }];
    return code === undefined;
  }

  async function step(person: Person): Promise<boolean> {
    const execution = chance.pick(world.executions);
    if (chance.percent(5)) return addOrRemove(person, execution);
    const [first, ...rest] = execution.tasks;
    if (!first) return addOrRemove(person, execution);
    const task = chance.pick([first, ...rest]);
    if (chance.percent(90)) return onTask(person, task);
    const note = await mutate(person, 'addNote', { taskId: task.id, body: 'Done?' }, 'position');
    return note.code === undefined;
  }

  async function writer(person: Person): Promise<void> {
    while (made + begun < changes) {
      begun += 1;
      const isChange = await step(person).finally(() => (begun -= 1));
      if (isChange) onChange((made += 1));
      else refused += 1;
    }
  }

  // A writer that stops early leaves the rest to those whose last command was refused.
  while (made < changes) await Promise.all(people.map(writer));
  return { changes: made, refused };
}
