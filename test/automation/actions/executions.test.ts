import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTeam } from '../../../src/commands/teams.ts';
import { startExecutionIn } from '../../../src/commands/executions.ts';
import { asSystem } from '../../../src/commands/acting.ts';
import { parseGlobalId } from '../../../src/store/global-id.ts';
import { openActions, type Actions } from '../../support/actions.ts';
import { someViewer } from '../../support/live-fixture.ts';
import { task } from '../../support/workflow.ts';

let actions: Actions;
beforeAll(async () => {
  actions = await openActions();
});
afterAll(async () => {
  await actions[Symbol.asyncDispose]();
});

const tasks = [task('first'), task('second')];

function keyOf(id: unknown): string {
  return parseGlobalId(String(id))?.key ?? '';
}

describe('START_WORKFLOW', () => {
  test('starts what has a trigger for automations, one link further in the chain', async () => {
    const entityId = await actions.entity({ name: 'Anna' });
    const definitionId = await actions.publish({
      tasks,
      triggers: [{ type: 'AUTOMATION', automationId: null }],
    });
    const config = { definitionId, name: 'For {{entity.name}}' };
    const { outcome, events } = await actions.act('START_WORKFLOW', config, { entityId });
    if (outcome.type !== 'DONE') throw new Error(outcome.type);
    const execution = await actions.execution(keyOf(outcome.output['executionId']));
    expect(execution?.execution).toMatchObject({
      name: 'For Anna',
      entityIds: [entityId],
      chainDepth: 3,
      startedBy: { type: 'SYSTEM' },
    });
    expect(events[0]).toMatchObject({ type: 'EXECUTION_STARTED', actorId: null, runId: actions.run.id });
  });

  test.each<[what: string, automationId: string | null]>([
    ['no trigger for automations', null],
    ['one for another automation only', 'other'],
  ])('does not start what has %s', async (_what, automationId) => {
    const entityId = await actions.entity();
    const definitionId = await actions.publish({
      tasks,
      triggers:
        automationId === null
          ? [{ type: 'MANUAL', entitySchema: null }]
          : [{ type: 'AUTOMATION', automationId }],
    });
    await expect(actions.act('START_WORKFLOW', { definitionId }, { entityId })).rejects.toMatchObject({
      problem: { code: 'DEFINITION_NOT_STARTABLE', reason: 'NO_AUTOMATION_TRIGGER' },
    });
  });

  test('starts what has a trigger for this automation, and nothing when the chain is too long', async () => {
    const { run, database, viewer, clock } = actions;
    const entityId = await actions.entity();
    const automationId = run.automationId ?? '';
    const definitionId = await actions.publish({ tasks, triggers: [{ type: 'AUTOMATION', automationId }] });
    const { outcome } = await actions.act('START_WORKFLOW', { definitionId }, { entityId });
    expect(outcome.type).toBe('DONE');
    const scope = {
      organizationId: viewer.organizationId,
      actorId: null,
      now: clock.now().toISOString(),
      cause: { runId: run.id, chainDepth: 11, executionId: null },
    };
    const input = { definitionId, entityId, contextEntityIds: [] };
    const started = database.transaction(scope, async (tx) =>
      startExecutionIn(tx, await asSystem(tx), run.id, input, { automationId }),
    );
    await expect(started).rejects.toMatchObject({ problem: { code: 'CHAIN_TOO_DEEP', depth: 11 } });
  });
});

describe('CLOSE_EXECUTION', () => {
  test('closes the execution of the run, and is skipped the next time', async () => {
    const executionId = await actions.start({ tasks });
    const config = { description: 'Because of {{input.reason}}' };
    const input = { reason: 'the storno' };
    const { outcome, events } = await actions.act('CLOSE_EXECUTION', config, { executionId }, { input });
    expect(outcome.type).toBe('DONE');
    expect(events[0]).toMatchObject({ type: 'EXECUTION_CLOSED', actorId: null, runId: actions.run.id });
    const closed = await actions.execution(executionId);
    expect(closed?.execution).toMatchObject({
      status: 'CLOSED',
      closing: { description: 'Because of the storno' },
    });
    expect((await actions.act('CLOSE_EXECUTION', {}, { executionId })).outcome.type).toBe('SKIPPED');
  });

  test('closes all open executions on the entity of the run', async () => {
    const entityId = await actions.entity();
    const both = [await actions.start({ tasks }, [entityId]), await actions.start({ tasks }, [entityId])];
    const { outcome } = await actions.act('CLOSE_EXECUTION', { of: 'ENTITY' }, { entityId });
    if (outcome.type !== 'DONE') throw new Error(outcome.type);
    const ids = outcome.output['executionIds'] as readonly unknown[];
    expect(ids.map(keyOf).sort()).toEqual(both.sort());
    await expect(actions.act('CLOSE_EXECUTION', {}, { entityId })).rejects.toMatchObject({
      code: 'NO_EXECUTION',
    });
  });
});

describe('ASSIGN_TASKS', () => {
  test('makes users, teams and whom the entity names responsible for open tasks', async () => {
    const { database, caller, viewer } = actions;
    const bert = await someViewer(database, 'lindental', 'bert');
    const team = await createTeam(caller, { name: 'Roofers', memberIds: [] });
    if (!team.ok) throw new Error(team.problem.code);
    const executionId = await actions.start({ tasks });
    await actions.give(executionId, 'first', 'COMPLETE_TASK');
    const entityId = await actions.entity({ owner: 'bert', contact: { id: 'nobody' } });
    const assignees = [{ type: 'TEAM', id: team.value }];
    const config = { mode: 'SET', assignees, assigneeVariables: ['entity.owner'] };
    const { outcome, events } = await actions.act('ASSIGN_TASKS', config, { executionId, entityId });
    expect(outcome.type).toBe('DONE');
    expect(events).toMatchObject([{ type: 'TASK_ASSIGNED', runId: actions.run.id }]);
    expect((await actions.task(executionId, 'second')).assignees).toEqual([
      { type: 'TEAM', id: team.value },
      { type: 'USER', id: bert.userId },
    ]);

    const add = { mode: 'ADD', taskKeys: ['second'], assignees: [{ type: 'USER', id: viewer.userId }] };
    await actions.act('ASSIGN_TASKS', add, { executionId });
    expect((await actions.task(executionId, 'second')).assignees).toHaveLength(3);
    await actions.act('ASSIGN_TASKS', { ...add, mode: 'REMOVE' }, { executionId });
    expect((await actions.task(executionId, 'second')).assignees).toHaveLength(2);
    const finished = { ...add, taskKeys: ['first'] };
    expect((await actions.act('ASSIGN_TASKS', finished, { executionId })).outcome.type).toBe('SKIPPED');
    await expect(
      actions.act(
        'ASSIGN_TASKS',
        { mode: 'ADD', assigneeVariables: ['entity.contact'] },
        { executionId, entityId },
      ),
    ).rejects.toMatchObject({ code: 'UNKNOWN_ASSIGNEE' });
  });
});
