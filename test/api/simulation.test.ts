import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { branch, decision, definition, edge, equals, task } from '../support/workflow.ts';
import { done, draft, entity, eventCount, publish, start, unknownId, userId } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const ASSIGNEES = 'assignees { __typename ... on User { id } ... on UnresolvedAssignee { variable } }';
const SIMULATE = `query ($input: SimulateDefinitionInput!) { answer: simulateDefinition(input: $input) {
  __typename
  ... on Problem { code message }
  ... on InvalidInputProblem { issues { path code } }
  ... on DefinitionInvalidProblem { definitionIssues { code } }
  ... on Simulation {
    status startedAt finishedAt dueAt isCut path diagram
    steps { at type taskKey branchKeys }
    tasks { key status isReached ${ASSIGNEES} dueAt scheduledFor finishedAt iterations visits { at dueAt } }
    neverReached { key }
    deadEnds { taskKey reason waitsForTaskKeys failure { code } }
    unusedDecisions { taskKey }
    entityWrites { at attribute value entity { title entity { id } } }
    entities { attributes }
  } } }`;

interface SimulatedTaskView {
  readonly key: string;
  readonly iterations: number;
}

interface SimulationView {
  readonly __typename: string;
  readonly message?: string;
  readonly code?: string;
  readonly issues?: readonly { readonly path: string; readonly code: string }[];
  readonly definitionIssues?: readonly { readonly code: string }[];
  readonly status: string;
  readonly path: readonly string[];
  readonly diagram: string;
  readonly tasks: readonly SimulatedTaskView[];
  readonly neverReached: readonly { readonly key: string }[];
  readonly deadEnds: readonly object[];
  readonly entityWrites: readonly {
    readonly attribute: string;
    readonly value: unknown;
    readonly entity: object;
  }[];
  readonly entities: readonly { readonly attributes: unknown }[];
}

async function simulation(input: object, viewer = api.member): Promise<SimulationView> {
  return (await api.data<{ answer: SimulationView }>(viewer, SIMULATE, { input })).answer;
}

const SCHEDULE = {
  anchor: 'REACHED',
  direction: 'AFTER',
  amount: 2,
  unit: 'WORKING_DAYS',
  taskKey: null,
  path: null,
  entitySchema: null,
} as const;
const DUE = { amount: 3, unit: 'DAYS', anchor: 'TASK_FINISHED', taskKey: 'visit', phaseKey: null } as const;

/** A loop by hand, an automatic decision, a variable, a schedule, a due date, something to write. */
function content(): Partial<DefinitionContent> {
  return {
    tasks: [
      task('visit', { assignees: [{ type: 'VARIABLE', id: '{{entity.owner}}' }] }),
      decision('good', [branch('again'), branch('yes')], {
        loop: { branchKey: 'again', exitBranchKey: 'yes', maxIterations: 3 },
      }),
      decision(
        'size',
        [branch('large', { statements: [equals('size', 'L')] }), branch('small', { isDefault: true })],
        { mode: 'AUTOMATIC' },
      ),
      task('crane', {
        schedule: SCHEDULE,
        dueRule: DUE,
        assignees: [{ type: 'USER', id: api.admin.userId }],
      }),
      task('ladder'),
    ],
    edges: [
      edge('visit > good'),
      edge('good =again> visit'),
      edge('good =yes> size'),
      edge('size =large> crane'),
      edge('size =small> ladder'),
    ],
    entitySync: [
      {
        event: 'TASK_COMPLETED',
        taskKey: 'crane',
        phaseKey: null,
        entitySchema: 'opportunity',
        path: 'built',
        source: 'CUSTOM_VALUE',
        customValue: 'yes',
      },
    ],
  };
}

const ANSWERS = [
  { taskKey: 'good', branchKeys: ['again'] },
  { taskKey: 'good', branchKeys: ['yes'] },
];

const REAL = `query ($id: ID!) { workflowExecution(id: $id) { status finishedAt diagram
  tasks { key status ${ASSIGNEES} dueAt scheduledFor finishedAt iterations } entity { attributes } } }`;

interface RealView {
  readonly workflowExecution: {
    readonly status: string;
    readonly finishedAt: string | null;
    readonly diagram: string;
    readonly tasks: readonly SimulatedTaskView[];
    readonly entity: { readonly attributes: unknown };
  };
}

