/** What workers try in random flows. */
import type { Command, WorkerCommand } from '../../src/engine/command.ts';
import type { ExecutionState, TaskData } from '../../src/engine/state.ts';

type WorkerKind = WorkerCommand['type'];

const KINDS: readonly Command['type'][] = [
  'LEASE_TASK',
  'EXTEND_LEASE',
  'COMPLETE_EXTERNAL',
  'FAIL_EXTERNAL',
  'HAND_BACK_TASK',
];

export function isWorkerKind(kind: Command['type']): kind is WorkerKind {
  return KINDS.includes(kind);
}

export function isWorkerCommand(command: Command): command is WorkerCommand {
  return isWorkerKind(command.type);
}

/** Whether a worker may well do that with the task. */
export function isForWorker(kind: Command['type'], { isEnabled, status, externalWork }: TaskData): boolean {
  if (kind === 'LEASE_TASK') return isEnabled && externalWork !== null && status === 'PENDING';
  return externalWork?.lease?.end === null;
}

/** Most often with the newest lease, and now and then with the one before. */
export function workerCommandOf(
  type: WorkerKind,
  taskId: string,
  { other, flag }: { readonly other: number; readonly flag: boolean },
  { tasks }: ExecutionState,
): WorkerCommand {
  const newest = tasks.find(({ id }) => id === taskId)?.externalWork?.lease?.number ?? 0;
  const number = newest - (other % 5 === 4 ? 1 : 0);
  switch (type) {
    case 'LEASE_TASK':
      return {
        type,
        taskId,
        workerId: 'user-robot',
        workerName: 'robot',
        ...(flag && { leaseSeconds: 7_200 }),
      };
    case 'EXTEND_LEASE':
      return { type, taskId, number, leaseSeconds: flag ? 10 : 14_400 };
    case 'COMPLETE_EXTERNAL':
      return { type, taskId, number, result: {} };
    case 'FAIL_EXTERNAL':
      return {
        type,
        taskId,
        number,
        message: 'No answer',
        ...(other === 7 && { retriesLeft: flag ? 2 : 0 }),
      };
    case 'HAND_BACK_TASK':
      return { type, taskId, number, reason: 'A person has to look at it' };
  }
}
