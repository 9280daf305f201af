/** graphql-ws as it is usually wired: its server for `ws`, graphql-js, and one execution for each subscriber. */
import { useServer } from 'graphql-ws/use/ws';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerParent } from './helper-process.ts';
import { createMeter, readMemory } from './meter.ts';
import { markOf, type TellableHandlers } from './protocol.ts';
import { createPushSource } from './push-source.ts';
import { usualSchema, type EventObject, type UsualEvent, type UsualStore } from './usual-schema.ts';

const meter = createMeter();
const source = createPushSource<UsualEvent>();
const store: UsualStore = { tasks: new Map(), executions: new Map(), people: new Map() };

/** Keeps the objects of Handrail's message. */
function keep({ actor, task: { assignees, ...task }, execution, ...event }: EventObject): UsualEvent {
  const kept = { ...event, actorId: 'actor', taskId: 'task', executionId: 'execution' };
  store.people.set(kept.actorId, { ...actor, __typename: 'User' });
  const teams = assignees.map((team, index) => [`team-${index}`, { ...team, __typename: 'Team' }] as const);
  for (const [id, team] of teams) store.people.set(id, team);
  store.tasks.set(kept.taskId, { ...task, assigneeIds: teams.map(([id]) => id) });
  store.executions.set(kept.executionId, execution);
  return kept;
}

let event: UsualEvent | null = null;

answerParent<TellableHandlers>({
  async listen(frame) {
    const { payload } = JSON.parse(frame) as { payload: { data: { entityEvents: EventObject } } };
    event = keep(payload.data.entityEvents);
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/graphql' });
    const subscribe = () => source.subscribe();
    useServer({ schema: usualSchema({ store, subscribe, onExecution: () => meter.execution() }) }, server);
    await once(server, 'listening');
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  },
  change(number) {
    meter.change();
    const task = store.tasks.get('task');
    if (!event || !task) throw new Error('there is nothing to change yet');
    store.tasks.set('task', { ...task, name: markOf(number) });
    source.publish(event);
  },
  sample: () => meter.sample(),
  memory: readMemory,
});
