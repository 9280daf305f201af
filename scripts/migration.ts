// `npm run migration -- <name>`: writes the next migration, the difference between prisma/migrations/ and
// prisma/schema.prisma, as prisma/migrations/<UTC time>_<name>/migration.sql. Read it before you commit it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Pool } from 'pg';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../src/store/embedded/embedded-postgres.ts';
import { applyMigrations } from '../src/store/migrations.ts';
import { schemaDiff } from './schema-diff.ts';

const root = join(import.meta.dirname, '..');
const migrations = join(root, 'prisma/migrations');
const name = process.argv[2] ?? '';

if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name)) {
  process.stderr.write('Usage: npm run migration -- <name>, the name in snake_case: add_due_date_index\n');
  process.exitCode = 1;
} else {
  const sql = await differenceToMigrations();
  if (sql === '') {
    process.stdout.write('prisma/migrations/ and prisma/schema.prisma agree: there is nothing to write.\n');
  } else {
    const folder = join(migrations, `${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}_${name}`);
    await mkdir(folder);
    await writeFile(join(folder, 'migration.sql'), `${sql}\n`);
    process.stdout.write(`Wrote ${relative(root, folder)}/migration.sql\n`);
  }
}

/** On a throw-away database, so that neither this machine's data nor a server is needed. */
async function differenceToMigrations(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-migration-'));
  try {
    await using server = await startEmbeddedPostgres({
      dataDir,
      log: pino({ level: 'silent' }),
      durability: 'off',
    });
    const pool = new Pool({ connectionString: server.connectionString, max: 1 });
    await applyMigrations(pool, migrations);
    await pool.end();
    return await schemaDiff(server.connectionString, join(root, 'prisma/schema.prisma'));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
