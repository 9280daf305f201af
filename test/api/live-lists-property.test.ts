import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type Answer, type TestApi } from '../support/api.ts';
import { applyChanges, type AppliedChange } from '../support/live-list.ts';
import { makeWorld, STEPS, type World } from '../support/live-lists-world.ts';
import { userId } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

type Row = Readonly<Record<string, unknown>>;

/** A list as it is shown: its rows, and everything beside them. */
interface View {
  readonly rows: readonly Row[];
  readonly rest: Readonly<Record<string, unknown>>;
}

interface Client extends AsyncDisposable {
  readonly name: string;
  /** What was made of the updates. */
  view(): View | string;
  /** What the query answers. */
  fresh(): Promise<View>;
}

const NAMED = '{ __typename ... on User { id name } ... on Team { id name } }';
const TASK = `id name status version isOverdue isEnabled dueAt noteCount viewerCommands claimedBy { name } automationRun { number status version actions { status } } assignees ${NAMED}
  phase { name status progress { completed total } } blockers { message }
  execution { name status isOverdue progress { completed skipped total } assignees ${NAMED} contextEntities { title version }
    currentTask { name isOverdue } definition { name } } entity { title version attributes }`;
const EXECUTION = `id name status version isOverdue dueAt progress { completed skipped total } assignees ${NAMED}
  entity { title } contextEntities { title version } tasks { name status isOverdue noteCount assignees ${NAMED} automationRun { status actions { status } } }`;
/** What leads away from the execution, first to what else is on its entities, then to anything. */
const FAR = [
  '',
  'entity { workflowState { openCount failedCount currentTasks { name isOverdue } } executions(first: 3) { nodes { name status } } }',
  'entity { executions(first: 3) { nodes { entity { title } contextEntities { title version } } } }',
  'entity { automationRuns(first: 3) { nodes { status outputEntity { title } } } }',
];
const COUNTS = 'counts { overdue today thisWeek later withoutDate blocked } totalCount';
const INBOX_ARGUMENTS = '(assignee: $assignee, filter: $filter, orderBy: $orderBy, first: $first)';
const INBOX_VARIABLES = '($assignee: ID, $filter: TaskFilter, $orderBy: TaskOrder, $first: Int)';
const SIDEBAR_VARIABLES = '($entityId: ID!, $statuses: [ExecutionStatus!], $first: Int)';

/** Partners may not read definitions: what they select is the same for all, without them. */
function forEveryone(selection: string): string {
  return selection.replace('definition { name }', '');
}

interface Update {
  readonly isReset: boolean;
  readonly changes: readonly (AppliedChange<Row> & Record<string, unknown>)[];
}

/** Reads on in the background, as a client does. */
async function follow(
  name: string,
  viewer: Viewer,
  document: string,
  variables: Row,
  fresh: () => Promise<View>,
): Promise<Client> {
  const answers = await api.subscribe<{ list: Update }>(viewer, document, variables);
  let view: View | string = 'nothing yet';
  let rows: readonly Row[] = [];

  async function read(): Promise<void> {
    for await (const { data, errors } of answers as AsyncIterable<Answer<{ list: Update }>>) {
      if (!data || errors) throw new Error(JSON.stringify(errors));
      const { isReset, changes, ...rest } = data.list;
      rows = applyChanges(isReset ? [] : rows, changes);
      view = { rows, rest };
    }
  }
  const reading = read().catch((error: unknown) => {
    view = String(error);
  });
  return {
    name: `${name} ${JSON.stringify(variables)}`,
    view: () => view,
    fresh,
    async [Symbol.asyncDispose]() {
      await answers.return(undefined);
      await reading;
    },
  };
}

