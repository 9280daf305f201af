/** What leads to what in a graph, at any distance, for as many questions as one likes. */
import { componentsOf, type Successors } from './graph.ts';

/** Whether arcs lead from one node to another; every node leads to itself. */
export type Reach = (from: number, to: number) => boolean;

const BITS = 32;

/** Takes time and space for each arc as for a thirty-second of the nodes: some milliseconds for thousands of arcs. */
export function reachOf(successors: Successors): Reach {
  const width = Math.ceil(successors.length / BITS);
  const rows: Uint32Array[] = [];
  // What a group leads to comes before it, so the rows of all its successors are there.
  for (const group of componentsOf(successors)) {
    const row = new Uint32Array(width);
    for (const node of group) {
      row[node >>> 5] = (row[node >>> 5] ?? 0) | (1 << (node & 31));
      rows[node] = row;
    }
    for (const node of group)
      for (const to of successors[node] ?? []) {
        const other = rows[to];
        if (other && other !== row) add(row, other);
      }
  }
  return (from, to) => ((rows[from]?.[to >>> 5] ?? 0) & (1 << (to & 31))) !== 0;
}

function add(row: Uint32Array, other: Uint32Array): void {
  for (let at = 0; at < row.length; at++) row[at] = (row[at] ?? 0) | (other[at] ?? 0);
}
