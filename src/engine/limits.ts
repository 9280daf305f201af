/** How big things may get. Above `soft` a definition gets a warning, above `hard` it can't be published. */
export interface Limit {
  readonly soft: number;
  readonly hard: number;
}

/** Counts, and lengths of text in UTF-16 code units. */
export const LIMITS = {
  tasks: { soft: 200, hard: 1_000 },
  edges: { soft: 400, hard: 5_000 },
  phases: { soft: 50, hard: 200 },
  triggers: { soft: 10, hard: 50 },
  closingReasons: { soft: 50, hard: 200 },
  /** On one task, phase or execution. */
  assignees: { soft: 20, hard: 100 },
  labels: { soft: 20, hard: 100 },
  requirements: { soft: 50, hard: 200 },
  keyLength: { soft: 100, hard: 200 },
  nameLength: { soft: 200, hard: 500 },
  descriptionLength: { soft: 5_000, hard: 20_000 },
  labelLength: { soft: 50, hard: 100 },
} as const satisfies Readonly<Record<string, Limit>>;
