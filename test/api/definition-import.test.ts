/** Definitions of another system through the API. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeId } from '../../src/graphql/ids.ts';
import { createJourney } from '../../src/journeys/journeys.ts';
import { fixtureText, flowTemplate } from '../import/documents.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changedAutomation, someAutomation } from '../support/automation-answers.ts';
import { makeDemoCast, mutate, type Cast } from '../support/definitions.ts';
import { form, valueOf } from '../support/journeys.ts';
import { ofType } from '../support/typed.ts';

interface Imported {
  readonly __typename: string;
  readonly format?: string;
  readonly notTakenOver?: readonly {
    readonly path: string;
    readonly code: string;
    readonly message: string;
  }[];
  readonly definition?: {
    readonly id: string;
    readonly name: string;
    readonly version: number;
    readonly document: string;
    readonly issues: readonly { readonly severity: string; readonly code: string; readonly path: string }[];
  };
  readonly issues?: readonly { readonly path: string; readonly code: string }[];
}

const IMPORT = `
  mutation ($input: ImportDefinitionInput!) {
    importDefinition(input: $input) {
      __typename
      ... on ImportDefinitionPayload {
        format
        notTakenOver { path code message }
        definition { id name version document issues { severity code path } }
      }
      ... on InvalidInputProblem { issues { path code } }
    }
  }
`;

let api: TestApi;
let cast: Cast;
/** By their ids in the fixtures. */
const automationIds = new Map<string, string>();
const journeyIds = new Map<string, string>();

beforeAll(async () => {
  api = await createTestApi();
  cast = await makeDemoCast(api);
  for (const from of ['auto-new-order', 'auto-order', 'auto-announce', 'auto-unknown']) {
    const content = someAutomation({ name: `Our ${from}` });
    const { id } = await changedAutomation(api, api.designer, 'createAutomation', { content });
    automationIds.set(from, id);
  }
  for (const from of ['jrn-order-form', 'jrn-site']) {
    const made = await createJourney(api.context(api.designer), { content: form({ name: `our ${from}` }) });
    journeyIds.set(from, encodeId('Journey', valueOf(made).id));
  }
});
afterAll(() => api[Symbol.asyncDispose]());

function idIn(
  type: 'User' | 'Team' | 'ClosingReason',
  keys: ReadonlyMap<string, string>,
  name: string,
): string {
  return encodeId(type, keys.get(name) ?? '');
}

function mapping() {
  const anna = idIn('User', cast.userIds, 'anna.keller@stadtwerke-lindental.example');
  return {
    assignees: [
      { from: 'usr-lead', toId: anna },
      { from: '4711', toId: anna },
      { from: 'team-planning', toId: idIn('Team', cast.teamIds, 'Planning') },
    ],
    journeys: [...journeyIds].map(([from, to]) => ({ from, to })),
    automations: [...automationIds].map(([from, to]) => ({ from, to })),
    closingReasons: [
      { from: 'cr-price', toId: idIn('ClosingReason', cast.closingReasonIds, 'Price too high') },
    ],
  };
}

async function imported(input: Readonly<Record<string, unknown>>): Promise<Imported> {
  const data = await api.data<{ importDefinition: Imported }>(api.designer, IMPORT, { input });
  return data.importDefinition;
}

/** `'NO_EFFECT edges[3].condition_id'` for each place that was not taken over. */
function leftOut({ notTakenOver }: Imported): string[] {
  return notTakenOver?.map(({ code, path }) => `${code} ${path}`) ?? [];
}

