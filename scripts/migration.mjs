/**
 * `node scripts/migration.mjs NAME` writes prisma/migrations/<yyyymmddhhmmss>_<name>/migration.sql: what leads from the
 * migrations to prisma/schema.prisma. `--check` fails where that is not nothing. Works without a network: Prisma's schema
 * engine comes from npm as WebAssembly and tries the migrations on a database in memory.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setUp } from './steps/index.mjs';
import { root } from './steps/run.mjs';

const folder = join(root, 'prisma/migrations');

/** The SQL that is missing in the migrations; empty where they and the schema agree. */
async function missingSql() {
  const schema = readFileSync(join(root, 'prisma/schema.prisma'), 'utf8');
  const engine = await schemaEngine(schema);
  const { stdout } = await engine.diff({
    from: { tag: 'migrations', ...migrations() },
    to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout.includes('This is an empty migration') ? '' : stdout.trimStart();
}

async function schemaEngine(schema) {
  const { bindMigrationAwareSqlAdapterFactory } = await import('@prisma/driver-adapter-utils');
  const engine = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const wasm = readFileSync(join(entry, '../schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': engine });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const connect = await memoryDatabase();
  const factory = { provider: 'sqlite', adapterName: 'memory', connect, connectToShadowDb: connect };
  const datamodels = [['schema.prisma', schema]];
  return engine.SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

/** Taken from the source, so that a migration can be made while the rest does not compile yet. */
async function memoryDatabase() {
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(join(root, 'src/store/connection.ts'), { root, configFile: false });
  return async () => {
    const connection = new module.Connection(':memory:', { readOnly: false, timeout: 0 });
    const script = async (sql) => connection.script(sql);
    return {
      provider: 'sqlite',
      adapterName: 'memory',
      queryRaw: async (query) => connection.query(query),
      // The engine sends a whole migration this way.
      executeRaw: async (query) => (query.args.length ? connection.execute(query) : script(query.sql).then(() => 0)),
      executeScript: script,
      startTransaction: async () => {
        throw new Error('The schema engine asked for a transaction, which the database in memory does not offer.');
      },
      dispose: async () => connection.close(),
    };
  };
}

function migrations() {
  const lock = 'migration_lock.toml';
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return {
    baseDir: folder,
    lockfile: { path: lock, content: readFileSync(join(folder, lock), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: names
      .map((entry) => entry.name)
      .sort()
      .map((path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(join(folder, path, 'migration.sql'), 'utf8') },
        },
      })),
  };
}

async function main([argument]) {
  if (!argument || (argument.startsWith('-') && argument !== '--check')) {
    throw new Error('Give the migration a name, e.g. `npm run migration add_stores`, or --check.');
  }
  await setUp({ build: false });
  const sql = await missingSql();
  if (argument === '--check') {
    if (sql) throw new Error(`No migration makes this part of the schema; run \`npm run migration NAME\`:\n${sql}`);
    return console.error('The migrations make the schema.');
  }
  if (!sql) return console.error('The migrations already make the schema: nothing to write.');
  const when = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const name = `${when}_${argument.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`;
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'migration.sql'), sql);
  console.error(`prisma/migrations/${name}/migration.sql: read it before you commit it`);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
