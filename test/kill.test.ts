import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeFile } from '../src/domains/rewards/index.ts';
import { fileSource } from '../src/sources/files.ts';
import { openDatabase } from '../src/store/db.ts';
import { campaignIn } from './rewards.ts';

const ROOT = join(import.meta.dirname, '..');
const FIXTURE = join(ROOT, 'test/fixtures/rewards/contracts.BJ.jsonl');
const COPIES = 12;

/** The built command line, as its users call it. `npm test` has built it. */
describe('killed in the middle of settling', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let contracts: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-kill-'));
    env = {
      ...process.env,
      DATABASE_URL: `file:${join(folder, 'fieldbell.db')}`,
      FIELDBELL_DATA: folder,
      FIELDBELL_SAMPLE: 'off',
      LOG_LEVEL: 'error',
    };
    contracts = join(folder, 'contracts.jsonl');
    const rows = (await readFile(FIXTURE, 'utf8')).trim().split('\n');
    const copies = Array.from({ length: COPIES }, (_, copy) =>
      rows.map((line) => {
        const row = JSON.parse(line) as Record<string, unknown>;
        const other = (name: string) => ({ [name]: `${row[name]}-${copy}` });
        return JSON.stringify({
          ...row,
          ...other('合同ID(_id)'),
          ...other('工单编号(serviceAppointmentNum)'),
          ...other('管家(serviceHousekeeper)'),
          ...other('管家ID(serviceHousekeeperId)'),
        });
      }),
    );
    await writeFile(contracts, copies.flat().join('\n'));
    const imported = await fieldbell('import', 'contracts', contracts, '--campaign', 'BJ-2025-10', '--json');
    expect(imported.code).toBe(0);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function start(...args: string[]) {
    const child = spawn(process.execPath, [join(ROOT, 'dist/src/cli.js'), ...args], { env, cwd: folder });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    const ended = new Promise<{ code: number | null; out: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, out })),
    );
    return { child, ended };
  }
  const fieldbell = (...args: string[]) => start(...args).ended;
  const settle = ['jobs', 'run', 'rewards.settle', '--at', '2025-10-17T09:30:00+08:00'];

  it('the next run finishes it: every award once, every letter once', async () => {
    const db = openDatabase(String(env['DATABASE_URL']));
    try {
      const all = await db.contract.count();
      let killed = 0;
      for (let turn = 0; turn < 3; turn++) {
        const { child, ended } = start(...settle);
        const before = await db.settlement.count();
        const began = performance.now();
        while ((await db.settlement.count()) === before && performance.now() - began < 60_000) {
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        child.kill('SIGKILL');
        await ended;
        const after = await db.settlement.count();
        if (after > 0 && after < all) killed++;
      }
      expect(killed).toBeGreaterThan(0);

      const { code, out } = await fieldbell(...settle);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ state: 'done' });
      expect(await db.jobRun.count({ where: { state: 'interrupted' } })).toBeGreaterThan(0);

      const expected: string[] = [];
      const read = { zone: 'Asia/Shanghai', onBad: () => expect.unreachable() };
      for await (const decision of computeFile(campaignIn('beijing-2025-10.yaml'), fileSource(contracts), read)) {
        for (const reward of decision.rewards) expected.push(`${decision.contractId} ${reward.name} ${reward.paidFen}`);
      }
      const ledger = await db.ledgerEntry.findMany();
      const booked = ledger.map((entry) => `${entry.contractId} ${entry.name} ${entry.amountFen}`);
      expect(booked.toSorted()).toEqual(expected.toSorted());
      expect(await db.settlement.count()).toBe(all);
      expect(await db.letter.count({ where: { to: 'channel:beijing-sales' } })).toBe(all);
      const winners = new Set(expected.map((line) => line.split(' ')[0])).size;
      expect(await db.letter.count({ where: { to: { startsWith: 'housekeeper:' } } })).toBe(winners);
    } finally {
      await db.$disconnect();
    }
  }, 300_000);
});
