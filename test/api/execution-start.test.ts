import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveDefinition, disableDefinition } from '../../src/commands/definitions-life.ts';
import { createClosingReason } from '../../src/commands/closing-reasons.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { phased, task } from '../support/workflow.ts';
import {
  command,
  done,
  draft,
  entity,
  eventCount,
  keyOf,
  publish,
  readExecution,
  start,
  unknownId,
  userId,
} from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ENTITIES = graphql(`
  query ExecutionStartEntities($id: ID!, $customer: ID!) {
    workflowExecution(id: $id) {
      entity {
        id
      }
      contextEntities {
        id
        title
      }
    }
    entity(id: $customer) {
      executions {
        nodes {
          id
        }
        totalCount
      }
    }
  }
`);

const VERSION = graphql(`
  query ExecutionStartVersion($id: ID!) {
    workflowExecution(id: $id) {
      definition {
        id
      }
      definitionVersion {
        number
      }
    }
  }
`);

const REASONS = graphql(`
  query ExecutionStartReasons($id: ID!) {
    workflowExecution(id: $id) {
      configuredClosingReasons {
        id
        title
      }
    }
  }
`);

const COUNT = graphql(`
  query ExecutionStartCount($id: ID!) {
    entity(id: $id) {
      executions {
        totalCount
      }
    }
  }
`);

const TWO_PHASES = phased('survey: visit report', 'build: mount');

async function reason(title: string): Promise<{ readonly key: string; readonly id: string }> {
  const made = await createClosingReason(api.context(api.designer), { title });
  if (!made.ok) throw new Error(JSON.stringify(made.problem));
  return { key: made.value, id: encodeId('ClosingReason', made.value) };
}

describe('starting an execution', () => {
  it('makes the phases and tasks of the newest published version', async () => {
    const run = await start(api, { name: 'Solar', ...TWO_PHASES });
    expect(await readExecution(api, api.member, run.id)).toMatchObject({
      name: 'Solar',
      status: 'STARTED',
      version: 1,
      progress: { total: 3, completed: 0, skipped: 0 },
      currentTask: { name: 'visit' },
      phases: [
        { name: 'survey', status: 'IN_PROGRESS' },
        { name: 'build', status: 'OPEN' },
      ],
      tasks: [{ name: 'visit' }, { name: 'report' }, { name: 'mount' }],
    });
  });

  it('takes name, assignees and due date from the input before those of the definition', async () => {
    const definitionId = await publish(api, {
      name: 'Solar',
      tasks: [task('visit')],
      dueAt: '2026-05-01T00:00:00.000Z',
    });
    const { execution } = await done(api, api.member, 'startExecution', {
      definitionId,
      entityId: await entity(api),
      name: '  Solar for the Millers ',
      assigneeIds: [userId(api.admin)],
      dueAt: '2026-04-01T12:00:00+02:00',
    });
    expect(execution).toMatchObject({
      name: 'Solar for the Millers',
      assignees: [{ name: 'admin' }],
      dueAt: '2026-04-01T10:00:00.000Z',
    });
  });

  it('leaves out the definition’s due date when null is given', async () => {
    const definitionId = await publish(api, { tasks: [task('visit')], dueAt: '2026-05-01T00:00:00.000Z' });
    const input = { definitionId, entityId: await entity(api), dueAt: null };
    const { execution } = await done(api, api.member, 'startExecution', input);
    expect(execution?.dueAt).toBeNull();
  });

  it('is about context entities, too, which list it among their executions', async () => {
    const customer = await entity(api, { title: 'Miller', schema: 'contact' });
    const run = await start(api, { tasks: [task('visit')] }, { contextEntityIds: [customer] });
    const read = await api.data(api.member, ENTITIES, { id: run.id, customer });
    expect(read).toEqual({
      workflowExecution: {
        entity: { id: run.entityId },
        contextEntities: [{ id: customer, title: 'Miller' }],
      },
      entity: { executions: { nodes: [{ id: run.id }], totalCount: 1 } },
    });
  });

  it('refuses more than 20 entities', async () => {
    const definitionId = await publish(api, { tasks: [task('visit')] });
    const contextEntityIds = Array.from({ length: 20 }, (_, index) =>
      encodeId('Entity', `00000000-0000-7000-8000-0000000000${String(index + 10)}`),
    );
    const input = { definitionId, entityId: await entity(api), contextEntityIds };
    expect(await command(api, api.member, 'startExecution', input)).toMatchObject({
      issues: [{ path: 'contextEntityIds', code: 'TOO_MANY' }],
    });
  });

  it('keeps running on the version that it was started with', async () => {
    const definitionId = await publish(api, { tasks: [task('visit')] });
    const run = await start(api, {}, { definitionId });
    const version = await api.data(api.member, VERSION, { id: run.id });
    expect(version).toEqual({
      workflowExecution: { definition: { id: definitionId }, definitionVersion: { number: 1 } },
    });
  });

  it('snapshots the titles of the closing reasons', async () => {
    const { key, id } = await reason('Customer moved away');
    const run = await start(api, { tasks: [task('visit')], closingReasonIds: [key] });
    await done(api, api.designer, 'updateClosingReason', { closingReasonId: id, title: 'Moved' });
    const read = await api.data(api.member, REASONS, { id: run.id });
    expect(read).toEqual({
      workflowExecution: { configuredClosingReasons: [{ id, title: 'Customer moved away' }] },
    });
  });

  it.each([
    ['NOT_PUBLISHED', async () => draft(api, { tasks: [task('visit')] })],
    [
      'DISABLED',
      async () => {
        const id = await publish(api, { tasks: [task('visit')] });
        await disableDefinition(api.context(api.designer), { definitionId: keyOf(id) });
        return id;
      },
    ],
    [
      'ARCHIVED',
      async () => {
        const id = await publish(api, { tasks: [task('visit')] });
        await archiveDefinition(api.context(api.designer), { definitionId: keyOf(id) });
        return id;
      },
    ],
    ['NO_MANUAL_TRIGGER', async () => publish(api, { tasks: [task('visit')], triggers: [] })],
    [
      'ENTITY_SCHEMA_MISMATCH',
      async () =>
        publish(api, { tasks: [task('visit')], triggers: [{ type: 'MANUAL', entitySchema: 'contract' }] }),
    ],
  ] as const)('is refused with %s', async (expected, make) => {
    const input = { definitionId: await make(), entityId: await entity(api) };
    const before = await eventCount(api, api.member);
    const answer = await command(
      api,
      api.member,
      'startExecution',
      input,
      '... on DefinitionNotStartableProblem { reason }',
    );
    expect(answer).toMatchObject({ code: 'DEFINITION_NOT_STARTABLE', reason: expected });
    expect(await eventCount(api, api.member)).toBe(before);
  });

  it('fits when one of several manual triggers is for the entity’s schema', async () => {
    const triggers = ['contract', 'opportunity'].map((entitySchema) => ({
      type: 'MANUAL' as const,
      entitySchema,
    }));
    const run = await start(api, { tasks: [task('visit')], triggers });
    expect(await readExecution(api, api.member, run.id)).toMatchObject({ status: 'STARTED' });
  });

  it('names the entity that does not exist', async () => {
    const definitionId = await publish(api, { tasks: [task('visit')] });
    const missing = unknownId('Entity');
    const input = { definitionId, entityId: await entity(api), contextEntityIds: [missing] };
    const answer = await command(
      api,
      api.member,
      'startExecution',
      input,
      '... on NotFoundProblem { type id }',
    );
    expect(answer).toMatchObject({ code: 'NOT_FOUND', type: 'Entity', id: missing });
  });

  it('names the assignee that does not exist', async () => {
    const definitionId = await publish(api, { tasks: [task('visit')] });
    const assigneeIds = [userId(api.admin), unknownId('Team')];
    const input = { definitionId, entityId: await entity(api), assigneeIds };
    expect(await command(api, api.member, 'startExecution', input)).toMatchObject({
      issues: [{ path: 'assigneeIds[1]', code: 'UNKNOWN_ASSIGNEE' }],
    });
  });
});

