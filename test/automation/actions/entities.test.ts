import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId } from '../../../src/store/global-id.ts';
import { openActions, type Actions } from '../../support/actions.ts';

let actions: Actions;
beforeAll(async () => {
  actions = await openActions();
});
afterAll(async () => {
  await actions[Symbol.asyncDispose]();
});

test('creates an entity, as the system and because of the run', async () => {
  const entityId = await actions.entity({ customer: { name: 'Anna' }, tags: ['new'] });
  const { outcome, events } = await actions.act(
    'CREATE_ENTITY',
    {
      schema: 'contact',
      title: 'Contact {{entity.customer.name}}\n',
      attributes: [
        { target: 'person.name', mode: 'COPY', source: 'entity.customer.name' },
        { target: 'tags', mode: 'APPEND', value: ['{{entity.tags}}', 'x'] },
      ],
    },
    { entityId },
  );
  if (outcome.type !== 'DONE') throw new Error(outcome.type);
  const made = await actions.readEntity(outcome.entityId ?? '');
  expect(made).toMatchObject({
    schema: 'contact',
    title: 'Contact Anna',
    attributes: { person: { name: 'Anna' }, tags: [['new'], 'x'] },
  });
  expect(outcome.output).toMatchObject({ schema: 'contact', title: 'Contact Anna' });
  expect(outcome.output['id']).toBe(globalId('Entity', made.id));
  expect(events).toMatchObject([
    { type: 'ENTITY_CREATED', actorId: null, runId: actions.run.id, chainDepth: 3, subjectId: made.id },
  ]);
});

test('changes the entity of the run, and leaves out of the log what stays', async () => {
  const entityId = await actions.entity({ price: 10, kept: 1 });
  const attributes = [{ target: 'price', mode: 'SET', value: '{{input.price}}' }];
  const { outcome, events } = await actions.act(
    'UPDATE_ENTITY',
    { attributes },
    { entityId },
    { input: { price: 20 } },
  );
  expect(outcome).toMatchObject({ type: 'DONE', entityId });
  expect(await actions.readEntity(entityId)).toMatchObject({
    version: 2,
    attributes: { price: 20, kept: 1 },
  });
  expect(events).toMatchObject([
    { type: 'ENTITY_UPDATED', runId: actions.run.id, changedFields: ['attributes.price'] },
  ]);
});

test('changes the entity that an earlier action put out', async () => {
  const [mine, other] = [await actions.entity(), await actions.entity({}, 'contact')];
  const first = await actions.act('UPDATE_ENTITY', { title: 'Contact' }, { entityId: other });
  if (first.outcome.type !== 'DONE') throw new Error(first.outcome.type);
  const steps = { made: first.outcome.output };
  const config = { onEntityOf: 'made', title: '{{steps.made.title}} 2' };
  const { outcome } = await actions.act('UPDATE_ENTITY', config, { entityId: mine }, { steps });
  expect(outcome).toMatchObject({ entityId: other });
  expect((await actions.readEntity(other)).title).toBe('Contact 2');
});

test('fails without an entity, and if it would get too large, and changes nothing', async () => {
  const attributes = [{ target: 'text', mode: 'SET', value: '{{input.text}}' }];
  await expect(actions.act('UPDATE_ENTITY', { attributes })).rejects.toMatchObject({ code: 'NO_ENTITY' });
  const entityId = await actions.entity({ text: 'short' });
  const input = { text: 'x'.repeat(300_000) };
  await expect(actions.act('UPDATE_ENTITY', { attributes }, { entityId }, { input })).rejects.toMatchObject({
    problem: { code: 'INVALID_INPUT', issues: [{ code: 'TOO_LONG' }] },
  });
  expect((await actions.readEntity(entityId)).attributes).toEqual({ text: 'short' });
});
