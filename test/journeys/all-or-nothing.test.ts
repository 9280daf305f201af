import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import type { Statement } from '../../src/store/statement.ts';
import { byToken, copy, made, openedFrom, withForm } from '../support/journeys.ts';
import { expectSound } from '../support/log.ts';
import { faultyDatabase, type Loss } from '../support/faulty-database.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

/** The same database, whose transactions fail with their statement of this number. */
function failingAt(database: Database, number: number): Database {
  return {
    ...database,
    transaction: (scope, work) =>
      database.transaction(scope, (tx) => {
        let sent = 0;
        return work({
          ...tx,
          query<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]> {
            sent += 1;
            if (sent === number) return Promise.reject(new Error('the disk is full'));
            return tx.query(statement, values);
          },
        });
      }),
  };
}

interface Written {
  readonly seq: number;
  readonly submissions: number;
  readonly tasks: readonly string[];
  readonly open: readonly boolean[];
}

/** Everything that a submission writes. */
async function everything(executionId: string, entityId: string, token: string) {
  const { organizationId } = shop.viewer;
  const { rows } = await shop.database.pool.query<Written>(
    `select (select last_seq from event_counter where organization_id = $1) as seq,
       (select count(*)::int from journey_submission b where b.execution_id = $2) as submissions,
       (select json_agg(t.status order by t.key) from task t where t.execution_id = $2) as tasks,
       (select json_agg(s.submitted_at is null) from journey_session s where s.execution_id = $2) as open`,
    [organizationId, executionId],
  );
  const entity = await shop.readEntity(entityId);
  const view = await byToken(shop).view(token);
  const [written] = rows;
  if (!written) throw new Error('an aggregate answered no row');
  return { ...written, attributes: entity.attributes, version: entity.version, status: view?.status };
}

const value = fc.oneof(fc.constantFrom('12345', '1234', ''), fc.integer(), fc.constant(null));
const data = fc.record(
  {
    address: fc.record({ zip: value, city: fc.string({ maxLength: 5 }) }, { requiredKeys: [] }),
    email: fc.string(),
  },
  { requiredKeys: [] },
);
const rarely = fc.nat(4).map((n) => n === 0);
const right = fc.constant({ address: { zip: '54321', city: 'Nordhafen' } });

test('a submission is done as a whole or not at all, whatever is filled in and wherever it fails; and once', async () => {
  const journeyId = await made(shop, {
    mapping: [copy('zip', 'data.address.zip'), copy('list.zip', 'data.address.zip')],
  });
  const fault = fc.oneof(
    fc.record({ at: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ loss: fc.constantFrom<Loss>('NONE', 'BEFORE', 'AFTER') }),
  );
  let done = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 3, arbitrary: right }, data),
      fault,
      rarely,
      rarely,
      async (filledIn, broken, isListInTheWay, isHeld) => {
        const entityId = await shop.entity({ zip: 'none', ...(isListInTheWay ? { list: [] } : {}) });
        const tasks = [withForm('form', journeyId), task('next')];
        const executionId = await shop.start({ isSequential: true, tasks }, [entityId]);
        const { token } = await openedFrom(shop, executionId, 'form');
        if (isHeld) await shop.give(executionId, 'form', 'HOLD_TASK');
        const before = await everything(executionId, entityId, token);
        const database =
          'at' in broken
            ? failingAt(shop.database, broken.at)
            : faultyDatabase(shop.database, () => broken.loss);
        const first = await byToken(shop, database)
          .submit(token, filledIn)
          .catch(() => null);
        const after = await everything(executionId, entityId, token);
        if (after.submissions === 0) expect(after).toEqual(before);
        // Whoever was not answered tries again, and is told if it was done.
        const second = await byToken(shop).submit(token, filledIn);
        const last = await everything(executionId, entityId, token);
        if (last.submissions === 0) {
          expect([first?.ok ?? false, second.ok]).toEqual([false, false]);
          expect(last).toEqual(before);
          return;
        }
        done += 1;
        expect(last).toMatchObject({
          ...{ submissions: 1, tasks: ['COMPLETED', 'PENDING'], open: [false], status: 'SUBMITTED' },
          attributes: { zip: filledIn.address?.zip },
          version: 2,
        });
        expect(second.ok).toBe(after.submissions === 0);
        if (!second.ok) expect(second.problem.code).toBe('JOURNEY_SESSION_NOT_OPEN');
      },
    ),
    { numRuns: 40 },
  );
  expect(done).toBeGreaterThan(3);
});