describe('the idempotency key of a start', () => {
  it('makes one execution of ten starts at the same time', async () => {
    const definitionId = await publish(api, { tasks: [task('visit')] });
    const entityId = await entity(api);
    const input = { definitionId, entityId, idempotencyKey: 'ten at once' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => done(api, api.member, 'startExecution', input)),
    );
    expect(new Set(answers.map(({ execution }) => execution?.id)).size).toBe(1);
    const read = await api.data(api.member, COUNT, { id: entityId });
    expect(read).toEqual({ entity: { executions: { totalCount: 1 } } });
  });

  it('is refused with another input', async () => {
    const definitionId = await publish(api, { tasks: [task('visit')] });
    const idempotencyKey = 'another input';
    await done(api, api.member, 'startExecution', {
      definitionId,
      entityId: await entity(api),
      idempotencyKey,
    });
    const again = { definitionId, entityId: await entity(api), idempotencyKey };
    const answer = await command(api, api.member, 'startExecution', again);
    expect(answer).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(answer.message).toContain(idempotencyKey);
  });

  it('is free again after a start that was refused', async () => {
    const definitionId = await publish(api, { tasks: [task('visit')] });
    const idempotencyKey = 'refused first';
    await command(api, api.member, 'startExecution', {
      definitionId,
      entityId: unknownId('Entity'),
      idempotencyKey,
    });
    const again = { definitionId, entityId: await entity(api), idempotencyKey };
    expect(await command(api, api.member, 'startExecution', again)).toMatchObject({
      __typename: 'StartExecutionPayload',
    });
  });

  it('is each organization’s own', async () => {
    const inOther = {
      definitionId: await publish(api, { tasks: [task('visit')] }, api.otherAdmin),
      entityId: await entity(api, { viewer: api.otherAdmin }),
    };
    const here = {
      definitionId: await publish(api, { tasks: [task('visit')] }),
      entityId: await entity(api),
    };
    const idempotencyKey = 'same in both';
    const answers = [
      await command(api, api.member, 'startExecution', { ...here, idempotencyKey }),
      await command(api, api.otherAdmin, 'startExecution', { ...inOther, idempotencyKey }),
    ];
    expect(answers.map(({ __typename }) => __typename)).toEqual([
      'StartExecutionPayload',
      'StartExecutionPayload',
    ]);
  });
});
