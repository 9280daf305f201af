import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import type { OrderDirection, TaskOrder, TaskOrderField } from '../support/generated/graphql.ts';
import { assignedTo, readInbox, type InboxPage } from '../support/inbox.ts';
import { task } from '../support/workflow.ts';
import { command, done, start } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

let people = 0;
/** Somebody with an empty inbox. */
function somebody(): Promise<Viewer> {
  return api.viewer(`somebody ${(people += 1)}`);
}

describe('the order of an inbox', () => {
  let viewer: Viewer;
  beforeAll(async () => {
    viewer = await somebody();
    await start(api, {
      tasks: [
        task('b', assignedTo(viewer, { dueAt: '2026-05-02T00:00:00.000Z' })),
        task('d', assignedTo(viewer)),
        task('a', assignedTo(viewer, { dueAt: '2026-05-01T00:00:00.000Z' })),
      ],
    });
    api.clock.advance(60_000);
    await start(api, { tasks: [task('c', assignedTo(viewer, { dueAt: '2026-05-03T00:00:00.000Z' }))] });
  });

  it.each<[TaskOrder, string]>([
    [{ field: 'DUE_AT' }, 'abcd'],
    [{ field: 'DUE_AT', direction: 'DESC' }, 'cbad'],
    [{ field: 'NAME' }, 'abcd'],
    [{ field: 'NAME', direction: 'DESC' }, 'dcba'],
  ])('is by %j, those without a due date last', async (orderBy, expected) => {
    const { nodes } = await readInbox(api, viewer, { orderBy });
    expect(nodes.map(({ name }) => name).join('')).toBe(expected);
  });

  it.each<[OrderDirection, number]>([
    ['ASC', 3],
    ['DESC', 0],
  ])('is by the start of the execution: %s', async (direction, place) => {
    const { nodes } = await readInbox(api, viewer, { orderBy: { field: 'STARTED_AT', direction } });
    expect(nodes.findIndex(({ name }) => name === 'c')).toBe(place);
  });

  it('is by due date if left out', async () => {
    expect((await readInbox(api, viewer)).nodes.map(({ name }) => name).join('')).toBe('abcd');
  });
});

describe('the pages of an inbox', () => {
  const day = fc.option(
    fc.integer({ min: 1, max: 6 }).map((date) => `2026-06-0${date}T00:00:00.000Z`),
    { nil: null },
  );
  const name = fc.constantFrom('alpha', 'Beta', 'beta', 'gamma', 'Zürich', 'ähre', '10', '9');
  const change = fc.record({
    index: fc.nat({ max: 11 }),
    kind: fc.constantFrom('COMPLETE' as const, 'RENAME', 'DUE', 'UNASSIGN', 'ADD'),
    name,
    dueAt: day,
  });
  const scenario = fc.record({
    tasks: fc.array(fc.record({ name, dueAt: day }), { minLength: 12, maxLength: 12 }),
    field: fc.constantFrom('DUE_AT', 'STARTED_AT', 'NAME'),
    direction: fc.constantFrom('ASC', 'DESC'),
    first: fc.integer({ min: 1, max: 5 }),
    changes: fc.array(change, { maxLength: 5 }),
  });

  type Row = InboxPage['nodes'][number] & { readonly startedAt: string };

  /** By UTF-8 bytes, as the test database compares. */
  function compareText(a: string, b: string): number {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }

  function sorted(rows: readonly Row[], field: TaskOrderField, direction: OrderDirection): string[] {
    const sign = direction === 'DESC' ? -1 : 1;
    const none = direction === 'DESC' ? '' : '~';
    const key = (row: Row): string =>
      field === 'NAME' ? row.name : field === 'STARTED_AT' ? row.startedAt : (row.dueAt ?? none);
    const uuid = (row: Row): string => Buffer.from(row.id, 'base64url').toString();
    return [...rows]
      .sort((a, b) => sign * (compareText(key(a), key(b)) || compareText(uuid(a), uuid(b))))
      .map(({ id }) => id);
  }

  interface Change {
    readonly kind: 'COMPLETE' | 'RENAME' | 'DUE' | 'UNASSIGN' | 'ADD';
    readonly name: string;
    readonly dueAt: string | null;
  }

  async function give(viewer: Viewer, row: Row, given: Change): Promise<unknown> {
    const input = { taskId: row.id };
    switch (given.kind) {
      case 'COMPLETE':
        return command(api, api.member, 'completeTask', input);
      case 'RENAME':
        return done(api, api.member, 'updateTask', { ...input, name: given.name });
      case 'DUE':
        return done(api, api.member, 'setTaskDueDate', { ...input, dueAt: given.dueAt });
      case 'ADD':
        return start(api, {
          tasks: [task('x', assignedTo(viewer, { name: given.name, dueAt: given.dueAt }))],
        });
      case 'UNASSIGN':
        return done(api, api.member, 'assignTask', { ...input, set: [] });
    }
  }

  it('show every task that stays as it is exactly once and in order, whatever happens to others meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ tasks, field, direction, first, changes }) => {
        const viewer = await somebody();
        const rows: Row[] = [];
        for (const half of [tasks.slice(0, 6), tasks.slice(6)]) {
          api.clock.advance(1_000);
          const startedAt = api.clock.now().toISOString();
          const run = await start(api, {
            tasks: half.map((parts, index) => task(`k${index}`, assignedTo(viewer, parts))),
          });
          const { nodes } = await readInbox(api, viewer, {
            first: 100,
            filter: { definitionIds: [run.definitionId] },
          });
          rows.push(...nodes.map((row) => ({ ...row, startedAt })));
        }
        const touched = new Set<string>();
        const seen: string[] = [];
        let after: string | null = null;
        let turn = 0;
        do {
          const page: InboxPage = await readInbox(api, viewer, {
            orderBy: { field, direction },
            first,
            after,
          });
          seen.push(...page.nodes.map(({ id }) => id));
          after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
          const given = changes[turn];
          const row = given && rows[given.index];
          if (row) {
            if (given.kind !== 'ADD') touched.add(row.id);
            await give(viewer, row, given);
          }
          turn += 1;
        } while (after !== null && turn < 50);
        const untouched = rows.filter(({ id }) => !touched.has(id));
        const known = new Set(untouched.map(({ id }) => id));
        expect(seen.filter((id) => known.has(id))).toEqual(sorted(untouched, field, direction));
      }),
      { numRuns: 12 },
    );
  });

  it('are counted as one list', async () => {
    const viewer = await somebody();
    await start(api, { tasks: ['a', 'b', 'c'].map((key) => task(key, assignedTo(viewer))) });
    const { nodes, totalCount, pageInfo } = await readInbox(api, viewer, { first: 2 });
    expect([nodes.length, totalCount, pageInfo.hasNextPage]).toEqual([2, 3, true]);
  });
});
