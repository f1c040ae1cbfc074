// `npm test`: sets up what is missing, then runs the tests; arguments are vitest's. The last line sums up.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from './steps/index.mjs';
import { tool } from './steps/run.mjs';

await setUp();
const folder = mkdtempSync(join(tmpdir(), 'fieldbell-tests-'));
const file = join(folder, 'results.json');
try {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  await tool('vitest', ['run', ...reporters, ...process.argv.slice(2)], { inherit: true });
} catch (error) {
  process.exitCode = Number(error.code) || 1;
}
console.log(summary(file));
rmSync(folder, { recursive: true, force: true });

/** `N passed, N failed, N skipped`; a file that could not be run at all counts as one failed test. */
function summary(results) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(results, 'utf8'),
    );
    const broken = testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length;
    return `${numPassedTests} passed, ${numFailedTests + broken} failed, ${numPendingTests + numTodoTests} skipped`;
  } catch {
    process.exitCode ||= 1;
    return '0 passed, 1 failed, 0 skipped';
  }
}
