/** Draws a random shape as tasks, phases and edges. */
import type {
  BranchDefinition,
  DefinitionContent,
  EdgeDefinition,
  NodeRef,
  TaskDefinition,
} from '../../src/engine/definition.ts';
import type { DecisionShape, DueShape, ScheduleShape, Shape, TaskShape } from './flow-shapes.ts';
import { definition, phase, task } from './workflow.ts';

const MAX_TASKS = 14;

/** Where a piece of a flow begins, and what leads out of it. */
interface Piece {
  readonly entries: readonly NodeRef[];
  readonly exits: readonly Exit[];
}
type Exit = Pick<EdgeDefinition, 'from' | 'branchKey'>;

interface Draft {
  readonly tasks: TaskDefinition[];
  readonly edges: EdgeDefinition[];
  readonly phaseKeys: string[];
  /** Of the piece that is being drawn. */
  phaseKey: string | null;
  /** Rules whose anchors can only be named when all tasks are there. */
  readonly late: { readonly index: number; readonly complete: () => void }[];
}

function connect({ edges }: Draft, exits: readonly Exit[], entries: readonly NodeRef[]): void {
  for (const exit of exits) for (const to of entries) edges.push({ ...exit, to });
}

function draw(draft: Draft, shape: Shape): Piece {
  switch (shape.kind) {
    case 'task':
      return drawTask(draft, kindOf(shape), shape.schedule, shape.due);
    case 'series':
      return drawSeries(draft, shape.parts);
    case 'parallel': {
      const pieces = fitting(draft, shape.parts).map((part) => draw(draft, part));
      return {
        entries: pieces.flatMap(({ entries }) => entries),
        exits: pieces.flatMap(({ exits }) => exits),
      };
    }
    case 'decision':
      return drawDecision(draft, shape.decision, shape.branches);
    case 'loop':
      return drawLoop(draft, shape);
    case 'phase':
      return drawPhase(draft, shape);
  }
}

/** Always the first part, the others only while there is room. */
function fitting({ tasks }: Draft, parts: readonly Shape[]): readonly Shape[] {
  return tasks.length > MAX_TASKS - parts.length ? parts.slice(0, 1) : parts;
}

function kindOf({ automation: mode, external, confirmation }: TaskShape): Partial<TaskDefinition> {
  if (mode === null) {
    if (external)
      return { type: 'EXTERNAL', external: { topic: 'check', input: [], output: [], ...external } };
    if (confirmation === null) return {};
    const expiresAfter = { amount: 20, unit: 'HOURS' } as const;
    return { confirmation: { mode: confirmation, to: null, subject: null, message: null, expiresAfter } };
  }
  return { type: 'AUTOMATION', automation: { automationId: 'automation', mode, inputTaskKey: null } };
}

function drawTask(
  draft: Draft,
  parts: Partial<TaskDefinition>,
  schedule: ScheduleShape | null,
  due: DueShape | null = null,
): Piece {
  const key = `t${draft.tasks.length}`;
  const index = draft.tasks.push(task(key, { phaseKey: draft.phaseKey, ...parts })) - 1;
  const complete = (): void => {
    const found = draft.tasks[index];
    if (!found) return;
    draft.tasks[index] = {
      ...found,
      schedule: schedule && ruleOf(draft, schedule),
      dueRule: due && { ...ruleOf(draft, due), phaseKey: null },
    };
  };
  if (schedule || due) draft.late.push({ index, complete });
  const ref = { taskKey: key };
  return { entries: [ref], exits: [{ from: ref, branchKey: null }] };
}

function ruleOf<T extends { readonly anchor: string; readonly ofTask: number }>(
  { tasks }: Draft,
  { ofTask, ...rule }: T,
): Omit<T, 'ofTask'> & { readonly taskKey: string | null } {
  const taskKey = rule.anchor === 'TASK_FINISHED' ? (tasks[ofTask % tasks.length]?.key ?? null) : null;
  return { ...rule, taskKey };
}

