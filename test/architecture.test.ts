import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const config = join(root, '.dependency-cruiser.cjs');

/** What dependency-cruiser finds wrong in a tree, as `rule: from → to`. */
function violations(tree: string): string[] {
  const command = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const folders = ['src', 'bots', 'jobs', 'test', 'web'];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [command, '--config', config, '--output-type', 'json', ...folders],
    { cwd: tree, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (!stdout) throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as {
    summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
  };
  expect(summary.totalCruised).toBeGreaterThan(10);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort();
}

describe('who imports whom', { timeout: 60_000 }, () => {
  let tree: string;
  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'fieldbell-imports-'));
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  // That they hold is the business of `npm run check`.
  test('each rule bites', () => {
    const files: Record<string, string[]> = {
      'src/store/db.ts': ['../core/time.ts', '../core/errors.ts', './generated/client.ts'],
      'src/store/generated/client.ts': [],
      'src/core/errors.ts': [],
      'src/core/time.ts': [],
      'src/core/circle.ts': ['./round.ts', '../store/db.ts'],
      'src/core/round.ts': ['./circle.ts'],
      'src/core/greedy.ts': ['../render/draw.ts'],
      'src/core/alone.ts': [],
      'src/core/lost.ts': ['./nowhere.ts'],
      'src/core/tested.ts': ['../../test/helper.ts'],
      'src/core/developer.ts': ['vitest'],
      'src/render/draw.ts': ['../sources/fetch.ts', '../core/time.ts'],
      'src/sources/fetch.ts': ['../core/time.ts'],
      'src/domains/one/index.ts': ['./store.ts', '../two/index.ts'],
      'src/domains/one/store.ts': ['../../store/db.ts', '@prisma/client/runtime/client'],
      'src/domains/one/commands.ts': ['@prisma/client/runtime/client'],
      'src/domains/two/index.ts': ['./model.ts'],
      'src/domains/two/model.ts': [],
      'src/runtime/answer.ts': ['../domains/two/index.ts', '../domains/two/model.ts', '../app.ts', '../http/server.ts'],
      'src/http/server.ts': ['../core/time.ts'],
      'src/app.ts': ['./main.ts', '../bots/one/index.ts', '../jobs/index.ts'],
      'src/main.ts': ['./core/time.ts'],
      'bots/one/index.ts': ['../../src/core/time.ts', '../two/index.ts', '../../src/store/db.ts'],
      'bots/two/index.ts': ['../../src/core/time.ts'],
      'jobs/index.ts': ['../src/http/server.ts', '../src/domains/two/index.ts'],
      'test/helper.ts': [],
      'web/main.ts': ['../src/core/time.ts'],
    };
    for (const [file, imports] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      const lines = imports.map((path) => `import '${path}';\n`);
      writeFileSync(join(tree, file), `${lines.join('')}export const here = 1;\n`);
    }
    writeFileSync(join(tree, 'tsconfig.json'), JSON.stringify({ compilerOptions: { module: 'nodenext' } }));
    writeFileSync(join(tree, 'package.json'), readFileSync(join(root, 'package.json')));
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    const found = violations(tree).map((line) => line.replace(/→ .*node_modules\/((?:@[^/]+\/)?[^/]+).*/, '→ $1'));
    expect(found).toEqual(
      [
        'a-domain-has-one-door: src/runtime/answer.ts → src/domains/two/model.ts',
        'bots-know-core-only: bots/one/index.ts → bots/two/index.ts',
        'bots-know-core-only: bots/one/index.ts → src/store/db.ts',
        'core-knows-the-store-only: src/core/greedy.ts → src/render/draw.ts',
        'core-knows-the-store-only: src/core/tested.ts → test/helper.ts',
        'domains-know-core-and-store: src/domains/one/index.ts → src/domains/two/index.ts',
        'jobs-are-below-the-app: jobs/index.ts → src/http/server.ts',
        'no-circular: src/core/circle.ts → src/core/round.ts',
        'no-orphans: src/core/alone.ts → src/core/alone.ts',
        'no-test-code-in-the-program: src/core/tested.ts → test/helper.ts',
        'no-undeclared-packages: src/core/developer.ts → vitest',
        'no-unresolvable: src/core/lost.ts → ./nowhere.ts',
        'prisma-stays-in-the-store: src/domains/one/commands.ts → @prisma/client',
        'runtime-and-http-are-below-the-app: src/runtime/answer.ts → src/app.ts',
        'runtime-knows-no-http: src/runtime/answer.ts → src/http/server.ts',
        'sources-and-render-know-core: src/render/draw.ts → src/sources/fetch.ts',
        'store-is-the-floor: src/store/db.ts → src/core/time.ts',
        'the-app-starts-nothing: src/app.ts → src/main.ts',
        'the-page-takes-types-only: web/main.ts → src/core/time.ts',
      ].sort(),
    );
    const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };
    const bitten = new Set(found.map((line) => line.split(':')[0]));
    expect(forbidden.map((rule) => rule.name).filter((name) => !bitten.has(name))).toEqual([]);
  });
});

describe('the world is asked in one place', () => {
  /** Lines of the program, outside tests, that match; as `file:line`. */
  const uses = (pattern: RegExp, allowed: string) =>
    ['src', 'bots', 'jobs'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => `${folder}/${file}`)
        .filter(
          (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('src/store/generated/'),
        )
        .filter((file) => file !== allowed)
        .flatMap((file) =>
          readFileSync(join(root, file), 'utf8')
            .split('\n')
            .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}`] : [])),
        ),
    );
  const environment = /\bprocess\.env\b/;
  const clock = /\bDate\.now\(|\bnew Date\(\s*\)|\bTemporal\.Now\b/;

  test('the environment in config.ts', () => {
    expect(uses(environment, 'src/config.ts')).toEqual([]);
    expect(uses(environment, '')).not.toEqual([]);
  });

  test('the clock in core/time.ts', () => {
    expect(uses(clock, 'src/core/time.ts')).toEqual([]);
    expect(uses(clock, '')).not.toEqual([]);
  });
});
