/** The demo organization's story: executions that were started and worked on over the last weeks. */
import { commandExecution, startExecution } from '../src/commands/executions.ts';
import { addNote } from '../src/commands/notes.ts';
import { addTask, commandTask } from '../src/commands/tasks.ts';
import type { TaskCommand } from '../src/engine/command.ts';
import type { Viewer } from '../src/commands/viewer.ts';
import type { ExecutionSnapshot, TaskRecord } from '../src/store/execution-records.ts';
import { readSnapshots } from '../src/store/execution-snapshots.ts';
import type { Database } from '../src/store/database.ts';
import { must } from './must.ts';

/** One execution in `demo/executions.json`. */
export interface ExecutionPlan {
  /** File name of the definition. */
  readonly definition: string;
  /** `ref` of the entity, and of related ones. */
  readonly entity: string;
  readonly context?: readonly string[];
  /** External id of who starts it. */
  readonly by: string;
  /** How many days ago it was started. */
  readonly daysAgo: number;
  /** How many tasks have been finished since, one at a time, top to bottom; `all` for the whole execution. */
  readonly finished: number | 'all';
  /** Every how manieth of these was skipped. */
  readonly skipEvery?: number;
  /** In how many days the execution is due; negative: overdue. */
  readonly dueInDays?: number;
  /** In how many days each of the next open tasks is due, in order; null: no date. */
  readonly nextDueInDays?: readonly (number | null)[];
  /** What happened to the next enabled task; `claim`: to the next open one of a team of the worker. */
  readonly next?: 'start' | 'hold' | 'claim';
  /** Who did that, and worked on the tasks before; who starts it if left out. */
  readonly worker?: string;
  readonly note?: string;
  /** A task that was added by hand to the current phase. */
  readonly addedTask?: string;
  /** Ended early, with this many of the configured reasons. */
  readonly close?: { readonly reasons: number; readonly description: string };
}

export interface Cast {
  readonly database: Database;
  /** By external id. */
  readonly viewers: ReadonlyMap<string, Viewer>;
  /** By `ref`. */
  readonly entityIds: ReadonlyMap<string, string>;
  /** By file name. */
  readonly definitionIds: ReadonlyMap<string, string>;
  /** The end of the story. */
  readonly now: Date;
}

const DAY = 24 * 60 * 60 * 1000;

function find<T>(map: ReadonlyMap<string, T>, key: string): T {
  const found = map.get(key);
  if (found === undefined)
    throw new Error(`executions.json speaks of ${key}, which the other demo files don't have`);
  return found;
}

/** Decisions go their first way, and what is scheduled is not waited for. */
function finishing({ id: taskId, status, decision }: TaskRecord, isSkipped: boolean): TaskCommand {
  if (decision)
    return { type: 'DECIDE_TASK', taskId, branchKeys: decision.branches.slice(0, 1).map(({ key }) => key) };
  return { type: isSkipped || status === 'SCHEDULED' ? 'SKIP_TASK' : 'COMPLETE_TASK', taskId };
}

async function play(plan: ExecutionPlan, cast: Cast): Promise<void> {
  const { database, now } = cast;
  let at = now.getTime() - plan.daysAgo * DAY;
  const clock = () => new Date(Math.min(at, now.getTime()));
  const starter = { database, viewer: find(cast.viewers, plan.by), clock };
  const worker = { ...starter, viewer: find(cast.viewers, plan.worker ?? plan.by) };
  const executionId = await must(
    startExecution(starter, {
      definitionId: find(cast.definitionIds, plan.definition),
      entityId: find(cast.entityIds, plan.entity),
      contextEntityIds: (plan.context ?? []).map((ref) => find(cast.entityIds, ref)),
      ...(plan.dueInDays === undefined
        ? {}
        : { dueAt: new Date(now.getTime() + plan.dueInDays * DAY).toISOString() }),
    }),
  );
  const snapshot = async (): Promise<ExecutionSnapshot> => {
    const found = await readSnapshots(database, starter.viewer.organizationId, [executionId], null);
    return find(found, executionId);
  };
  const nextEnabled = async (): Promise<TaskRecord | undefined> =>
    (await snapshot()).tasks.find(({ isEnabled }) => isEnabled);
  // Nobody waits in a story that is told to its end.
  const next = async (): Promise<TaskRecord | undefined> =>
    (await nextEnabled()) ??
    (plan.finished === 'all'
      ? (await snapshot()).tasks.find(({ status }) => status === 'SCHEDULED')
      : undefined);

  const total = (await snapshot()).tasks.length;
  const count = plan.finished === 'all' ? total : plan.finished;
  const step = (plan.daysAgo * DAY * 0.9) / (count + 1);
  for (let done = 1; done <= count; done += 1) {
    at += step;
    const task = await next();
    if (!task) break;
    await must(
      commandTask(worker, finishing(task, plan.skipEvery !== undefined && done % plan.skipEvery === 0)),
    );
  }
  at += step;
  const task = await nextEnabled();
  if (task) {
    const taskId = task.id;
    if (plan.note !== undefined)
      await must(addNote(worker, { taskId, body: plan.note, mentionIds: [starter.viewer.userId] }));
    if (plan.addedTask !== undefined) {
      await must(
        addTask(worker, {
          executionId,
          name: plan.addedTask,
          description: null,
          assignees: [{ type: 'USER', id: worker.viewer.userId }],
          dueAt: null,
          place: { phaseId: task.phaseId, index: null },
        }),
      );
    }
    if (plan.next === 'start') await must(commandTask(worker, { type: 'START_TASK', taskId }));
    if (plan.next === 'hold') await must(commandTask(worker, { type: 'HOLD_TASK', taskId }));
  }
  const open = (await snapshot()).tasks.filter(({ finishedAt }) => finishedAt === null);
  if (plan.next === 'claim') {
    const { userId, teamIds } = worker.viewer;
    const ofTeam = open.find(({ assignees }) => assignees.some(({ id }) => teamIds.includes(id)));
    if (ofTeam) await must(commandTask(worker, { type: 'CLAIM_TASK', taskId: ofTeam.id, userId, teamIds }));
  }
  for (const [index, days] of (plan.nextDueInDays ?? []).entries()) {
    const due = open[index];
    if (!due || days === null) continue;
    const dueAt = new Date(now.getTime() + days * DAY).toISOString();
    await must(commandTask(starter, { type: 'SET_TASK_DUE_DATE', taskId: due.id, dueAt }));
  }
  if (plan.close) {
    const { configuredClosingReasons } = (await snapshot()).execution;
    await must(
      commandExecution(starter, executionId, {
        type: 'CLOSE_EXECUTION',
        reasonIds: configuredClosingReasons.slice(0, plan.close.reasons).map(({ id }) => id),
        description: plan.close.description,
      }),
    );
  }
}

/** Plays the plans, oldest start first, so that ids and starts have the same order. */
export async function playExecutions(plans: readonly ExecutionPlan[], cast: Cast): Promise<void> {
  for (const plan of [...plans].sort((a, b) => b.daysAgo - a.daysAgo)) await play(plan, cast);
}
