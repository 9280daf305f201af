/** The bounds of what a definition may hold, and of what one command may set off. */
import { MAX_PATH_LENGTH } from './condition/path.ts';

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
  entitySync: { soft: 50, hard: 200 },
  /** Of one decision. */
  branches: { soft: 20, hard: 100 },
  /** Of one branch. */
  statements: { soft: 20, hard: 100 },
  /** Of one statement. */
  values: { soft: 50, hard: 500 },
  paths: { soft: 10, hard: 10 },
  /** Of one execution: the one that it was started on, and its context. */
  entities: { soft: 20, hard: 20 },
  /** On one task, phase or execution. */
  assignees: { soft: 20, hard: 100 },
  /** On one task, phase or execution. */
  escalations: { soft: 10, hard: 20 },
  labels: { soft: 20, hard: 100 },
  requirements: { soft: 50, hard: 200 },
  /** Inputs, and outputs, of one task for workers. */
  externalValues: { soft: 50, hard: 200 },
  /** Of one task for workers: how long it rests after each failure. */
  retryAfter: { soft: 20, hard: 100 },
  keyLength: { soft: 100, hard: 200 },
  nameLength: { soft: 200, hard: 500 },
  descriptionLength: { soft: 5_000, hard: 20_000 },
  labelLength: { soft: 50, hard: 100 },
  /** Of one task's form. */
  journeyParameters: { soft: 50, hard: 100 },
  /** Of the ids of automations and journeys. */
  idLength: { soft: 200, hard: 200 },
  /** Of the addresses, the subject and the message of a request to confirm a task, as templates. */
  addressesLength: { soft: 1_000, hard: 2_000 },
  subjectLength: { soft: 200, hard: 500 },
  messageLength: { soft: 5_000, hard: 10_000 },
  /** Of paths among attributes, and of variables. */
  pathLength: { soft: 200, hard: MAX_PATH_LENGTH },
  /** Of what a statement compares with, and of what a sync rule writes. */
  valueLength: { soft: 500, hard: 2_000 },
} as const satisfies Readonly<Record<string, Limit>>;

/** The most units of time that a rule may count. */
export const MAX_AMOUNT = 10_000;
/** The same for years: an instant has four digits for them. */
export const MAX_YEARS = 1_000;
/** The most units of time that a rule of escalation may count: all of them are counted with every command. */
export const MAX_ESCALATION_AMOUNT = 1_000;
/** How often a loop may be taken at most. */
export const MAX_ITERATIONS = 100;
/** How often it is taken at most if nobody says. */
export const DEFAULT_ITERATIONS = 3;
/** How long a link to confirm a task is good if nobody says, in hours: a week. */
export const DEFAULT_CONFIRMATION_HOURS = 168;
/** The same at most: a year. */
export const MAX_CONFIRMATION_HOURS = 8_760;
/** How many automatic decisions one command may set off. */
export const AUTOMATIC_STEPS = 500;
/** How many attempts of workers at one task may fail at most. */
export const MAX_RETRIES = 100;
/** How many of them may fail if nobody says. */
export const DEFAULT_RETRIES = 3;
/** How long a task may rest after one of them: 30 days. */
export const MAX_RETRY_AFTER_SECONDS = 2_592_000;
/** How long a worker has a task if nobody says. */
export const DEFAULT_LEASE_SECONDS = 300;
