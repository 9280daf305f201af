/** People who change the world, all at once. */
import { decodePosition } from '../../src/store/event-cursor.ts';
import type { Chance } from './chance.ts';
import { mutate, type Answer, type Person } from './client.ts';
import type { KnownExecution, KnownTask, World } from './world.ts';

export interface Written {
  /** Commands that changed nothing: refused, as something was in their way or another writer was faster, or nothing was left to change. */
  readonly idle: number;
  /** The log's positions after the changes, one for each that cannot but have changed something. */
  readonly own: readonly number[];
  /** The log's positions after all commands that were not refused: of one that changed nothing, that of somebody else's change. */
  readonly reached: ReadonlySet<number>;
}

export interface WritersOptions {
  readonly people: readonly Person[];
  readonly world: Pick<World, 'executions' | 'assigneeIds'>;
  readonly chance: Chance;
  /** How many positions to reach: as many changes, but for the few commands that changed nothing after a notification. */
  readonly changes: number;
  /** Called after each with their number so far. */
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
/** They are done although nothing is left to change if another writer has done the same. */
const REPEATABLE: ReadonlySet<string> = new Set(['assignTask', ...Object.values(POSSIBLE).flat()]);
const MOST_TASKS = 14;
/** Refusals that say that another writer was faster. */
const OUTDATED: ReadonlySet<string> = new Set(['COMMAND_NOT_ALLOWED', 'VERSION_CONFLICT', 'NOT_FOUND']);

/** Answers when all changes are made. */
export async function write(options: WritersOptions): Promise<Written> {
  const { people, world, chance, changes, onChange } = options;
  let begun = 0;
  let commands = 0;
  // Makes every name and date another one, so that no command asks for what already is.
  let serial = 0;
  const own: number[] = [];
  const reached = new Set<number>();

  async function command<Payload>(
    person: Person,
    name: string,
    input: Input,
    selection = '',
  ): Promise<Answer<Payload>> {
    commands += 1;
    const answer = await mutate<Payload & { readonly position: string }>(
      person,
      name,
      input,
      `position ${selection}`,
    );
    if (answer.code !== undefined) return answer;
    const position = decodePosition(answer.payload.position);
    if (position === null) throw new Error(`${name} answered without a position`);
    if (!REPEATABLE.has(name)) own.push(position);
    if (!reached.has(position)) onChange(reached.add(position).size);
    return answer;
  }

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
      { name: 'updateTask', input: { taskId, name: `Chore ${serial}` } },
      { name: 'assignTask', input: { taskId, add: assignees, expectedVersion: version } },
      { name: 'assignTask', input: { taskId, remove: assignees, expectedVersion: version } },
    ]);
  }

  async function onTask(person: Person, task: KnownTask): Promise<void> {
    const { name, input } = chance.percent(60) ? lifeCommand(task) : upkeepCommand(task);
    const { code, payload } = await command<TaskAnswer>(person, name, input, 'task { id status version }');
    if (code !== undefined && OUTDATED.has(code)) await refresh(person, task);
    else if (payload.task) Object.assign(task, payload.task);
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

  async function addOrRemove(person: Person, execution: KnownExecution): Promise<void> {
    const { id: executionId, tasks } = execution;
    const manual = tasks.find(({ isManual }) => isManual);
    if (manual && tasks.length >= MOST_TASKS) {
      forget(execution, manual);
      await command(person, 'removeTask', { taskId: manual.id });
      return;
    }
    const input = { executionId, name: 'Ask', place: { inPhase: { index: chance.below(3) } } };
    const { payload } = await command<TaskAnswer>(person, 'addTask', input, 'task { id status version }');
    if (payload.task) execution.tasks = [...execution.tasks, { ...payload.task, isManual: true }];
  }

  async function step(person: Person): Promise<void> {
    const execution = chance.pick(world.executions);
    const [first, ...rest] = execution.tasks;
    if (!first || chance.percent(5)) return addOrRemove(person, execution);
    const task = chance.pick([first, ...rest]);
    if (chance.percent(90)) return onTask(person, task);
    await command(person, 'addNote', { taskId: task.id, body: 'Done?' });
  }

  async function writer(person: Person): Promise<void> {
    while (reached.size + begun < changes) {
      begun += 1;
      await step(person).finally(() => (begun -= 1));
    }
  }

  // A writer that stops early leaves the rest to those whose last command changed nothing.
  while (reached.size < changes) await Promise.all(people.map(writer));
  return { idle: commands - reached.size, own, reached };
}
