/** What the processes of the bench ask each other. */

/** What the server's process has spent since the sample before. */
export interface Sample {
  /** CPU time of the process since it started, user and system, in µs. */
  readonly cpu: number;
  /** The part of it that was spent after the last change had happened, and not counted by an earlier sample. */
  readonly cpuAfterChange: number;
  /** By `clockMs`; null if nothing has changed by this server yet. */
  readonly changedAt: number | null;
  /** How often an event was executed for GraphQL. */
  readonly executions: number;
  /** The statements that were sent to the database, those of the change itself left out. */
  readonly statements: readonly string[];
}

/** In bytes, right after a garbage collection. */
export interface Memory {
  readonly resident: number;
  readonly heap: number;
}

/** What every server of the bench answers. */
export interface ServerHandlers {
  /** Listens; answers the sockets' address. `frame`: a message of Handrail's, which the others imitate. */
  listen(frame: string): Promise<string>;
  sample(): Sample;
  memory(): Promise<Memory>;
}

/** The servers without an API: they are told to change something. */
export interface TellableHandlers extends ServerHandlers {
  change(number: number): void;
}

/** One subscriber. */
export interface Target {
  readonly url: string;
  readonly token: string;
}

/** What is to be subscribed to; null: the server sends without being asked. */
export type Subscription = Readonly<Record<string, unknown>> | null;

export interface CrowdHandlers {
  /** Resolves when every subscriber has asked for its subscription. */
  open(targets: readonly Target[], subscription: Subscription): Promise<void>;
  /** How many subscribers have not received this change as the last one. */
  behind(number: number): number;
  close(): Promise<void>;
}

/** What a process of subscribers tells without being asked. */
export type CrowdNews =
  /** One subscriber more than none has received something since the last news of this kind. */
  | { readonly kind: 'received'; readonly messages: number }
  /** All subscribers have the change: when each received it, by `clockMs`, and one of the messages. */
  | {
      readonly kind: 'complete';
      readonly number: number;
      readonly times: Float64Array;
      readonly frame: string;
    }
  /** What must never happen. */
  | { readonly kind: 'fault'; readonly text: string };

/** Stands before the number of a change, in the name that the change gives to a task. */
export const MARK = 'change ';
/** All numbers have so many digits, so that all messages have one length. */
export const DIGITS = 6;

/** The task's name after the change with this number. */
export function markOf(number: number): string {
  return `${MARK}${String(number).padStart(DIGITS, '0')}`;
}

/** Milliseconds of the clock that all processes of a machine share and that never jumps. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
