/** How far automations and workflows may set each other off: the end of what runs away in a circle of several. */
import type { TransactionScope } from '../store/scope.ts';
import { refuse } from './problem.ts';

/** How many automations may lead to something, each set off by the one before. */
export const MAX_CHAIN_DEPTH = 10;

/** How many automations led to what the transaction does; refuses if they are too many. */
export function checkedChainDepth({ cause }: Pick<TransactionScope, 'cause'>): number {
  const depth = cause?.chainDepth ?? 0;
  if (depth > MAX_CHAIN_DEPTH) refuse({ code: 'CHAIN_TOO_DEEP', depth });
  return depth;
}

/**
 * The depth of a run that a task of the execution sets off. That the tasks of one execution follow one another makes no chain, or none could have more
 * than ten automations; being started or moved on by a run of something else does.
 */
export function depthOfTaskRun(
  { id, chainDepth }: { readonly id: string; readonly chainDepth: number },
  cause: TransactionScope['cause'],
): number {
  const fromElsewhere = cause && cause.executionId !== id ? cause.chainDepth : 0;
  return Math.max(chainDepth, fromElsewhere) + 1;
}
