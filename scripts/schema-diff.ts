import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  bindMigrationAwareSqlAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import { Pool } from 'pg';

/**
 * The SQL that turns a database, as it is now, into what `schema.prisma` describes; empty when it is that already.
 *
 * Prisma's own engine compares them, in its WebAssembly build: the `prisma migrate` command needs a native one, which
 * it would download. Prisma's bookkeeping table and what its schema language cannot say (checks, functions, triggers)
 * are not compared.
 */
export async function schemaDiff(connectionString: string, schemaFile: string): Promise<string> {
  await loadEngine();
  const files = [{ path: basename(schemaFile), content: await readFile(schemaFile, 'utf8') }];
  const pool = new Pool({ connectionString, max: 1 });
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(catalogueAdapter(pool)),
  );
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '.' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const sql = (stdout ?? '').trim();
    return sql === emptyScript ? '' : sql;
  } finally {
    engine.free();
    await pool.end();
  }
}

/** What the engine prints when there is nothing to do. */
const emptyScript = '-- This is an empty migration.';

/**
 * Prisma's adapter for `pg`, and one thing more: the engine reads columns of PostgreSQL's internal type `"char"`
 * (oid 18) from the catalogue, which the adapter refuses. It is told that they are `text` (oid 25), and the engine
 * that they are characters.
 *
 * @param pool - of one connection, so that answers come in the order of the questions.
 */
function catalogueAdapter(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  let isChar: boolean[] = [];
  pool.on('connect', (client) => {
    if (!('connection' in client && client.connection instanceof EventEmitter)) return;
    client.connection.prependListener(
      'rowDescription',
      ({ fields }: { fields: { dataTypeID: number }[] }) => {
        isChar = fields.map(({ dataTypeID }) => dataTypeID === 18);
        for (const field of fields) if (field.dataTypeID === 18) field.dataTypeID = 25;
      },
    );
  });
  const factory = new PrismaPg(pool);
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await factory.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type, column) =>
        isChar[column] ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    };
    return adapter;
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect,
    connectToShadowDb: connect,
  };
}

/** The part of the global that is used here; Node's own types lack it. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

let loading: Promise<void> | undefined;

/** The package's own entry imports the `.wasm` file like a module, which Node does only behind a flag. */
function loadEngine(): Promise<void> {
  loading ??= (async () => {
    // Called when the engine gives up; without it the reason would be lost.
    const panics = {
      set_message(reason: string): never {
        throw new Error(`Prisma's schema engine: ${reason}`);
      },
    };
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics });
    const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(script.replace(/\.js$/, '.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': engineModule });
    engineModule.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })();
  return loading;
}
