/** What the automations of the proof do. */
import { PART_SCHEMA, type Plan } from './findings.ts';

/** What differs from automation to automation. */
export interface Task {
  /** Where its webhook goes; the id as the automation is told it, like the next one. */
  readonly endpointId: string;
  /** What it starts. */
  readonly definitionId: string;
  /** Waits for a callback, whose address its webhook has. */
  readonly waits: boolean;
  /** See `Plan.isDoomed`. */
  readonly isDoomed: boolean;
}

interface Action {
  readonly key: string;
  /** A type of the registry. */
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a callback brings, so that the last mark shows that it came. */
export const CALLED = 'called';

const RUN = '{{run.id}}';

function marking(key: string, text = key): Action {
  const attributes = [{ target: 'marks', mode: 'APPEND', value: `${RUN} ${text}` }];
  return { key, type: 'UPDATE_ENTITY', config: { attributes } };
}

/** The actions, in their order: everything carries the id of the run. */
export function actionsOf({ endpointId, definitionId, waits }: Task): readonly Action[] {
  const data = { run: RUN, ...(waits ? { callback: '{{callbacks.wait.url}}' } : {}) };
  const mail = { to: ['customer@example.com'], subject: RUN, text: 'Your order is on its way.' };
  return [
    marking('first'),
    { key: 'create', type: 'CREATE_ENTITY', config: { schema: PART_SCHEMA, title: RUN } },
    { key: 'hook', type: 'TRIGGER_WEBHOOK', config: { endpointId, type: 'order.accepted', data } },
    marking('second'),
    { key: 'mail', type: 'SEND_EMAIL', config: mail },
    ...(waits ? [{ key: 'wait', type: 'WAIT_FOR_CALLBACK', config: { expiresInHours: 1 } }] : []),
    { key: 'start', type: 'START_WORKFLOW', config: { definitionId, name: RUN } },
    marking('last', waits ? 'last,{{steps.wait.note}}' : 'last'),
  ];
}

/** What a run of them must do. */
export function planOf(task: Task): Plan {
  const { waits, isDoomed } = task;
  return {
    actions: actionsOf(task).map(({ key }) => key),
    marks: ['first', 'second', waits ? `last,${CALLED}` : 'last'],
    isDoomed,
  };
}
