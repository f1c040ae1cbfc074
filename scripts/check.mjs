// `npm run check`: everything that can be checked by machine, each part even where another fails. `--fast`: no tests.
import { setUp } from './steps/index.mjs';
import { run, tool } from './steps/run.mjs';

const parts = {
  'format and lint': () => tool('@biomejs/biome', ['ci', '--colors=off', '.']),
  types: () => tool('typescript', ['--noEmit', '-p', 'tsconfig.json', '--pretty', 'false']),
  imports: () => tool('dependency-cruiser', ['src', 'bots', 'jobs', 'test', 'web']),
  'dead code': () => tool('knip', []),
  migrations: () => run(process.execPath, ['scripts/migration.mjs', '--check']),
  tests: () => run(process.execPath, ['scripts/test.mjs'], { inherit: true }),
};

await setUp();
if (process.argv.includes('--fast')) delete parts.tests;
const failed = [];
for (const [name, check] of Object.entries(parts)) {
  const began = performance.now();
  const took = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  try {
    await check();
    console.log(`✓ ${name} ${took()}`);
  } catch (error) {
    failed.push(name);
    console.log(`${error.output ?? error.message}\n✗ ${name} ${took()}`);
  }
}
if (failed.length > 0) {
  console.log(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
