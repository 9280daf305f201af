/**
 * The rules of the flow a second time, as plainly as they can be put: mutable, slow, every question answered from scratch by
 * its definition. It shares types with the engine and no functions, so that a mistake would have to be made twice to stay unseen.
 */
import type { Command, CommandContext } from '../../src/engine/command.ts';
import type { DefinitionContent, Instant, NodeRef } from '../../src/engine/definition.ts';
import type { NodeId } from '../../src/engine/state.ts';
import { finishRun } from './automation.ts';
import { answer, expire } from './confirmation.ts';
import { addTask, removeTask } from './manual-tasks.ts';
import { settle } from './settle.ts';
import { chainOf, isFinished, newTask, type Model, type Refusal } from './state.ts';
import { workTask } from './task-life.ts';
import { isWorkers, takeAway, workAsWorker } from './workers.ts';

/** Ids are the keys. */
export function startModel(content: DefinitionContent, context: CommandContext): Model {
  const phaseIds = content.phases.map(({ key }) => key);
  const tasks = [...phaseIds, null].flatMap((phaseId) =>
    content.tasks
      .filter(({ phaseKey }) => phaseKey === phaseId)
      .map(({ key: id, decision, schedule, automation, confirmation, external, requirements }) => ({
        ...newTask(id, phaseId),
        decision,
        schedule,
        automation: automation?.mode ?? null,
        confirmation,
        external: external && {
          retries: external.retries,
          restSeconds: external.retryAfterSeconds[0] ?? 0,
          leaseSeconds: external.leaseSeconds,
        },
        retriesLeft: external?.retries ?? 0,
        requirements: requirements.map(nodeOf),
      })),
  );
  const model: Model = {
    status: 'STARTED',
    isKeptOpen: false,
    isSequential: content.isSequential,
    startedAt: context.now,
    phaseIds,
    tasks,
    edges: content.edges.map(({ from, to, branchKey }) => {
      const source = content.tasks.find(({ key }) => 'taskKey' in from && key === from.taskKey);
      const loopKey = source?.decision?.loop?.branchKey;
      const isLoop = branchKey !== null && branchKey === loopKey;
      return { from: nodeOf(from), to: nodeOf(to), branchKey, isLoop };
    }),
  };
  if (content.isSequential && content.edges.length === 0) model.edges = chainOf(tasks);
  settle(model, context);
  return model;
}

/** Changes the model, unless the command is refused. Knows the commands that the flow depends on; all others are accepted. */
export function applyToModel(model: Model, command: Command, context: CommandContext): Refusal {
  const refusal = dispatch(model, command, context);
  if (refusal === null) settle(model, context);
  return refusal;
}

function dispatch(model: Model, command: Command, context: CommandContext): Refusal {
  const isOpen = model.status === 'STARTED' || model.status === 'FAILED';
  if ('taskId' in command) {
    const task = model.tasks.find(({ id }) => id === command.taskId);
    if (!task) return 'NOT_FOUND';
    if (command.type === 'REMOVE_TASK') return removeTask(model, task);
    if (command.type === 'FINISH_AUTOMATION') finishRun(task, command, context.now);
    else if (command.type === 'ANSWER_CONFIRMATION') answer(model, task, command, context.now);
    else if (isWorkers(command)) return workAsWorker(model, task, command, context.now);
    else return workTask(model, task, command, context);
    return null;
  }
  switch (command.type) {
    case 'ADD_TASK':
      return addTask(model, command);
    case 'CLOSE_EXECUTION':
      if (!isOpen) return 'EXECUTION_NOT_OPEN';
      model.status = 'CLOSED';
      for (const task of model.tasks) if (task.run === 'RUNNING') task.run = 'ENDED';
      for (const task of model.tasks) takeAway(task);
      return null;
    case 'REOPEN_EXECUTION':
      if (isOpen) return 'EXECUTION_NOT_FINISHED';
      model.status = 'STARTED';
      model.isKeptOpen = model.tasks.every(isFinished);
      return null;
    case 'WAKE_EXECUTION':
      if (isOpen) wake(model, context.now);
      return null;
    default:
      return null;
  }
}

/** Everything goes on, or fails, whose time has come. */
function wake(model: Model, now: Instant): void {
  for (const task of model.tasks) {
    expire(task, now);
    if (task.leasedUntil !== null && task.leasedUntil <= now) takeAway(task);
    if (task.status === 'SCHEDULED' && task.scheduledFor !== null && task.scheduledFor <= now) {
      task.status = 'PENDING';
      task.hasScheduleRun = true;
    }
  }
}

function nodeOf(ref: NodeRef): NodeId {
  return 'taskKey' in ref ? { taskId: ref.taskKey } : { phaseId: ref.phaseKey };
}
