/** docs/cookbook.md: its documents are good, its diagrams are the product's, and its workflows do what it says. */
import { parse, validate } from 'graphql';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changed, changesOf, makeDemoCast } from '../support/definitions.ts';
import { done, entity, start } from '../support/workflows.ts';

const docs = join(import.meta.dirname, '../../docs');
const names = (await readdir(join(docs, 'cookbook'))).map((file) => basename(file, '.json'));
const page = await readFile(join(docs, 'cookbook.md'), 'utf8');

function documentOf(name: string): Promise<string> {
  return readFile(join(docs, 'cookbook', `${name}.json`), 'utf8');
}

/** The page's section that links to the document. */
function recipeOf(name: string): string {
  return page.split(/^## /m).find((section) => section.includes(`(cookbook/${name}.json)`)) ?? '';
}

function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block = '']) => block,
  );
}

function holds(whole: unknown, part: unknown): boolean {
  if (isDeepStrictEqual(whole, part)) return true;
  return (
    typeof whole === 'object' && whole !== null && Object.values(whole).some((item) => holds(item, part))
  );
}

let api: TestApi;
const definitionIds = new Map<string, string>();

beforeAll(async () => {
  api = await createTestApi();
  await makeDemoCast(api);
  for (const name of names) {
    const { id, issues } = await changed(api, api.designer, 'importDefinition', {
      document: await documentOf(name),
    });
    expect(
      issues.filter(({ severity }) => severity === 'ERROR'),
      name,
    ).toEqual([]);
    await changesOf(api, { id }).done('publishDefinition');
    definitionIds.set(name, id);
  }
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe.each(names)('The recipe %s', (name) => {
  test('shows the diagram that the product draws', async () => {
    const { workflowDefinition } = await api.data<{ workflowDefinition: { diagram: string } }>(
      api.designer,
      'query ($id: ID!) { workflowDefinition(id: $id) { diagram } }',
      { id: definitionIds.get(name) },
    );
    expect(blocksOf(recipeOf(name), 'mermaid')).toEqual([`${workflowDefinition.diagram.trimEnd()}\n`]);
  });

  test('quotes its document', async () => {
    const document: unknown = JSON.parse(await documentOf(name));
    const quotes = blocksOf(recipeOf(name), 'json').map((block): unknown => JSON.parse(block));
    expect(quotes).not.toEqual([]);
    expect(quotes.filter((quote) => !holds(document, quote))).toEqual([]);
  });
});

test.each(blocksOf(page, 'graphql').map((block) => [/^\w+ (\w+)/.exec(block)?.[1] ?? '', block] as const))(
  'The operation %s fits the schema',
  (_name, block) => {
    expect(validate(schema, parse(block))).toEqual([]);
  },
);

interface Cooked {
  readonly entityId: string;
  readonly taskId: (task: string) => string;
  /** What the task with this name says of itself. */
  readonly read: (task: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly complete: (task: string) => Promise<unknown>;
  readonly decide: (task: string, branchKey: string) => Promise<unknown>;
}

const TASK = `query ($id: ID!) {
  task(id: $id) {
    status skipReason isEnabled iterations scheduledFor dueAt failure { code }
    decided { takenBranchKeys isMaximumReached }
    assignees { __typename ... on User { email } ... on Team { name } ... on UnresolvedAssignee { variable } }
    execution { status entity { attributes } }
  }
}`;

async function cook(name: string, schemaName: string, attributes: object): Promise<Cooked> {
  const entityId = await entity(api, { schema: schemaName, attributes });
  const running = await start(api, {}, { definitionId: definitionIds.get(name) ?? '', entityId });
  return {
    entityId,
    taskId: (task) => running.task(task),
    read: async (task) => {
      const data = await api.data<{ task: Readonly<Record<string, unknown>> }>(api.member, TASK, {
        id: running.task(task),
      });
      return data.task;
    },
    complete: (task) => done(api, api.member, 'completeTask', { taskId: running.task(task) }),
    decide: (task, branchKey) =>
      done(api, api.member, 'decideTask', { taskId: running.task(task), branchKeys: [branchKey] }),
  };
}

test('The house connection plans only what was ordered, and then digs', async () => {
  const { complete, read } = await cook('house-connection', 'order', { media: ['electricity', 'water'] });
  await complete('Ask for the site plan');
  expect(await read('Plan the gas line')).toMatchObject({
    status: 'SKIPPED',
    skipReason: 'BRANCH_NOT_TAKEN',
  });
  await complete('Plan the cable');
  expect(await read('Agree on one date for the trench')).toMatchObject({ isEnabled: false });
  await complete('Plan the water line');
  expect(await read('Agree on one date for the trench')).toMatchObject({ isEnabled: true });
});

test('The house connection is decided anew when its decision is reopened', async () => {
  const { complete, read, taskId, entityId } = await cook('house-connection', 'order', {});
  await complete('Ask for the site plan');
  expect(await read('Ask the customer what is wanted')).toMatchObject({ isEnabled: true });
  await done(api, api.member, 'updateEntity', { entityId, attributes: { media: ['gas'] } });
  await done(api, api.member, 'reopenTask', { taskId: taskId('Which supplies are wanted?') });
  expect(await read('Plan the gas line')).toMatchObject({ isEnabled: true });
});

test('Papers go back three times, and no fourth time', async () => {
  const { complete, decide, read } = await cook('document-check', 'opportunity', {});
  for (let round = 0; round < 4; round += 1) {
    expect(await read('Are the papers complete?')).toMatchObject({ iterations: round });
    await complete('Ask the customer for the papers');
    await complete('Check the papers');
    await decide('Are the papers complete?', 'missing');
  }
  expect(await read('Are the papers complete?')).toMatchObject({
    decided: { takenBranchKeys: ['give-up'], isMaximumReached: true },
  });
  expect(await read('Tell the customer that there is no subsidy')).toMatchObject({ isEnabled: true });
});

test('A simulation of the papers goes round once and ends with the application', async () => {
  const simulate = blocksOf(recipeOf('document-check'), 'graphql').find((block) =>
    block.includes('Simulate'),
  );
  const { simulateDefinition } = await api.data<{ simulateDefinition: object }>(api.member, simulate ?? '', {
    definitionId: definitionIds.get('document-check'),
  });
  const round = ['request', 'check', 'complete'];
  expect(simulateDefinition).toMatchObject({ status: 'DONE', path: [...round, ...round, 'apply'] });
});

test('The offer waits until three months before the contract ends', async () => {
  const { read } = await cook('contract-end', 'contract', { endsOn: '2029-06-30' });
  expect(await read('Offer a new tariff')).toMatchObject({
    status: 'SCHEDULED',
    scheduledFor: '2029-03-29T22:00:00.000Z',
  });
});

test('The offer is scheduled anew once the contract has an end', async () => {
  const { read, taskId, entityId } = await cook('contract-end', 'contract', {});
  expect(await read('Offer a new tariff')).toMatchObject({ failure: { code: 'SCHEDULE_DATE_MISSING' } });
  await done(api, api.member, 'updateEntity', { entityId, attributes: { endsOn: '2029-06-30' } });
  await done(api, api.member, 'retryTask', { taskId: taskId('Offer a new tariff') });
  expect(await read('Offer a new tariff')).toMatchObject({ status: 'SCHEDULED' });
});

test('A complaint is due from the call on, for whom the contract names', async () => {
  const email = 'lena.hofstetter@stadtwerke-lindental.example';
  const { complete, read } = await cook('complaint', 'contract', { owner: email });
  expect(await read('Decide what to offer')).toMatchObject({ dueAt: null });
  await complete('Call the customer back');
  expect(await read('Decide what to offer')).toMatchObject({
    dueAt: expect.any(String) as string,
    assignees: [{ __typename: 'User', email }],
  });
});

test('A complaint about a contract that nobody looks after shows the variable', async () => {
  const { read } = await cook('complaint', 'contract', {});
  expect(await read('Decide what to offer')).toMatchObject({ assignees: [{ variable: '{{entity.owner}}' }] });
});

test('The sale tells the opportunity its stage, and that it was won', async () => {
  const { complete, read } = await cook('sale', 'opportunity', { creditScore: 720 });
  await complete('Record roof and customer');
  expect(await read('Write the offer')).toMatchObject({
    execution: { entity: { attributes: { crm: { stage: 'Offer', next: 'Write the offer' } } } },
  });
  await complete('Write the offer');
  await complete('Get the offer signed');
  expect(await read('Write the offer')).toMatchObject({
    execution: { entity: { attributes: { crm: { outcome: 'won' } } } },
  });
});

test('The sale without a credit score is decided by hand', async () => {
  const { complete, decide, read } = await cook('sale', 'opportunity', {});
  await complete('Record roof and customer');
  expect(await read('Is the credit score good enough?')).toMatchObject({
    failure: { code: 'NO_BRANCH_MET' },
    execution: { status: 'FAILED' },
  });
  await decide('Is the credit score good enough?', 'good');
  expect(await read('Write the offer')).toMatchObject({ isEnabled: true, execution: { status: 'STARTED' } });
});
