/** Statements of conditions: what each of them says on its own. */
import { MAX_OFFSET } from '../condition/moment.ts';
import { parseRelativeDate } from '../condition/relative-date.ts';
import type { ExecutionFact, Operator, Statement, StatementSource } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import { pathIssues } from './attribute-path.ts';
import { error, warning, type DefinitionIssue } from './issue.ts';
import { keyFieldIssues, type Keys } from './keys.ts';
import { countIssues, lengthIssues, schemaIssues } from './lengths.ts';

const WITHOUT_VALUES: ReadonlySet<Operator> = new Set(['IS_EMPTY', 'IS_NOT_EMPTY']);

const OF_TEXT: ReadonlySet<Operator> = new Set(['STARTS_WITH', 'ENDS_WITH']);

const IN_ORDER: ReadonlySet<Operator> = new Set([
  'GREATER_THAN',
  'LESS_THAN',
  'GREATER_THAN_OR_EQUALS',
  'LESS_THAN_OR_EQUALS',
]);

/** Those for which a blank value means "is empty". */
const WITH_BLANK: ReadonlySet<Operator> = new Set(['EQUALS', 'NOT_EQUALS', 'ANY_OF', 'NONE_OF']);

const DATES: ReadonlySet<ExecutionFact> = new Set(['STARTED_AT', 'DUE_AT', 'TASK_FINISHED_AT']);

export function statementIssues(path: string, statement: Statement, keys: Keys): DefinitionIssue[] {
  const { source } = statement;
  const at = `${path}.source`;
  return [
    ...(source.type === 'ENTITY' ? entityIssues(at, source) : factIssues(at, source, keys)),
    ...offsetIssues(`${at}.offset`, statement),
    ...valueIssues(path, statement),
  ];
}

type EntitySource = Extract<StatementSource, { readonly type: 'ENTITY' }>;
type ExecutionSource = Extract<StatementSource, { readonly type: 'EXECUTION' }>;

function entityIssues(path: string, { entitySchema, paths }: EntitySource): DefinitionIssue[] {
  const absence =
    paths.length > 0
      ? []
      : [error('MISSING_VALUE', `${path}.paths`, 'The statement names no attribute; it needs a path.')];
  return [
    ...schemaIssues(`${path}.entitySchema`, entitySchema, LIMITS.nameLength),
    ...absence,
    ...countIssues(`${path}.paths`, 'paths', paths, LIMITS.paths),
    ...paths.flatMap((text, index) => pathIssues(`${path}.paths[${index}]`, text)),
  ];
}

function factIssues(
  path: string,
  { fact, taskKey, phaseKey }: ExecutionSource,
  keys: Keys,
): DefinitionIssue[] {
  const kind = `A statement on ${fact}`;
  const isOfTask = fact === 'TASK_STATUS' || fact === 'TASK_FINISHED_AT';
  return [
    ...keyFieldIssues('tasks', { path: `${path}.taskKey`, value: taskKey, isNeeded: isOfTask, kind }, keys),
    ...keyFieldIssues(
      'phases',
      { path: `${path}.phaseKey`, value: phaseKey, isNeeded: fact === 'PHASE_STATUS', kind },
      keys,
    ),
  ];
}

function offsetIssues(path: string, { source, operator }: Statement): DefinitionIssue[] {
  const { offset } = source;
  if (!offset) return [];
  const issues: DefinitionIssue[] = [];
  if (!Number.isInteger(offset.amount) || Math.abs(offset.amount) > MAX_OFFSET) {
    const message = `A date can be moved by a whole number of units from -${MAX_OFFSET} to ${MAX_OFFSET}, not by ${offset.amount}.`;
    issues.push(error('OUT_OF_RANGE', `${path}.amount`, message));
  }
  const noDate =
    source.type === 'EXECUTION' && !DATES.has(source.fact)
      ? source.fact
      : OF_TEXT.has(operator) || WITHOUT_VALUES.has(operator)
        ? operator
        : null;
  if (noDate === null) return issues;
  const message = `The offset means nothing here: ${noDate} is not about dates.`;
  return [...issues, warning('NO_DATE_COMPARED', path, message)];
}

function valueIssues(path: string, { operator, values, valueType }: Statement): DefinitionIssue[] {
  const at = `${path}.values`;
  if (WITHOUT_VALUES.has(operator)) {
    if (values.length === 0) return [];
    return [error('UNEXPECTED_VALUE', at, `${operator} compares with nothing; leave the values out.`)];
  }
  if (values.length === 0) return [error('MISSING_VALUE', at, `${operator} needs a value to compare with.`)];
  const issues = [...countIssues(at, 'values', values, LIMITS.values), ...neverUsed(at, operator, values)];
  if (valueType === 'RELATIVE_DATE' && OF_TEXT.has(operator)) {
    const message = `${operator} is not about dates, but its values are.`;
    issues.push(warning('NO_DATE_COMPARED', `${path}.valueType`, message));
  }
  values.forEach((value, index) => {
    issues.push(...lengthIssues(`${at}[${index}]`, 'value', value, LIMITS.valueLength));
    if (valueType === 'RELATIVE_DATE') issues.push(...tokenIssues(`${at}[${index}]`, value));
  });
  return issues;
}

function neverUsed(path: string, operator: Operator, values: readonly string[]): DefinitionIssue[] {
  if (!WITH_BLANK.has(operator) && values.every((value) => value.trim() === ''))
    return [warning('MISSING_VALUE', path, `${operator} has only blank values, which it never finds.`)];
  if (IN_ORDER.has(operator) && values.length > 1)
    return [warning('UNEXPECTED_VALUE', path, `${operator} compares with the first value only.`)];
  return [];
}

function tokenIssues(path: string, token: string): DefinitionIssue[] {
  if (parseRelativeDate(token)) return [];
  const message = `${JSON.stringify(token)} is no relative date such as "today", "today+30d" or "now-3h".`;
  return [error('UNKNOWN_RELATIVE_DATE', path, message)];
}
