/** `npm run schema` writes schema.graphql from the code; with `--check` it only says whether the file is up to date. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../src/graphql/schema.ts';

const file = join(import.meta.dirname, '../schema.graphql');
const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed !== printed) {
    process.stderr.write('schema.graphql is not what the code says: run npm run schema and commit it\n');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, printed);
}
