/** What is compared at the end: what was to happen, what the database says, and what arrived outside. */

/** How a run came to be, and by what it can be told: the number that its call was given, the entity that was made, the execution that its task is in. */
export interface Origin {
  readonly kind: 'API' | 'EVENT' | 'TASK';
  readonly key: string;
}

/** What a run of an automation must do. */
export interface Plan {
  /** The keys of its actions, in their order. */
  readonly actions: readonly string[];
  /** What it adds to its entity's list `marks`, each after the run's own mark, in this order. */
  readonly marks: readonly string[];
  /** Its webhook is refused until it is a dead letter, and only taken when it is sent anew. */
  readonly isDoomed: boolean;
}

/** An action, as its run has it at the end. */
export interface FoundAction {
  readonly key: string;
  readonly status: string;
  readonly deliveryId: string | null;
}

export interface FoundRun {
  readonly id: string;
  /** Global id: it stands in everything that the run does. */
  readonly mark: string;
  readonly automationId: string;
  readonly origin: Origin;
  readonly status: string;
  readonly entityId: string;
  /** The status of its task; null if it has none. */
  readonly taskStatus: string | null;
  readonly actions: readonly FoundAction[];
}

export interface FoundEntity {
  readonly id: string;
  readonly schema: string;
  readonly title: string;
  readonly marks: readonly string[];
}

export interface FoundExecution {
  readonly id: string;
  readonly name: string;
  /** Its first task runs an automation. */
  readonly runsAutomation: boolean;
}

/** A message of a run, or of an event that an endpoint follows. */
export interface FoundDelivery {
  readonly id: string;
  readonly runId: string | null;
  readonly eventSeq: number | null;
  readonly status: string;
}

/** An event of the log, as far as it is compared. */
export interface FoundEvent {
  readonly seq: number;
  readonly type: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly version: number;
  /** The run that did it. */
  readonly runId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A message that came to one of the receivers, whatever it answered. */
export interface Arrival {
  readonly kind: 'WEBHOOK' | 'EMAIL' | 'EVENT';
  /** The `webhook-id`, or what stands before the `@` of the `Message-ID`. */
  readonly id: string;
  /** The mark of the run that it speaks of; of an EVENT its number in the log. */
  readonly mark: string;
  /** What must be the same in each attempt. */
  readonly content: string;
  /** Its signature is right; mails have none. */
  readonly isGenuine: boolean;
  /** What the receiver did: accepted it, refused it, or broke the connection off. */
  readonly fate: 'TAKEN' | 'REFUSED' | 'CUT';
}

export interface Findings {
  /** What was started. */
  readonly expected: readonly Origin[];
  /** By the automation's key. */
  readonly plans: ReadonlyMap<string, Plan>;
  readonly runs: readonly FoundRun[];
  readonly entities: readonly FoundEntity[];
  readonly executions: readonly FoundExecution[];
  readonly deliveries: readonly FoundDelivery[];
  /** In their order. */
  readonly events: readonly FoundEvent[];
  /** What the organization's counter says. */
  readonly lastSeq: number;
  /** In the order in which they came. */
  readonly arrivals: readonly Arrival[];
}

/** What one of the receivers follows: the type in the log, and as endpoints subscribe to it. */
export const FOLLOWED = {
  type: 'AUTOMATION_RUN_SUCCEEDED',
  subscription: 'automation_run.succeeded',
} as const;

/** The schema of the entities that runs make. */
export const PART_SCHEMA = 'part';

/** The items by what `key` says of them, in their order. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
