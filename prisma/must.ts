import type { CommandResult } from '../src/commands/execute.ts';

/** The result of a command that must succeed: the demo data is ours. Throws the problem otherwise. */
export async function must<T>(result: Promise<CommandResult<T>>): Promise<T> {
  const answer = await result;
  if (!answer.ok) throw new Error(`the demo data was refused: ${JSON.stringify(answer.problem)}`);
  return answer.value;
}