interface Listed {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

async function openInbox(world: World, viewer: Viewer, variables: Row, far: string): Promise<Client> {
  const task = `${forEveryone(TASK)} ${far}`;
  const document = `subscription ${INBOX_VARIABLES} { list: liveInbox${INBOX_ARGUMENTS} {
    isReset changes { kind index previousIndex row: task { ${task} } } ${COUNTS} hasMore } }`;
  const query = `query ${INBOX_VARIABLES} { list: inbox${INBOX_ARGUMENTS} { nodes { ${task} } ${COUNTS} pageInfo { hasNextPage } } }`;
  return follow('inbox', viewer, document, variables, async () => {
    const { data, errors } = await api.run<{ list: (Listed & Row) | null }>(
      await world.present(viewer),
      query,
      variables,
    );
    if (!data?.list) {
      // A team that the partner has left.
      expect(errors?.map(({ code }) => code)).toEqual(['FORBIDDEN']);
      const counts = { overdue: 0, today: 0, thisWeek: 0, later: 0, withoutDate: 0, blocked: 0 };
      return { rows: [], rest: { counts, totalCount: 0, hasMore: false } };
    }
    expect(errors).toBeUndefined();
    const { nodes, pageInfo, ...rest } = data.list;
    return { rows: nodes, rest: { ...rest, hasMore: pageInfo.hasNextPage } };
  });
}

async function openSidebar(world: World, viewer: Viewer, variables: Row, far: string): Promise<Client> {
  const row = `${EXECUTION} ${far}`;
  const about = `title version ${far.replace(/^entity \{(.*)\}$/s, '$1')}`;
  const document = `subscription ${SIDEBAR_VARIABLES} { list: liveSidebar(entityId: $entityId, statuses: $statuses, first: $first) {
    isReset changes { kind index previousIndex row: execution { ${row} } } totalCount hasMore entity { ${about} } } }`;
  const query = `query ${SIDEBAR_VARIABLES} { entity(id: $entityId) { ${about}
    list: executions(statuses: $statuses, first: $first) { nodes { ${row} } totalCount pageInfo { hasNextPage } } } }`;
  return follow('sidebar', viewer, document, variables, async () => {
    const { entity } = await api.data<{ entity: ({ list: Listed & Row } & Row) | null }>(
      await world.present(viewer),
      query,
      variables,
    );
    if (!entity) return { rows: [], rest: { totalCount: 0, hasMore: false, entity: null } };
    const { list, ...itself } = entity;
    const { nodes, pageInfo, ...rest } = list;
    return { rows: nodes, rest: { ...rest, hasMore: pageInfo.hasNextPage, entity: itself } };
  });
}

/** Conditions, of which a list has none, one or two: with more, it would be empty. */
const CONDITIONS = [
  'statuses',
  'due',
  'search',
  'isEnabled',
  'phaseKeys',
  'entityIds',
  'definitionIds',
] as const;
const conditions = fc.record({
  statuses: fc.constantFrom(['PENDING'], ['PENDING', 'IN_PROGRESS', 'FAILED', 'COMPLETED', 'SKIPPED']),
  due: fc.constantFrom(['OVERDUE'], ['TODAY', 'THIS_WEEK'], ['LATER', 'WITHOUT_DATE']),
  search: fc.constantFrom('alpha', 'a 1', 'gamma'),
  isEnabled: fc.boolean(),
  phaseKeys: fc.constant(['first']),
  entityIds: fc.nat(3),
  definitionIds: fc.nat(1),
});
const orders = fc.record({
  field: fc.constantFrom('DUE_AT', 'STARTED_AT', 'NAME'),
  direction: fc.constantFrom('ASC', 'DESC'),
});
const questions = fc.record({
  conditions,
  chosen: fc.subarray([...CONDITIONS], { maxLength: 2 }),
  orderBy: orders,
  first: fc.constantFrom(2, 4, 10),
  far: fc.constantFrom(0, 0, 0, 1, 2, 3),
  statuses: fc.constantFrom(null, ['STARTED', 'FAILED'], ['CLOSED', 'DONE']),
});
type Question = typeof questions extends fc.Arbitrary<infer T> ? T : never;

const steps = fc.array(
  fc.array(fc.record({ what: fc.constantFrom(...STEPS), a: fc.nat(200), b: fc.nat(200), c: fc.nat(200) }), {
    minLength: 1,
    maxLength: 4,
  }),
  { minLength: 25, maxLength: 25 },
);

function filterOf({ entityIds, definitionIds }: World, { conditions: all, chosen }: Question): Row {
  const given = {
    ...all,
    entityIds: [entityIds[all.entityIds]],
    definitionIds: [definitionIds[all.definitionIds]],
  };
  return Object.fromEntries(chosen.map((condition) => [condition, given[condition]]));
}

/** Six inboxes and three sidebars. */
async function openAll(world: World, asked: readonly Question[]): Promise<Client[]> {
  const { member, partner, teamIds, entityIds } = world;
  const [ofMember, ofPartner] = teamIds;
  const inboxes = [
    { viewer: member },
    { viewer: partner },
    { viewer: partner, assignee: ofPartner },
    { viewer: member, assignee: ofMember },
    { viewer: api.admin, assignee: userId(member) },
    { viewer: member },
  ];
  const sidebars = [{ viewer: member }, { viewer: partner }, { viewer: member }];
  const opening = asked.map((question, index) => {
    const { orderBy, first, far, statuses } = question;
    const beyond = FAR[far] ?? '';
    const inbox = inboxes[index];
    if (inbox) {
      const { viewer, assignee } = inbox;
      const variables = { assignee, filter: filterOf(world, question), orderBy, first };
      return openInbox(world, viewer, variables, beyond);
    }
    const { viewer } = sidebars[index - inboxes.length] ?? { viewer: member };
    return openSidebar(world, viewer, { entityId: entityIds[index % 4], statuses, first }, beyond);
  });
  return Promise.all(opening);
}

let worlds = 0;

test('whatever happens, live lists become what the queries answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(questions, { minLength: 9, maxLength: 9 }), steps, async (asked, rounds) => {
      const world = await makeWorld(api, `world-${(worlds += 1)}`);
      // So that the partner sees the entities.
      for (const b of [0, 1, 2, 3]) await world.take({ what: 'start', a: b, b, c: 15 });
      const clients = await openAll(world, asked);
      try {
        for (const round of rounds) {
          for (const step of round) await world.take(step);
          const fresh = await Promise.all(clients.map((client) => client.fresh()));
          for (const [index, client] of clients.entries()) {
            const message = `${client.name} after ${JSON.stringify(round)}`;
            await expect
              .poll(() => client.view(), { interval: 5, timeout: 3_000, message })
              .toEqual(fresh[index]);
          }
        }
      } finally {
        await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
      }
    }),
    { numRuns: 2, endOnFailure: true },
  );
}, 60_000);