function drawSeries(draft: Draft, parts: readonly Shape[]): Piece {
  const pieces: Piece[] = [];
  for (const part of fitting(draft, parts)) {
    const piece = draw(draft, part);
    connect(draft, pieces.at(-1)?.exits ?? [], piece.entries);
    pieces.push(piece);
  }
  return { entries: pieces[0]?.entries ?? [], exits: pieces.at(-1)?.exits ?? [] };
}

function branchesOf(
  { conditions, defaultBranch }: DecisionShape,
  keys: readonly string[],
): BranchDefinition[] {
  return keys.map((key, index) => ({
    key,
    name: key,
    isDefault: index === defaultBranch,
    connective: 'AND',
    statements: [],
    ...conditions[index],
  }));
}

function drawDecision(
  draft: Draft,
  shape: DecisionShape,
  branches: readonly (Shape | 'NEXT' | 'END')[],
): Piece {
  const keys = branches.map((_, index) => `b${index}`);
  const { mode, takes, schedule } = shape;
  const decision = { mode, takes, loop: null, branches: branchesOf(shape, keys) };
  const piece = drawTask(draft, { type: 'DECISION', decision }, schedule);
  const [from = { taskKey: '' }] = piece.entries;
  const exits = branches.flatMap((branch, index): readonly Exit[] => {
    const exit = { from, branchKey: keys[index] ?? null };
    if (branch === 'END') return [];
    if (branch === 'NEXT' || draft.tasks.length >= MAX_TASKS) return [exit];
    const way = draw(draft, branch);
    connect(draft, [exit], way.entries);
    return way.exits;
  });
  return { entries: piece.entries, exits };
}

function drawLoop(draft: Draft, shape: Extract<Shape, { kind: 'loop' }>): Piece {
  const body = draw(draft, shape.body);
  const { mode, takes, schedule } = shape.decision;
  const hasWayOut = shape.wayOut !== null && draft.tasks.length < MAX_TASKS - 1;
  const keys = hasWayOut ? ['again', 'on', 'out'] : ['again', 'on'];
  const loop = { branchKey: 'again', exitBranchKey: 'on', maxIterations: shape.maxIterations };
  const decision = { mode, takes, loop, branches: branchesOf(shape.decision, keys) };
  const { entries } = drawTask(draft, { type: 'DECISION', decision }, schedule);
  connect(draft, body.exits, entries);
  const [from = { taskKey: '' }] = entries;
  connect(draft, [{ from, branchKey: 'again' }], body.entries);
  const exits: Exit[] = [{ from, branchKey: 'on' }];
  if (shape.wayOut && hasWayOut) {
    const out = draw(draft, shape.wayOut);
    connect(draft, [{ from, branchKey: 'out' }], out.entries);
    exits.push(...out.exits);
  }
  return { entries: body.entries, exits };
}

/** A phase within a phase is only what is in it. */
function drawPhase(draft: Draft, shape: Extract<Shape, { kind: 'phase' }>): Piece {
  if (draft.phaseKey !== null) return draw(draft, shape.body);
  const phaseKey = `p${draft.phaseKeys.length}`;
  draft.phaseKeys.push(phaseKey);
  draft.phaseKey = phaseKey;
  const piece = draw(draft, shape.body);
  draft.phaseKey = null;
  return {
    entries: shape.isEnteredAsPhase ? [{ phaseKey }] : piece.entries,
    exits: shape.isLeftAsPhase ? [{ from: { phaseKey }, branchKey: null }] : piece.exits,
  };
}

/** The shape as a definition. Schedules and due date rules that it would not be `isValid` with are left out. */
export function drawFlow(shape: Shape, isValid: (content: DefinitionContent) => boolean): DefinitionContent {
  const draft: Draft = { tasks: [], edges: [], phaseKeys: [], phaseKey: null, late: [] };
  draw(draft, shape);
  let content = definition({
    phases: draft.phaseKeys.map((key) => phase(key)),
    tasks: [...draft.tasks],
    edges: draft.edges,
  });
  for (const { index, complete } of draft.late) {
    complete();
    const next = {
      ...content,
      tasks: content.tasks.map((item, at) => (at === index ? (draft.tasks[index] ?? item) : item)),
    };
    if (isValid(next)) content = next;
  }
  return content;
}
