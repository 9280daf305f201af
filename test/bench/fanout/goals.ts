/** What the figures are measured against: fan-out (row 4), end to end (row 5) and idle subscribers (row 9) of the performance goals. */
import { IDLE_FROM, nameOf } from './cases.ts';
import { sum } from './figures.ts';
import type { Measured } from './measure.ts';
import type { SubjectKind } from './subjects.ts';

export interface Goal {
  readonly row: string;
  readonly text: string;
  readonly measured: string;
  readonly goal: string;
  /** Null: there is nothing to decide. */
  readonly isMet: boolean | null;
}

/** Handrail's figures of one case, and how to find the others' of a crowd of the same size. */
interface Compared {
  readonly own: Measured;
  readonly bare: Measured;
  readonly usual: Measured;
}

function atLeast(row: string, text: string, measured: number, goal: number, unit = ' ×'): Goal {
  const isMet = measured >= goal;
  return { row, text, measured: `${measured.toFixed(2)}${unit}`, goal: `≥ ${goal}${unit}`, isMet };
}

function atMost(row: string, text: string, measured: number, goal: number, unit = ' ×'): Goal {
  const isMet = measured <= goal;
  return { row, text, measured: `${measured.toFixed(2)}${unit}`, goal: `≤ ${goal}${unit}`, isMet };
}

function fanOut({ own, bare, usual }: Compared): Goal[] {
  const name = nameOf(own.case);
  return [
    atLeast('4', `${name}: messages for the same CPU as ws.send`, bare.cpu / own.cpu, 1),
    atLeast('4', `${name}: messages for the same CPU as graphql-ws`, usual.cpu / own.cpu, 6),
    atMost('4', `${name}: p99 beside ws.send's`, own.p99 / bare.p99, 1.2),
  ];
}

/** Reading the event itself and waking the other servers; the rest reads what it is about. */
const LOG_STATEMENTS: ReadonlySet<string> = new Set(['event.after', 'signal.notify']);

function objectStatements({ statementNames }: Measured): number {
  return sum(statementNames.flatMap(([name, count]) => (LOG_STATEMENTS.has(name) ? [] : [count])));
}

function endToEnd({ own, usual }: Compared): Goal[] {
  const name = nameOf(own.case);
  const { groups, nodes } = own.case;
  return [
    atMost('5', `${name}: SQL statements for each event and server`, own.statements / nodes, 3, ''),
    atMost('5', `${name}: of which for the objects that it shows`, objectStatements(own) / nodes, 3, ''),
    atMost('5', `${name}: executions for each event and group`, own.executions / (groups * nodes), 1, ''),
    {
      row: '5',
      text: `${name}: deliveries for each CPU second, with the change, beside graphql-ws`,
      measured: `${(usual.wholeCpu / own.wholeCpu).toFixed(2)} ×`,
      goal: '',
      isMet: null,
    },
  ];
}

function idle({ own, bare }: Compared): Goal[] {
  const name = nameOf(own.case);
  if (own.idleCpu === null) return [];
  return [
    atMost('9', `${name}: memory for each idle subscriber, beside ws`, own.resident / bare.resident, 1.5),
    atMost('9', `${name}: idle CPU of a core`, own.idleCpu * 100, 1, ' %'),
  ];
}

/** Of all cases that were measured. Row 4 is about one group on one server, row 9 about crowds of 10,000 and more. */
export function goalsOf(all: readonly Measured[]): Goal[] {
  const find = (kind: SubjectKind, subscribers: number, groups?: number): Measured | undefined =>
    all.find(
      (one) =>
        one.kind === kind &&
        one.case.subscribers === subscribers &&
        (groups === undefined || one.case.groups === groups),
    );
  const compared = all.flatMap((own) => {
    const { subscribers, groups } = own.case;
    const bare = find('ws.send', subscribers);
    const usual = find('graphql-ws', subscribers, groups);
    return own.kind === 'Handrail' && bare && usual ? [{ own, bare, usual }] : [];
  });
  return [
    ...compared.filter(({ own }) => own.case.groups === 1 && own.case.nodes === 1).flatMap(fanOut),
    ...compared.flatMap(endToEnd),
    ...compared.filter(({ own }) => own.case.subscribers >= IDLE_FROM).flatMap(idle),
  ];
}
