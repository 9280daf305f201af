/** Which branches of a decision are met, and what was looked at to tell. */
import type { Calendar } from '../calendar.ts';
import type { BranchDefinition, Instant, Json, Statement, StatementSource } from '../definition.ts';
import { entityOf, type Facts } from '../facts.ts';
import type { BranchResult, ExecutionState, StatementResult, TaskData } from '../state.ts';
import { executionFact } from './execution-fact.ts';
import { momentReader, type MomentReader } from './moment.ts';
import { attributeOperands, dateOperand, textOperand, type Operand } from './operand.ts';
import { isMet } from './operators.ts';
import { readPath } from './path.ts';
import { recorded } from './recorded.ts';
import { parseRelativeDate, resolveRelativeDate } from './relative-date.ts';

/** What conditions about entities can look at. */
export interface EntityWorld {
  readonly now: Instant;
  readonly calendar: Calendar;
  readonly facts: Facts;
}

/** All that conditions can look at. */
export interface ConditionWorld extends EntityWorld {
  readonly state: ExecutionState;
  /** The decision that is made. */
  readonly task: TaskData;
}

/** What one path or execution fact led to. */
interface Found {
  readonly name: string;
  /** None if nothing is there. */
  readonly values: readonly Json[];
}

/**
 * The result of each branch, in their order. Every statement is evaluated, also where the branch is settled before. A branch
 * without statements is not met. Never throws: what can't be read counts as missing.
 */
export function evaluateBranches(
  branches: readonly BranchDefinition[],
  world: ConditionWorld,
): readonly BranchResult[] {
  const moments = momentReader(world.calendar);
  return branches.map(({ key, connective, statements }) => {
    const results = statements.map((statement) => evaluateStatement(statement, world, moments));
    const verdicts = results.map((result) => result.isMet);
    return { branchKey: key, isMet: combine(verdicts, connective === 'AND'), statements: results };
  });
}

/** Whether all (AND) or any (OR) of the statements are met; those about executions are not, nor are none. Never throws. */
export function areStatementsMet(
  { connective, statements }: Pick<BranchDefinition, 'connective' | 'statements'>,
  world: EntityWorld,
): boolean {
  const moments = momentReader(world.calendar);
  const verdicts = statements.map((statement) => evaluateStatement(statement, world, moments).isMet);
  return combine(verdicts, connective === 'AND');
}

function evaluateStatement(
  { source, operator, values, valueType }: Statement,
  world: EntityWorld | ConditionWorld,
  moments: MomentReader,
): StatementResult {
  const operands = values.map((value) =>
    valueType === 'STATIC' ? textOperand(value, moments) : relativeOperand(value, world),
  );
  const found = look(source, world);
  const verdicts = found.map((one) =>
    isMet(operator, attributeOperands(one.values, source.offset, moments), operands),
  );
  return {
    isMet: combine(verdicts, source.type === 'ENTITY' && source.match === 'ALL'),
    inputs: found.map(({ name, values: seen }) => ({ name, value: recorded(asOne(seen)) })),
    values: values.map((value, index) =>
      recorded(valueType === 'STATIC' ? value : (operands[index]?.moment?.at ?? value)),
    ),
  };
}

function relativeOperand(token: string, { now, calendar }: EntityWorld): Operand {
  const date = parseRelativeDate(token);
  return dateOperand(date && resolveRelativeDate(date, now, calendar));
}

function look(source: StatementSource, world: EntityWorld | ConditionWorld): readonly Found[] {
  if (source.type === 'EXECUTION')
    return 'state' in world
      ? [{ name: source.fact, values: [executionFact(source, world.state, world.task)] }]
      : [];
  const attributes = entityOf(world.facts, source.entitySchema)?.attributes ?? {};
  return source.paths.map((path) => ({ name: path, values: readPath(attributes, path) }));
}

function asOne(values: readonly Json[]): Json {
  const [first = null] = values;
  return values.length > 1 ? values : first;
}

/** Nothing is not met, neither in every part nor in any. */
function combine(verdicts: readonly boolean[], isEvery: boolean): boolean {
  return isEvery ? verdicts.length > 0 && !verdicts.includes(false) : verdicts.includes(true);
}
