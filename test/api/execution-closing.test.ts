import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClosingReason } from '../../src/commands/closing-reasons.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { phased, task } from '../support/workflow.ts';
import { command, done, start } from '../support/workflows.ts';

const CLOSING = graphql(`
  query ExecutionClosing($id: ID!) {
    workflowExecution(id: $id) {
      status
      closing {
        reasons {
          id
          title
        }
        description
      }
      finishedBy {
        ... on User {
          name
        }
      }
    }
  }
`);

const FINISHED = graphql(`
  query ExecutionClosingFinished($id: ID!) {
    workflowExecution(id: $id) {
      closing {
        description
      }
      finishedAt
    }
  }
`);

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function reason(title: string): Promise<{ readonly key: string; readonly id: string }> {
  const made = await createClosingReason(api.context(api.designer), { title });
  if (!made.ok) throw new Error(JSON.stringify(made.problem));
  return { key: made.value, id: encodeId('ClosingReason', made.value) };
}

describe('closing an execution', () => {
  it('keeps the reasons and the description', async () => {
    const [expensive, late] = [await reason('Too expensive'), await reason('Too late')];
    const run = await start(api, { tasks: [task('visit')], closingReasonIds: [expensive.key, late.key] });
    await done(api, api.member, 'closeExecution', {
      executionId: run.id,
      reasonIds: [late.id, expensive.id],
      description: 'They chose another offer.',
    });
    expect(await api.data(api.member, CLOSING, { id: run.id })).toEqual({
      workflowExecution: {
        status: 'CLOSED',
        finishedBy: { name: 'member' },
        closing: {
          reasons: [
            { id: late.id, title: 'Too late' },
            { id: expensive.id, title: 'Too expensive' },
          ],
          description: 'They chose another offer.',
        },
      },
    });
  });

  it('needs no reason when none is configured', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const { execution } = await done(api, api.member, 'closeExecution', { executionId: run.id });
    expect(execution).toMatchObject({ status: 'CLOSED', currentTask: null });
  });

  it('is refused without one of the configured reasons', async () => {
    const { key } = await reason('Withdrawn');
    const run = await start(api, { tasks: [task('visit')], closingReasonIds: [key] });
    expect(await command(api, api.member, 'closeExecution', { executionId: run.id })).toMatchObject({
      issues: [{ path: 'reasonIds', code: 'REASON_REQUIRED' }],
    });
  });

  it('is refused with two reasons where exactly one is asked for', async () => {
    const [first, second] = [await reason('Single one'), await reason('Single two')];
    const run = await start(api, {
      tasks: [task('visit')],
      closingReasonIds: [first.key, second.key],
      hasSingleClosingReason: true,
    });
    const input = { executionId: run.id, reasonIds: [first.id, second.id] };
    expect(await command(api, api.member, 'closeExecution', input)).toMatchObject({
      issues: [{ path: 'reasonIds', code: 'SINGLE_REASON' }],
    });
  });

  it('is refused with a reason of the catalogue that is not configured, naming which', async () => {
    const [configured, other] = [await reason('Configured'), await reason('Not configured')];
    const run = await start(api, { tasks: [task('visit')], closingReasonIds: [configured.key] });
    const input = { executionId: run.id, reasonIds: [configured.id, other.id] };
    expect(await command(api, api.member, 'closeExecution', input)).toMatchObject({
      issues: [{ path: 'reasonIds[1]', code: 'UNKNOWN_REASON' }],
    });
  });

  it('leaves open tasks as they are, and nothing can be done with them', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    await done(api, api.member, 'startTask', { taskId: run.task('visit') });
    const { execution } = await done(api, api.member, 'closeExecution', { executionId: run.id });
    expect(execution?.tasks).toMatchObject([{ status: 'IN_PROGRESS', isEnabled: false, viewerCommands: [] }]);
  });

  it('is refused a second time, with the status', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    await done(api, api.member, 'closeExecution', { executionId: run.id });
    const answer = await command(
      api,
      api.member,
      'closeExecution',
      { executionId: run.id },
      '... on ExecutionNotOpenProblem { executionStatus }',
    );
    expect(answer).toMatchObject({ code: 'EXECUTION_NOT_OPEN', executionStatus: 'CLOSED' });
  });
});

describe('reopening an execution', () => {
  it('opens a closed one as it was, without its closing', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')] });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    await done(api, api.member, 'closeExecution', { executionId: run.id, description: 'By mistake.' });
    const { execution } = await done(api, api.member, 'reopenExecution', { executionId: run.id });
    expect(execution).toMatchObject({
      status: 'STARTED',
      currentTask: { name: 'mount' },
      tasks: [{ status: 'COMPLETED' }, { status: 'PENDING', isEnabled: true }],
    });
    const read = await api.data(api.member, FINISHED, { id: run.id });
    expect(read).toEqual({ workflowExecution: { closing: null, finishedAt: null } });
  });

  it('keeps a finished one open until the next task is finished', async () => {
    const run = await start(api, { ...phased('build: mount') });
    await done(api, api.member, 'completeTask', { taskId: run.task('mount') });
    await done(api, api.member, 'reopenExecution', { executionId: run.id });
    const added = await done(api, api.member, 'addTask', {
      executionId: run.id,
      name: 'clean up',
      place: { inPhase: { phaseId: run.phase('build') } },
    });
    expect(added.execution?.status).toBe('STARTED');
    const { execution } = await done(api, api.member, 'completeTask', { taskId: added.task?.id });
    expect(execution?.status).toBe('DONE');
  });

  it('is refused while it is open', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    expect(await command(api, api.member, 'reopenExecution', { executionId: run.id })).toMatchObject({
      code: 'EXECUTION_NOT_FINISHED',
    });
  });
});
