import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** The built command line, as its users call it. `npm test` has built it. */
describe('the command line', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function fieldbell(...args: string[]): Promise<string> {
    const env = {
      ...process.env,
      DATABASE_URL: `file:${join(folder, 'fieldbell.db')}`,
      FIELDBELL_DATA: folder,
      FIELDBELL_SAMPLE: 'off',
      LOG_LEVEL: 'error',
    };
    const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'dist/src/cli.js'), ...args], { env });
    return stdout;
  }

  it('tries a draft, whatever its file is called, in the place of the document that has its campaign', async () => {
    await fieldbell(
      ...['import', 'contracts', join(ROOT, 'test/fixtures/rewards/contracts.BJ.jsonl'), '--campaign', 'BJ-2025-10'],
    );
    const document = await readFile(join(ROOT, 'rules/rewards/beijing-2025-10.yaml'), 'utf8');
    const draft = join(folder, 'my draft.yaml');
    await writeFile(draft, document.replace('达标奖, at: 100000, pays: 200', '达标奖, at: 90000, pays: 300'));
    const said = await fieldbell('rewards', 'diff', '--with', draft, '--campaign', 'BJ-2025-10');
    expect(said).toContain('12,514 → 13,414 yuan (+900.00), 9 get more, 0 get less');
    expect(said).toMatch(/管家001\s+3,580\.00\s+3,680\.00\s+\+100\.00/);
  });
});
