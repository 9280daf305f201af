/** Random subscriptions, and for each what the answers must agree with. */
import type { Chance } from '../chance.ts';
import type { Tenant, Watcher } from './tenant.ts';
import { keyOf } from './tenant.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** What an event subscription watches: which column of `event` has to have one of the keys. */
export interface WatchedEvents {
  readonly column: 'executionId' | 'entityIds' | 'audience';
  readonly keys: readonly string[];
}

export interface EventQuestion {
  readonly kind: 'events';
  readonly field: string;
  /** Its result is called `event`; it takes `$after`. */
  readonly text: string;
  readonly variables: Variables;
  readonly watched: WatchedEvents;
}

export interface ListQuestion {
  readonly kind: 'list';
  readonly field: string;
  /** Its result is called `list`. */
  readonly text: string;
  /** The query with the same arguments and selection; `inbox` or `entity` in its data. */
  readonly fresh: string;
  readonly variables: Variables;
}

export type Question = EventQuestion | ListQuestion;

type Fields = readonly [string, ...string[]];

const PERSON = '__typename ... on User { id name }';
const TASK: Fields = [
  'name',
  'status',
  'version',
  'isEnabled',
  'isOverdue',
  'dueAt',
  'statusAt',
  'noteCount',
  'position',
  'isManuallyCreated',
  `assignees { ${PERSON} ... on Team { id name } }`,
  `finishedBy { ${PERSON} }`,
  'phase { id name status }',
  'execution { id name status version progress { completed skipped total ratio } }',
  'execution { id currentTask { id name status } }',
  'entity { id title version }',
  'requirements { __typename }',
  'rootBlockers { __typename }',
];
// What depends on who reads: shared with nobody.
const VIEWERS: Fields = ['viewerCommands'];
const EXECUTION: Fields = [
  'name',
  'status',
  'version',
  'startedAt',
  'isOverdue',
  'progress { completed skipped total }',
  'currentPhase { id name status }',
  'currentTask { id name status version }',
  'phases { id status version }',
  'tasks { id status version isEnabled }',
  'entity { id title }',
  'contextEntities { id title }',
];
const ENTITY: Fields = ['title', 'version', 'schema', 'updatedAt', 'attributes'];
const COUNTS = 'counts { overdue today thisWeek later withoutDate blocked }';
const EVENT: Fields = [
  'id',
  'type',
  'at',
  'version',
  'subjectId',
  'changedFields',
  'executionId',
  'taskId',
  'entityIds',
  `actor { ${PERSON} }`,
];

function some(chance: Chance, fields: Fields, share: number): string {
  const chosen = fields.filter(() => chance.percent(share));
  return (chosen.length > 0 ? chosen : [chance.pick(fields)]).join(' ');
}

function task(chance: Chance): string {
  const viewers = chance.percent(10) ? VIEWERS.join(' ') : '';
  return `id ${some(chance, TASK, 25)} ${viewers}`;
}

function eventSelection(chance: Chance): string {
  const objects = [
    chance.percent(40) ? `task { version ${task(chance)} }` : '',
    chance.percent(20) ? `execution { id ${some(chance, EXECUTION, 20)} }` : '',
    chance.percent(15) ? `entity { id ${some(chance, ENTITY, 40)} }` : '',
  ];
  const name = chance.percent(30) ? `... on Event { ${some(chance, EVENT, 40)} }` : some(chance, EVENT, 40);
  return ['cursor', name, chance.percent(60) ? 'subjectId version' : '', ...objects].join(' ');
}

function executionEvents(chance: Chance, { executionIds }: Watcher): EventQuestion {
  const executionId = chance.pick(executionIds);
  return {
    kind: 'events',
    field: 'executionEvents',
    text: `subscription ($executionId: ID!, $after: String) {
      event: executionEvents(executionId: $executionId, after: $after) { ${eventSelection(chance)} } }`,
    variables: { executionId },
    watched: { column: 'executionId', keys: [keyOf(executionId)] },
  };
}

function entityEvents(chance: Chance, { entityIds }: Watcher): EventQuestion {
  const entityId = chance.pick(entityIds);
  return {
    kind: 'events',
    field: 'entityEvents',
    text: `subscription ($entityId: ID!, $after: String) {
      event: entityEvents(entityId: $entityId, after: $after) { ${eventSelection(chance)} } }`,
    variables: { entityId },
    watched: { column: 'entityIds', keys: [keyOf(entityId)] },
  };
}

function inboxEvents(chance: Chance, { inboxes }: Watcher): EventQuestion {
  const { id: assignee, keys } = chance.pick(inboxes);
  return {
    kind: 'events',
    field: 'inboxEvents',
    text: `subscription ($assignee: ID, $after: String) {
      event: inboxEvents(assignee: $assignee, after: $after) { ${eventSelection(chance)} } }`,
    variables: { assignee },
    watched: { column: 'audience', keys },
  };
}

