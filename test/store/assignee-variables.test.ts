import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { updateEntity } from '../../src/commands/entities.ts';
import { writeAssignee } from '../../src/commands/session-facts.ts';
import { createTeam } from '../../src/commands/teams.ts';
import { createUser, updateUser } from '../../src/commands/users.ts';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import { expectSound } from '../support/log.ts';
import { edge, phase, task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const OWNER: AssigneeRef = { type: 'VARIABLE', id: '{{entity.owner}}' };

let shop: Workshop;
let bert: AssigneeRef;
let gone: AssigneeRef;
let fitters: AssigneeRef;

beforeAll(async () => {
  shop = await openWorkshop();
  const user = async (name: string): Promise<AssigneeRef> => {
    const made = await createUser(shop.caller, {
      externalId: `Ext-${name}`,
      name,
      email: `${name}@example.com`,
      kind: 'INTERNAL',
      company: null,
    });
    return { type: 'USER', id: made.ok ? made.value : '' };
  };
  bert = await user('bert');
  gone = await user('gone');
  await updateUser(shop.caller, { id: gone.id, isActive: false });
  const team = await createTeam(shop.caller, { name: 'Öl & Gas', memberIds: [] });
  fitters = { type: 'TEAM', id: team.ok ? team.value : '' };
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

/** Whom a task of the owner is assigned to if this is what the entity says. */
async function assigneesFor(owner: unknown): Promise<readonly AssigneeRef[]> {
  const entityId = await shop.entity({ owner, note: 'x'.repeat(1000) });
  const id = await shop.start({ tasks: [task('a', { assignees: [OWNER] })] }, [entityId]);
  return (await shop.task(id, 'a')).assignees;
}

describe('a variable names', () => {
  test.each<[string, () => unknown, () => AssigneeRef]>([
    ['a user by the id that the API gives', () => writeAssignee(bert), () => bert],
    ['a team by the id that the API gives', () => writeAssignee(fitters), () => fitters],
    ['a user by the key', () => bert.id.toUpperCase(), () => bert],
    ['a user by the e-mail address', () => ' Bert@Example.com ', () => bert],
    ['a user by the external id', () => 'EXT-BERT', () => bert],
    ['a team by the name', () => 'öL & gas', () => fitters],
    ['a user by an object with the id', () => ({ id: writeAssignee(bert), name: 'Bert' }), () => bert],
  ])('%s', async (_name, owner, expected) => {
    expect(await assigneesFor(owner())).toEqual([expected()]);
  });

  test('several by a list', async () => {
    expect(await assigneesFor(['bert@example.com', 'Öl & Gas'])).toEqual([bert, fitters]);
  });

  test.each<[string, () => unknown]>([
    ['nobody by a text that nobody has', () => 'nobody'],
    ['nobody by the name of somebody who is not active', () => writeAssignee(gone)],
    ['nobody by the id of something else', () => writeAssignee({ ...bert, type: 'TEAM' })],
    ['nobody by a text of 55 letters that is no id', () => 'a'.repeat(55)],
    ['nobody by what is no text', () => 7],
  ])('%s, and stays as it is', async (_name, owner) => {
    expect(await assigneesFor(owner())).toEqual([OWNER]);
  });
});

describe('a variable', () => {
  test('of a task is looked up again when the task is reached', async () => {
    const entityId = await shop.entity({ owner: 'bert@example.com' });
    const tasks = [task('a'), task('b', { assignees: [OWNER] })];
    const id = await shop.start({ tasks, edges: [edge('a > b')] }, [entityId]);
    expect((await shop.task(id, 'b')).assignees).toEqual([bert]);
    await updateEntity(shop.caller, { id: entityId, attributes: { owner: 'Öl & Gas' } });
    await shop.give(id, 'a', 'COMPLETE_TASK');
    expect((await shop.task(id, 'b')).assignees).toEqual([fitters]);
  });

  test('of a phase and of the execution is looked up at the start', async () => {
    const entityId = await shop.entity({ owner: 'bert@example.com' });
    const content = {
      assignees: [OWNER],
      phases: [phase('first', { assignees: [OWNER] })],
      tasks: [task('a', { phaseKey: 'first' })],
    };
    const found = await shop.execution(await shop.start(content, [entityId]));
    expect(found?.execution.assignees).toEqual([bert]);
    expect(found?.phases[0]?.assignees).toEqual([bert]);
  });

  test('knows again whom a sync rule has written, in the same command', async () => {
    const tasks = [task('a', { assignees: [fitters] }), task('b', { assignees: [OWNER] })];
    const entitySync = [
      {
        event: 'TASK_COMPLETED' as const,
        taskKey: 'a',
        phaseKey: null,
        entitySchema: 'order',
        path: 'owner',
        source: 'TASK_ASSIGNEES' as const,
        customValue: null,
      },
    ];
    const entityId = await shop.entity();
    const id = await shop.start({ tasks, edges: [edge('a > b')], entitySync }, [entityId]);
    await shop.give(id, 'a', 'COMPLETE_TASK');
    expect((await shop.readEntity(entityId)).attributes).toEqual({ owner: [writeAssignee(fitters)] });
    await shop.give(id, 'a', 'REOPEN_TASK', { revert: true });
    await shop.give(id, 'a', 'COMPLETE_TASK');
    expect((await shop.task(id, 'b')).assignees).toEqual([fitters]);
  });

  test('that names nobody is in nobody’s way: others are responsible beside it', async () => {
    const id = await shop.start({ tasks: [task('a', { assignees: [OWNER, bert] })] });
    expect((await shop.task(id, 'a')).assignees).toEqual([OWNER, bert]);
    await shop.give(id, 'a', 'ASSIGN_TASK', { set: [fitters] });
    expect((await shop.task(id, 'a')).assignees).toEqual([fitters]);
  });
});
