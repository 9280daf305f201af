/** Directed graphs over the numbers from 0 to n - 1: circles and ways. */

export interface Arc {
  readonly from: number;
  readonly to: number;
}

/** The targets of each node's arcs. */
export type Successors = readonly (readonly number[])[];

export function successorsOf(nodeCount: number, arcs: readonly Arc[]): Successors {
  const successors: number[][] = Array.from({ length: nodeCount }, () => []);
  for (const { from, to } of arcs) successors[from]?.push(to);
  return successors;
}

/**
 * The groups of nodes that all lead to each other, most of them of a single node; each group comes after all that it leads to. Tarjan's
 * algorithm, with a stack of its own instead of recursion, which thousands of nodes would overflow.
 */
export function componentsOf(successors: Successors): readonly (readonly number[])[] {
  const order: number[] = [];
  const low: number[] = [];
  const onStack: boolean[] = [];
  const stack: number[] = [];
  const components: number[][] = [];
  let visited = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = visited++;
    onStack[node] = true;
    stack.push(node);
  };
  const lower = (node: number, to: number | undefined): void => {
    low[node] = Math.min(low[node] ?? 0, to ?? 0);
  };
  const leave = (node: number): void => {
    if (low[node] !== order[node]) return;
    const group = stack.splice(stack.lastIndexOf(node));
    for (const member of group) onStack[member] = false;
    components.push(group);
  };
  for (let root = 0; root < successors.length; root++) {
    if (order[root] !== undefined) continue;
    const path: { node: number; next: number }[] = [];
    const push = (node: number): void => {
      enter(node);
      path.push({ node, next: 0 });
    };
    push(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const to = successors[top.node]?.[top.next++];
      if (to === undefined) {
        leave(top.node);
        path.pop();
        const parent = path.at(-1);
        if (parent) lower(parent.node, low[top.node]);
      } else if (order[to] === undefined) push(to);
      else if (onStack[to]) lower(top.node, order[to]);
    }
  }
  return components;
}

/** Groups of two or more nodes that all lead to each other: the circles of the graph. */
export interface Circles {
  readonly count: number;
  /** The number of each node's circle, from 0; null if it is in none. */
  readonly of: readonly (number | null)[];
}

export function circlesOf(successors: Successors): Circles {
  const circles = componentsOf(successors).filter(({ length }) => length > 1);
  const of: (number | null)[] = Array.from(successors, () => null);
  for (const [circle, members] of circles.entries()) for (const node of members) of[node] = circle;
  return { count: circles.length, of };
}

export function isSameCircle({ of }: Circles, a: number, b: number): boolean {
  return of[a] != null && of[a] === of[b];
}

/** The nodes that arcs lead to from `start`, itself included. */
export function reachedFrom(successors: Successors, start: number): ReadonlySet<number> {
  // A set hands out what is added while it is walked through, so it is its own queue.
  const reached = new Set([start]);
  for (const node of reached) for (const to of successors[node] ?? []) reached.add(to);
  return reached;
}

/** The nodes of a shortest way through nodes that are allowed, both ends included; null if there is none. */
export function shortestWay(
  successors: Successors,
  start: number,
  end: number,
  isAllowed: (node: number) => boolean,
): number[] | null {
  const before = new Map<number, number | null>([[start, null]]);
  for (const node of before.keys()) {
    if (node === end) break;
    for (const to of successors[node] ?? []) if (!before.has(to) && isAllowed(to)) before.set(to, node);
  }
  if (!before.has(end)) return null;
  const way: number[] = [];
  for (let node: number | null | undefined = end; node != null; node = before.get(node)) way.unshift(node);
  return way;
}
