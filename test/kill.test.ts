import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../src/core/time.ts';
import { computeFile } from '../src/domains/rewards/index.ts';
import { fileSource } from '../src/sources/files.ts';
import { openDatabase } from '../src/store/db.ts';
import { type GuankeEmulator, planDay, startGuankeEmulator } from './emulators/guanke.ts';
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
      for (let turn = 0; turn < 2; turn++) {
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

describe('killed in the middle of a sync of calls', () => {
  const day = addDays(dayOf(new Date(), 'Asia/Shanghai'), -1);
  let folder: string;
  let guanke: GuankeEmulator;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldbell-kill-'));
    guanke = await startGuankeEmulator();
    guanke.days.set(day, planDay(day, { records: 4_000, nine: 40, one: 9, decoys: 3 }));
    env = {
      ...process.env,
      DATABASE_URL: `file:${join(folder, 'fieldbell.db')}`,
      FIELDBELL_DATA: folder,
      FIELDBELL_SAMPLE: 'off',
      LOG_LEVEL: 'error',
      GUANKE_BASE_URL: guanke.url,
      GUANKE_SECRET: 'console-secret',
    };
  });
  afterAll(async () => {
    await guanke.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers are as before or as after, never in between; the next run brings the truth at once', async () => {
    const cli = join(ROOT, 'dist/src/cli.js');
    const start = () =>
      spawn(process.execPath, [cli, 'sync', 'calls.records', '--from', day], { env, stdio: 'ignore' });
    const sync = async () => expect((await once(start(), 'close'))[0]).toBe(0);
    await sync();
    const db = openDatabase(String(env['DATABASE_URL']));
    try {
      const answered = async () => {
        const tallies = await db.callTally.findMany({ where: { day } });
        const count = (of: (row: (typeof tallies)[number]) => number) => tallies.reduce((sum, row) => sum + of(row), 0);
        const labelled = (grade: string) => count((row) => (row.grade === grade ? row.records : 0));
        return {
          records: count((row) => row.records),
          dialled: count((row) => row.dialled),
          connected: count((row) => row.connected),
          nine: labelled('AS1-成功单9元'),
          one: labelled('AS2-成功单1元'),
        };
      };
      const truth = () => {
        const { records, dialled, connected, nine, one } = guanke.truth(day);
        return { records, dialled, connected, nine, one };
      };
      const before = truth();
      expect(await answered()).toEqual(before);
      const calls = guanke.days.get(day) ?? [];
      for (const call of calls.filter((_, at) => at % 9 === 0)) Object.assign(call, { callState: 2, duration: 9 });
      for (const call of calls.filter((_, at) => at % 200 === 7)) call.grade = 'AS1-成功单9元';
      calls.splice(100, 70);
      calls.push(...planDay(day, { records: 400, one: 5, seed: 2 }));
      const after = truth();
      const isHalfWritten = async () => (await db.callRecord.count({ where: { day, durationS: 9 } })) > 0;
      let half = 0;
      for (const more of [0, 40, 150]) {
        const child = start();
        const ended = once(child, 'close');
        const runs = await db.callSync.count();
        while ((await db.callSync.count()) === runs && child.exitCode === null) await sleep(3);
        while (!(await isHalfWritten()) && child.exitCode === null) await sleep(3);
        await sleep(more);
        child.kill('SIGKILL');
        await ended;
        const now = await answered();
        expect([before, after]).toContainEqual(now);
        if (now.records === before.records && (await isHalfWritten())) half++;
      }
      expect(half).toBeGreaterThan(0);
      await sync();
      expect(await answered()).toEqual(after);
      const kept = await db.callRecord.findMany({ where: { day }, select: { id: true, grade: true } });
      const own = calls.map(({ id, grade }) => `${id} ${grade ?? ''}`);
      expect(kept.map(({ id, grade }) => `${id} ${grade ?? ''}`).sort()).toEqual(own.sort());
      expect(await db.callSync.count({ where: { error: 'interrupted' } })).toBeGreaterThan(0);
    } finally {
      await db.$disconnect();
    }
  }, 300_000);
});
