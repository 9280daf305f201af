/** Whatever waits can be got going by what the roots of its blockers say. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance } from '../../src/engine/advance.ts';
import { blockersOf, blockersUnder, rootBlockers } from '../../src/engine/blockers.ts';
import { clearingCommands, type ClearingCommand } from '../../src/engine/clearing.ts';
import type { Command, CommandContext } from '../../src/engine/command.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import type { Blocker } from '../../src/engine/result.ts';
import type { ExecutionState, TaskData } from '../../src/engine/state.ts';
import { isFinished } from '../../src/engine/transition.ts';
import { commandOf } from '../support/arbitraries.ts';
import { aimed, arbitraryFlowCase, type FlowCase } from '../support/random-flows.ts';
import { accepted, factsOf, START, startOf } from '../support/workflow.ts';

/** Far more than any of the random flows needs, loops included. */
const MOST_COMMANDS = 400;

interface Situation {
  readonly state: ExecutionState;
  readonly context: CommandContext;
}

/** What comes of the random work. */
function worked({ content, attributes, steps }: FlowCase): Situation {
  let context: CommandContext = { ...START, facts: factsOf(attributes) };
  let { state } = startOf(content, context);
  for (const [index, step] of steps.entries()) {
    const now = new Date(Date.parse(context.now) + step.hours * 3_600_000).toISOString();
    const facts = step.attributes ? factsOf(step.attributes) : context.facts;
    context = { ...context, now, facts };
    const result = advance(state, commandOf(aimed(step, state), state, `added-${index}`), context);
    if (result.ok) ({ state } = result);
  }
  return { state, context };
}

/** The same flow, in which only people decide. */
function byHand(content: DefinitionContent): DefinitionContent {
  const tasks = content.tasks.map((item) =>
    item.decision ? { ...item, decision: { ...item.decision, mode: 'MANUAL' as const } } : item,
  );
  return { ...content, tasks };
}

function taskIn(state: ExecutionState, id: string): TaskData | undefined {
  return state.tasks.find((item) => item.id === id);
}

/** Whether it waits no more: it can be worked on, or it is done, or the flow has left it out. */
function isFree(state: ExecutionState, taskId: string): boolean {
  const task = taskIn(state, taskId);
  return !task || task.isEnabled || isFinished(task.status);
}

/** The branches of the decision that the tree says lead to the task; any if it names none. */
function branchesTowards(state: ExecutionState, taskId: string, decisionId: string): readonly string[] {
  const named = new Set<string>();
  const seen = new Set<string>();
  const queue = [...blockersOf(state, taskId)];
  for (let blocker = queue.pop(); blocker; blocker = queue.pop()) {
    if (seen.has(JSON.stringify(blocker))) continue;
    seen.add(JSON.stringify(blocker));
    if (blocker.type === 'DECISION_NOT_TAKEN' && blocker.taskId === decisionId)
      for (const key of blocker.branchKeys) named.add(key);
    queue.push(...blockersUnder(state, blocker));
  }
  const { branches = [], loop = null } = taskIn(state, decisionId)?.decision ?? {};
  const others = branches.map(({ key }) => key).filter((key) => !named.has(key));
  // Going back only puts it off.
  return [
    ...named,
    ...others.toSorted((a, b) => Number(a === loop?.branchKey) - Number(b === loop?.branchKey)),
  ];
}

/** What the name of a clearing command stands for; a decision can be taken in more than one way. */
function commandsFor(
  state: ExecutionState,
  targetId: string,
  blocker: Blocker,
  name: ClearingCommand,
): readonly Command[] {
  if (name === 'REOPEN_EXECUTION') return [{ type: name }];
  const taskId = 'taskId' in blocker ? blocker.taskId : '';
  switch (name) {
    case 'DECIDE':
      return branchesTowards(state, targetId, taskId).map((key) => ({
        type: 'DECIDE_TASK',
        taskId,
        branchKeys: [key],
      }));
    case 'ASSIGN':
      return [{ type: 'ASSIGN_TASK', taskId, set: [{ type: 'USER', id: 'user-cara' }] }];
    case 'REOPEN':
      return [{ type: 'REOPEN_TASK', taskId, revert: false }];
    case 'RUN_AUTOMATION':
    case 'WITHDRAW_CONFIRMATION':
      return [{ type: name, taskId }];
    default:
      return [{ type: `${name}_TASK`, taskId }];
  }
}

/** Gives the first command that a root names and that does something; null if none does. What failed again is not tried a third time. */
function cleared({ state, context }: Situation, targetId: string, tried: Set<string>): ExecutionState | null {
  for (const root of rootBlockers(state, targetId)) {
    const names = clearingCommands(state, root).commands.filter(
      (name) => !(name === 'RETRY' && tried.has(JSON.stringify(root))),
    );
    if (names[0] === 'RETRY') tried.add(JSON.stringify(root));
    const [first] = names;
    if (first === undefined) continue;
    const results = commandsFor(state, targetId, root, first).map(
      (command) => accepted(state, command, context).state,
    );
    // Of several branches one that does not leave the task out.
    const next = results.find((after) => taskIn(after, targetId)?.skipReason === null) ?? results[0];
    if (next) return next;
  }
  return null;
}

/** What the target has become when nothing blocks it any more; throws if it still waits after so many commands. */
function freed({ state, context }: Situation, targetId: string): TaskData | undefined {
  let current = state;
  const tried = new Set<string>();
  for (let count = 0; count < MOST_COMMANDS; count += 1) {
    if (isFree(current, targetId)) return taskIn(current, targetId);
    const next = cleared({ state: current, context }, targetId, tried);
    if (!next) throw new Error(`nothing clears ${JSON.stringify(rootBlockers(current, targetId))}`);
    current = next;
  }
  throw new Error(`still blocked: ${JSON.stringify(rootBlockers(current, targetId))}`);
}

function waiting({ tasks }: ExecutionState): readonly TaskData[] {
  return tasks.filter(({ status, isEnabled }) => !isFinished(status) && !isEnabled);
}

test('the commands that the roots of its blockers name get any waiting task going', () => {
  fc.assert(
    fc.property(arbitraryFlowCase, (flow) => {
      const situation = worked({ ...flow, content: byHand(flow.content) });
      for (const { id } of waiting(situation.state)) freed(situation, id);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('so they do where decisions are taken by themselves', () => {
  fc.assert(
    fc.property(arbitraryFlowCase, (flow) => {
      const situation = worked(flow);
      for (const { id } of waiting(situation.state)) freed(situation, id);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('every root of a waiting task can be ended by a command now', () => {
  fc.assert(
    fc.property(arbitraryFlowCase, (flow) => {
      const { state } = worked(flow);
      for (const { id } of waiting(state)) {
        const roots = rootBlockers(state, id);
        expect(roots).not.toEqual([]);
        for (const root of roots)
          expect([root, clearingCommands(state, root).commands]).not.toEqual([root, []]);
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);
