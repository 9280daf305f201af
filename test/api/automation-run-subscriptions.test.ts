import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeId } from '../../src/graphql/ids.ts';
import { encodePosition } from '../../src/store/event-cursor.ts';
import { createTestApi, type Answer, type TestApi } from '../support/api.ts';
import { automated, letRun, publishedAutomation, setting } from '../support/automation-runs.ts';
import { done, entity, start, unknownId } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

interface Told {
  readonly type: string;
  readonly version: number;
  readonly automationRun: { readonly id: string; readonly status: string } | null;
}

const SELECTION = '{ type version automationRun { id status } }';
const STEPS = [
  'AUTOMATION_RUN_STARTED',
  'AUTOMATION_RUN_PROGRESSED',
  'AUTOMATION_RUN_PROGRESSED',
  'AUTOMATION_RUN_SUCCEEDED',
];

/** What is told from the beginning of the log until `count` events that fit have come. */
async function told(field: string, fits: (event: Told) => boolean, count: number): Promise<Told[]> {
  const document = `subscription { event: ${field} ${SELECTION} }`;
  const answers = await api.subscribe<{ event: Told }>(api.member, document);
  const found: Told[] = [];
  for await (const { data, errors } of answers as AsyncIterable<Answer<{ event: Told }>>) {
    if (!data) throw new Error(JSON.stringify(errors));
    if (fits(data.event)) found.push(data.event);
    if (found.length === count) break;
  }
  return found;
}

test('every step of a run arrives in order: of the run, of its execution and of its entity', async () => {
  const caller = api.context(api.designer);
  const automationKey = await publishedAutomation(caller, {
    actions: [setting('first', { a: '1' }), setting('second', { b: '2' })],
  });
  const entityId = await entity(api);
  const after = encodePosition((await api.events(api.member)).length);
  const running = await start(api, { tasks: [automated('send', automationKey)] }, { entityId });
  const { task } = await api.data<{ task: { automationRun: { id: string } } }>(
    api.member,
    `{ task(id: "${running.task('send')}") { automationRun { id } } }`,
  );
  const { id } = task.automationRun;
  const isOfRun = ({ type }: Told): boolean => type.startsWith('AUTOMATION_RUN');
  const watching = [
    told(`automationRunEvents(runId: "${id}", after: "${after}")`, () => true, 4),
    told(`executionEvents(executionId: "${running.id}", after: "${after}")`, isOfRun, 4),
    told(`entityEvents(entityId: "${entityId}", after: "${after}")`, isOfRun, 4),
  ];
  await letRun(api);
  for (const events of await Promise.all(watching)) {
    expect(events.map(({ type }) => type)).toEqual(STEPS);
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    expect(events.map(({ automationRun }) => automationRun?.id)).toEqual([id, id, id, id]);
    expect(events.at(-1)?.automationRun?.status).toBe('SUCCESS');
  }
});

test('a run is watched only by who sees it', async () => {
  const automationId = encodeId('Automation', await publishedAutomation(api.context(api.designer)));
  const entityId = await entity(api);
  await done(api, api.member, 'startAutomationRun', { automationId, entityId });
  const { automationRuns } = await api.data<{ automationRuns: { nodes: { id: string }[] } }>(
    api.member,
    '{ automationRuns(first: 1) { nodes { id } } }',
  );
  const [run] = automationRuns.nodes;
  const subscribe = (viewer: typeof api.member, runId = run?.id) =>
    api.subscribe(viewer, `subscription { automationRunEvents(runId: "${runId ?? ''}") { type } }`);
  for (const viewer of [api.partner, api.otherAdmin])
    await expect(subscribe(viewer)).rejects.toThrow('NOT_FOUND');
  await expect(subscribe(api.member, unknownId('AutomationRun'))).rejects.toThrow('NOT_FOUND');
  await expect(subscribe(api.member, entityId)).rejects.toThrow('BAD_USER_INPUT');
});

test('a sidebar that shows the runs of tasks hears of each step', async () => {
  const automationKey = await publishedAutomation(api.context(api.designer));
  const tasks = [automated('send', automationKey, 'MANUAL')];
  const running = await start(api, { tasks });
  const document = `subscription { list: liveSidebar(entityId: "${running.entityId}") {
    changes { execution { tasks { automationRun { status actions { status } } } } } } }`;
  interface Update {
    readonly list: {
      readonly changes: { readonly execution: { readonly tasks: readonly unknown[] } }[];
    };
  }
  const updates = await api.subscribe<Update>(api.member, document);
  const next = async () => {
    const { value } = (await updates.next()) as { value: Answer<Update> };
    return value.data?.list.changes[0]?.execution.tasks;
  };
  expect(await next()).toEqual([{ automationRun: null }]);
  await done(api, api.member, 'runAutomation', { taskId: running.task('send') });
  expect(await next()).toEqual([{ automationRun: { status: 'PENDING', actions: [] } }]);
  await letRun(api);
  const isOver = { automationRun: { status: 'SUCCESS', actions: [{ status: 'SUCCESS' }] } };
  let last = await next();
  while (JSON.stringify(last) !== JSON.stringify([isOver])) last = await next();
  await updates.return(undefined);
});