describe('A dry run', () => {
  test('foretells what a real execution with the same answers does', async () => {
    const attributes = { size: 'L', owner: 'designer' };
    const entityId = await entity(api, { attributes });
    const definitionId = await publish(api, content());
    const foretold = await simulation({ definitionId, entityId, decisions: ANSWERS });

    const running = await start(api, {}, { definitionId, entityId });
    const complete = (name: string) => done(api, api.member, 'completeTask', { taskId: running.task(name) });
    for (const branchKeys of [['again'], ['yes']]) {
      await complete('visit');
      await done(api, api.member, 'decideTask', { taskId: running.task('good'), branchKeys });
    }
    // Monday and two working days; what waits is run when its time has come.
    const before = api.clock.now().toISOString();
    api.clock.set('2026-03-04T09:00:00.000Z');
    await done(api, api.member, 'startTask', { taskId: running.task('crane') });
    await complete('crane');
    api.clock.set(before);

    const { workflowExecution: real } = await api.data<RealView>(api.member, REAL, { id: running.id });
    expect(real.status).toBe('DONE');
    expect(foretold).toMatchObject({
      status: real.status,
      finishedAt: real.finishedAt,
      diagram: real.diagram,
      tasks: real.tasks,
      entities: [{ attributes: real.entity.attributes }],
      path: ['visit', 'good', 'visit', 'good', 'size', 'crane'],
      neverReached: [{ key: 'ladder' }],
      deadEnds: [],
      isCut: false,
      unusedDecisions: [],
    });
    expect(foretold.entityWrites).toEqual([
      {
        at: '2026-03-04T09:00:00.000Z',
        attribute: 'built',
        value: 'yes',
        entity: { title: 'Roof 1', entity: { id: entityId } },
      },
    ]);
  });

  test('writes nothing', async () => {
    const definitionId = await draft(api, content());
    const entityId = await entity(api, { attributes: { size: 'L' } });
    const events = await eventCount(api, api.member);
    api.resetStatements();
    await simulation({ definitionId, entityId, decisions: ANSWERS });
    expect(await eventCount(api, api.member)).toBe(events);
    for (const text of api.statements())
      expect(text).not.toMatch(/begin|insert into|update \w+ set|delete from/i);
  });

  test('takes an entity that there is not, and a workflow that is not saved', async () => {
    const answer = await simulation({
      content: { name: 'Visit', tasks: [{ key: 'a', name: 'A', assigneeVariables: ['{{entity.owner}}'] }] },
      entity: { schema: 'opportunity', title: 'New', attributes: { owner: 'designer' } },
      startAt: '2030-01-01T08:00:00Z',
      taskDuration: { amount: 2, unit: 'HOURS' },
    });
    expect(answer).toMatchObject({
      status: 'DONE',
      startedAt: '2030-01-01T08:00:00.000Z',
      finishedAt: '2030-01-01T10:00:00.000Z',
      tasks: [{ key: 'a', assignees: [{ __typename: 'User', id: userId(api.designer) }] }],
    });
  });

  test('tells where it gets stuck', async () => {
    const definitionId = await draft(api, content());
    const answer = await simulation({ definitionId, entityId: await entity(api) });
    expect(answer.status).toBe('STARTED');
    expect(answer.deadEnds.slice(0, 2)).toEqual([
      { taskKey: 'good', reason: 'NO_ANSWER', waitsForTaskKeys: [], failure: null },
      { taskKey: 'size', reason: 'BLOCKED', waitsForTaskKeys: ['good'], failure: null },
    ]);
  });

  test('takes the newest version, or a certain one, instead of the draft', async () => {
    const definitionId = await publish(api, { tasks: [task('old')] });
    const changed = { name: 'Other', tasks: [{ key: 'new', name: 'New' }] };
    await done(api, api.designer, 'saveDefinitionDraft', { definitionId, content: changed });
    const { workflowDefinition } = await api.data<{ workflowDefinition: { published: { id: string } } }>(
      api.member,
      'query ($id: ID!) { workflowDefinition(id: $id) { published { id } } }',
      { id: definitionId },
    );
    const entityId = await entity(api);
    const versionId = workflowDefinition.published.id;
    expect((await simulation({ definitionId, entityId })).path).toEqual(['new']);
    expect((await simulation({ definitionId, entityId, isDraft: false })).path).toEqual(['old']);
    expect((await simulation({ versionId, entityId })).path).toEqual(['old']);
  });
});

describe('A dry run is refused', () => {
  test('for a draft with errors, which are told', async () => {
    const definitionId = await draft(api, definition({ tasks: [task('a'), task('a')] }));
    const answer = await simulation({ definitionId, entityId: await entity(api) });
    expect(answer.__typename).toBe('DefinitionInvalidProblem');
    expect(answer.definitionIssues).not.toEqual([]);
  });

  test('for a definition that has no version, if that is asked for', async () => {
    const definitionId = await draft(api, { tasks: [task('a')] });
    const answer = await simulation({ definitionId, isDraft: false, entityId: await entity(api) });
    expect(answer.code).toBe('DEFINITION_NOT_STARTABLE');
  });

  test.each(['definitionId', 'versionId', 'entityId'])('for an unknown %s', async (field) => {
    const ids = {
      definitionId: 'WorkflowDefinition',
      versionId: 'DefinitionVersion',
      entityId: 'Entity',
    } as const;
    const known = { definitionId: await draft(api, { tasks: [task('a')] }), entityId: await entity(api) };
    const input = {
      ...known,
      ...(field === 'versionId' ? { definitionId: undefined } : {}),
      [field]: unknownId(ids[field as keyof typeof ids]),
    };
    expect((await simulation(input)).code).toBe('NOT_FOUND');
  });

  test('for answers to what is no decision by hand, and for branches that there are not', async () => {
    const definitionId = await draft(api, content());
    const decisions = [
      { taskKey: 'size', branchKeys: ['large'] },
      { taskKey: 'good', branchKeys: ['perhaps'] },
    ];
    const answer = await simulation({ definitionId, entityId: await entity(api), decisions });
    expect(answer.issues).toEqual([
      { path: 'decisions[0].taskKey', code: 'NOT_ALLOWED' },
      { path: 'decisions[1].branchKeys[0]', code: 'UNKNOWN_BRANCH' },
    ]);
  });

  test('without exactly one workflow and one entity', async () => {
    const answers = [await simulation({ entityId: await entity(api) })];
    answers.push(await simulation({ content: { name: 'A', tasks: [{ key: 'a', name: 'A' }] } }));
    expect(answers.map(({ issues }) => issues?.map(({ path, code }) => `${path} ${code}`))).toEqual([
      ['definitionId AMBIGUOUS'],
      ['entityId AMBIGUOUS'],
    ]);
  });

  test('to partners', async () => {
    const input = { definitionId: unknownId('WorkflowDefinition'), entityId: unknownId('Entity') };
    expect(await api.errorCodes(api.partner, SIMULATE, { input })).toEqual(['FORBIDDEN']);
  });
});
