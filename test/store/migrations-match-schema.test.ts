import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schemaDiff } from '../../scripts/schema-diff.ts';
import { createTestDatabase } from '../support/database.ts';

const schema = join(import.meta.dirname, '../../prisma/schema.prisma');

test('the migrations make exactly the database that schema.prisma describes', async () => {
  await using database = await createTestDatabase();
  expect(await schemaDiff(database.connectionString, schema)).toBe('');
});

test('a database that lacks something differs', async () => {
  await using empty = await createTestDatabase('template1');
  expect(await schemaDiff(empty.connectionString, schema)).toMatch(/^CREATE TABLE/m);
});
