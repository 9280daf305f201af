/** The figures as text. */
import { nameOf } from './cases.ts';
import { goalsOf } from './goals.ts';
import type { Measured } from './measure.ts';

const COLUMNS = [
  'case',
  'server',
  'bytes',
  'changes',
  'CPU µs/msg',
  'with change',
  'msg/CPU s',
  'p50 ms',
  'p99 ms',
  'KB/sub',
  'heap KB/sub',
  'idle CPU',
  'exec/event',
  'SQL/event',
] as const;

function cellsOf(measured: Measured): string[] {
  const { idleCpu } = measured;
  return [
    nameOf(measured.case),
    measured.kind,
    String(measured.frameBytes),
    String(measured.changes),
    measured.cpu.toFixed(2),
    measured.wholeCpu.toFixed(2),
    String(Math.round(1e6 / measured.wholeCpu)),
    measured.p50.toFixed(1),
    measured.p99.toFixed(1),
    (measured.resident / 1024).toFixed(1),
    (measured.heap / 1024).toFixed(1),
    idleCpu === null ? '' : `${(idleCpu * 100).toFixed(2)} %`,
    measured.executions.toFixed(1),
    measured.statements.toFixed(1),
  ];
}

/** Columns as wide as their widest cell; the first `texts` of them begin at the left. */
function table(rows: readonly (readonly string[])[], texts: number): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < texts ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function statementLines(all: readonly Measured[]): string[] {
  return all.flatMap((measured) => {
    const names = measured.statementNames.map(([name, count]) => `${name} ${count}`);
    return names.length === 0 ? [] : [`  ${nameOf(measured.case)}: ${names.join(', ')}`];
  });
}

/** The table, what was sent to the database, and the goals. */
export function report(all: readonly Measured[]): string {
  const goals = goalsOf(all).map(({ row, text, measured, goal, isMet }) => [
    row,
    text,
    measured,
    goal,
    isMet === null ? '' : isMet ? 'met' : 'NOT MET',
  ]);
  return [
    '',
    ...table([COLUMNS, ...all.map(cellsOf)], 2),
    '',
    'CPU: of the server processes, from the change on; "with change" and msg/CPU s: with the change itself (for Handrail a mutation),',
    'p50, p99: from the change (for Handrail its COMMIT) to the receipt. KB/sub: growth of the resident memory.',
    'Row 5 is about PostGraphile 5 (≥ 40 ×), which is not installed here: graphql-ws as usually wired stands in for it, without a goal.',
    'Statements for each event, without those of the change and those that are sent while nothing happens:',
    ...statementLines(all),
    '',
    ...table([['row', 'ratio', 'measured', 'goal', ''], ...goals], 2),
    '',
    'Every message of every subscriber was checked: each change once, in order.',
    '',
  ].join('\n');
}
