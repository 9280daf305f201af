import { describe, expect, test } from 'vitest';
import { readEntityPage, countEntities, type EntityFilter } from '../../src/store/entity-list.ts';
import { statement, type Queryable } from '../../src/store/statement.ts';

describe('the name of a statement', () => {
  test('may have 63 bytes, which is what PostgreSQL tells apart', () => {
    expect(statement('a'.repeat(63), 'select 1').name).toHaveLength(63);
    expect(() => statement('a'.repeat(64), 'select 1')).toThrow('63');
    expect(() => statement('ä'.repeat(32), 'select 1')).toThrow('63');
  });

  test('is another one for each text of the list of entities', async () => {
    const texts = new Map<string, Set<string>>();
    const db: Queryable = {
      query: ({ name, text }) => {
        texts.set(name, (texts.get(name) ?? new Set()).add(text));
        return Promise.resolve([]);
      },
    };
    const filters: EntityFilter[] = [null, 'contract'].flatMap((schema) =>
      [null, 'roof'].flatMap((search) =>
        [null, { city: 'Kiel' }].flatMap((attributes) =>
          [null, true, false].flatMap((hasOpenExecution) =>
            [null, ['u']].map((scope) => ({ schema, search, attributes, hasOpenExecution, scope })),
          ),
        ),
      ),
    );
    for (const filter of filters) {
      await countEntities(db, 'o', filter);
      for (const field of ['title', 'createdAt', 'updatedAt'] as const)
        for (const isDescending of [true, false])
          for (const after of [null, { value: 'x', id: 'y' }])
            await readEntityPage(db, 'o', filter, { field, isDescending }, after, 10);
    }
    expect(texts.size).toBe(filters.length * 13);
    for (const [name, { size }] of texts) expect(size, name).toBe(1);
  });
});