function filter(chance: Chance, { entityIds }: Watcher, { definitionId }: Tenant): Variables {
  const statuses = ['PENDING', 'IN_PROGRESS', 'ON_HOLD', 'COMPLETED', 'SKIPPED'] as const;
  return {
    ...(chance.percent(40) ? { statuses: statuses.filter(() => chance.percent(50)) } : {}),
    ...(chance.percent(20) ? { due: chance.pick(['LATER', 'WITHOUT_DATE']) } : {}),
    ...(chance.percent(20) ? { definitionIds: [definitionId] } : {}),
    ...(chance.percent(20) ? { entityIds: [chance.pick(entityIds)] } : {}),
    ...(chance.percent(20) ? { phaseKeys: [chance.pick(['plan', 'build'])] } : {}),
    ...(chance.percent(20) ? { search: chance.pick(['Task 1', 'ask', 'house 2', '7']) } : {}),
    ...(chance.percent(20) ? { isEnabled: chance.percent(50) } : {}),
  };
}

function liveInbox(chance: Chance, watcher: Watcher, tenant: Tenant): ListQuestion {
  const declared = '$assignee: ID, $filter: TaskFilter, $orderBy: TaskOrder, $first: Int';
  const given = 'assignee: $assignee, filter: $filter, orderBy: $orderBy, first: $first';
  const row = task(chance);
  const field = chance.pick(['DUE_AT', 'STARTED_AT', 'NAME']);
  const direction = chance.pick(['ASC', 'DESC']);
  return {
    kind: 'list',
    field: 'liveInbox',
    text: `subscription (${declared}) { list: liveInbox(${given}) {
      position isReset changes { kind index previousIndex rowId: taskId row: task { ${row} } }
      ${COUNTS} totalCount hasMore } }`,
    fresh: `query (${declared}) { inbox(${given}) {
      edges { node { ${row} } } ${COUNTS} totalCount pageInfo { hasNextPage } } }`,
    variables: {
      assignee: chance.pick(watcher.inboxes).id,
      filter: filter(chance, watcher, tenant),
      ...(chance.percent(70) ? { orderBy: { field, direction } } : {}),
      first: chance.pick([3, 10, 50, 100]),
    },
  };
}

function liveSidebar(chance: Chance, { entityIds }: Watcher): ListQuestion {
  const row = `id ${some(chance, EXECUTION, 25)}`;
  const entity = chance.percent(60) ? some(chance, ENTITY, 40) : '';
  const declared = '$entityId: ID!, $statuses: [ExecutionStatus!], $first: Int';
  return {
    kind: 'list',
    field: 'liveSidebar',
    text: `subscription (${declared}) {
      list: liveSidebar(entityId: $entityId, statuses: $statuses, first: $first) {
        position isReset changes { kind index previousIndex rowId: executionId row: execution { ${row} } }
        totalCount hasMore ${entity && `entity { ${entity} }`} } }`,
    fresh: `query (${declared}) { entity(id: $entityId) { ${entity}
      executions(statuses: $statuses, first: $first) {
        edges { node { ${row} } } totalCount pageInfo { hasNextPage } } } }`,
    variables: {
      entityId: chance.pick(entityIds),
      ...(chance.percent(40) ? { statuses: chance.pick([['STARTED'], ['DONE'], ['STARTED', 'DONE']]) } : {}),
      first: chance.pick([1, 3, 20]),
    },
  };
}

/** Something that the watcher may ask for. */
function ask(chance: Chance, watcher: Watcher, tenant: Tenant): Question {
  const make = chance.pick([
    executionEvents,
    executionEvents,
    entityEvents,
    inboxEvents,
    inboxEvents,
    liveInbox,
    liveInbox,
    liveInbox,
    liveSidebar,
  ]);
  return make(chance, watcher, tenant);
}

/** Somebody with a question. */
export interface Choice {
  readonly watcher: Watcher;
  readonly question: Question;
}

/** Somebody with a question; often one that somebody else asks already, so that they share its answers. */
export function choose(chance: Chance, tenant: Tenant, asked: readonly Choice[]): Choice {
  const [first, ...rest] = asked;
  if (!first || chance.percent(40)) {
    const watcher = chance.pick(tenant.watchers);
    return { watcher, question: ask(chance, watcher, tenant) };
  }
  const { watcher, question } = chance.pick([first, ...rest]);
  if (watcher.steady !== null) return { watcher, question };
  // All who see everything may ask the same.
  const [one = watcher, ...others] = tenant.watchers.filter(({ steady }) => steady === null);
  return { watcher: chance.pick([one, ...others]), question };
}
