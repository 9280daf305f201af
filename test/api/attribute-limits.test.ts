/** Attributes that JSON text can write and nobody can keep. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEntity, updateEntity } from '../../src/commands/entities.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { entity, keyOf } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const refusal = (code: string) => ({
  ok: false,
  problem: { code: 'INVALID_INPUT', issues: [{ path: 'attributes', code }] },
});

it.each([21, 3_000, 100_000])('%i levels are refused, with an idempotency key, too', async (depth) => {
  const attributes: unknown = JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));
  const input = { schema: 'order', title: 'Deep', attributes };
  const caller = api.context(api.member);
  expect(await createEntity(caller, input)).toMatchObject(refusal('TOO_DEEP'));
  expect(await createEntity(caller, { ...input, idempotencyKey: `deep ${depth}` })).toMatchObject(
    refusal('TOO_DEEP'),
  );
});

it.each(['{ "n": 1e999 }', '{ "n": [{ "m": -1e999 }] }'])(
  'a number too large for floating point is refused: %s',
  async (text) => {
    const attributes: unknown = JSON.parse(text);
    const caller = api.context(api.member);
    expect(await createEntity(caller, { schema: 'order', title: 'Big', attributes })).toMatchObject(
      refusal('INVALID_NUMBER'),
    );
    const id = keyOf(await entity(api));
    expect(await updateEntity(caller, { id, attributes })).toMatchObject(refusal('INVALID_NUMBER'));
  },
);

it('the same input in another order of its fields is the same for an idempotency key', async () => {
  const create = (attributes: object) =>
    createEntity(api.context(api.member), {
      schema: 'order',
      title: 'One',
      attributes,
      idempotencyKey: 'order',
    });
  const first = await create({ a: { c: [1, 'x', null], d: true }, b: -0.5 });
  expect(first).toMatchObject({ ok: true });
  expect(await create({ b: -0.5, a: { d: true, c: [1, 'x', null] } })).toMatchObject({
    value: first.ok && first.value,
  });
  expect(await create({ b: -0.5, a: { d: true, c: ['x', 1, null] } })).toMatchObject({
    problem: { code: 'IDEMPOTENCY_CONFLICT' },
  });
});