describe.each([
  ['flow-template', 'FLOW_TEMPLATE', 'Wallbox installation'],
  ['section-workflow', 'SECTION_WORKFLOW', 'Meter change'],
] as const)('A %s', (fixture, format, name) => {
  test('becomes a definition without errors that can be published', async () => {
    const answer = await imported({ document: fixtureText(fixture), mapping: mapping() });
    expect(answer).toMatchObject({ __typename: 'ImportDefinitionPayload', format, definition: { name } });
    expect(answer.definition?.issues.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
    const published = await mutate(api, api.designer, 'publishDefinition', {
      definitionId: answer.definition?.id ?? '',
    });
    expect(ofType(published, 'PublishDefinitionPayload').published.number).toBe(1);
  });

  test('becomes a definition whose own document is imported without loss', async () => {
    const { definition } = await imported({ document: fixtureText(fixture), mapping: mapping() });
    const again = await imported({ document: definition?.document });
    expect(again).toMatchObject({ format: 'HANDRAIL', notTakenOver: [] });
    expect(again.definition?.document).toBe(definition?.document);
  });

  test('replaces the draft of a definition', async () => {
    const { definition } = await imported({ document: JSON.stringify(flowTemplate()) });
    const again = await imported({
      document: fixtureText(fixture),
      mapping: mapping(),
      definitionId: definition?.id,
      expectedVersion: 1,
    });
    expect(again.definition).toMatchObject({ id: definition?.id, name, version: 2 });
  });
});

test('What is not taken over is told with its path and the reason', async () => {
  const answer = await imported({ document: fixtureText('flow-template'), mapping: mapping() });
  expect(answer.notTakenOver).toContainEqual({
    path: 'assigned_to[2]',
    code: 'UNMAPPED_ASSIGNEE',
    message: 'The mapping does not say who "usr-gone" is here.',
  });
});

test('Without a mapping nobody and nothing is known, and the rest arrives', async () => {
  const answer = await imported({ document: fixtureText('create-flow-template') });
  expect(leftOut(answer).filter((entry) => entry.startsWith('UNMAPPED'))).toEqual([
    'UNMAPPED_ASSIGNEE tasks[0].assigned_to[0]',
    'UNMAPPED_AUTOMATION tasks[1].automation_config',
    'UNMAPPED_CLOSING_REASON closing_reasons[0]',
  ]);
  expect(answer.definition?.name).toBe('Change of supplier');
});

test('A repeated import answers the same, and makes one definition', async () => {
  const input = { document: fixtureText('flow-template'), mapping: mapping(), idempotencyKey: 'once' };
  expect(await imported(input)).toEqual(await imported(input));
  const other = await api.data<{ importDefinition: Imported }>(api.designer, IMPORT, {
    input: { ...input, mapping: null },
  });
  expect(other.importDefinition.__typename).toBe('IdempotencyConflictProblem');
});

test.each<[what: string, input: object, issue: { path: string; code: string }]>([
  ['no format that is known', { document: '{}' }, { path: 'document', code: 'INVALID_VALUE' }],
  [
    'a wrong value',
    { document: JSON.stringify(flowTemplate({ linear: 'yes' })) },
    { path: 'document.linear', code: 'INVALID_TYPE' },
  ],
  [
    'an assignee who is nobody’s id',
    { document: '{}', mapping: { assignees: [{ from: 'a', toId: 'x' }] } },
    { path: 'mapping.assignees[0].toId', code: 'INVALID_ID' },
  ],
  [
    'a closing reason of another kind',
    { document: '{}', mapping: { closingReasons: [{ from: 'a', toId: encodeId('User', 'x') }] } },
    { path: 'mapping.closingReasons[0].toId', code: 'INVALID_ID' },
  ],
  [
    'two meanings of one id',
    {
      document: JSON.stringify(flowTemplate()),
      mapping: { journeys: ['b', 'c'].map((to) => ({ from: 'a', to })) },
    },
    { path: 'mapping.journeys[1].from', code: 'AMBIGUOUS' },
  ],
])('%s is refused, and nothing is made', async (_what, input, issue) => {
  const count = () => api.database.prisma.definition.count();
  const before = await count();
  expect(await imported({ ...input })).toEqual({ __typename: 'InvalidInputProblem', issues: [issue] });
  expect(await count()).toBe(before);
});

test('Only who may design imports', async () => {
  const input = { document: JSON.stringify(flowTemplate()) };
  expect(await api.errorCodes(api.member, IMPORT, { input })).toEqual(['FORBIDDEN']);
});
