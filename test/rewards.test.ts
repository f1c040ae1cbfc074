import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCampaigns, standingOf } from '../src/domains/rewards/campaigns.ts';
import { type Settled, settleAll } from '../src/domains/rewards/settle.ts';
import { sync } from '../src/runtime/sync.ts';
import { fileSource } from '../src/sources/files.ts';
import { type TestApp, testApp } from './app.ts';
import { startWecomRobotEmulator } from './emulators/wecom-robot.ts';

const KEY = '693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa';
const MANAGER = '693a91f6-7aaa-4bc4-97a0-0ec2sifa5bbb';
const CONTRACTS = join(import.meta.dirname, 'fixtures/rewards/contracts.BJ.jsonl');
const EXPECTED = join(import.meta.dirname, 'fixtures/rewards/expected.BJ-2025-10.jsonl');
const CAMPAIGN = 'BJ-2025-10';

type Row = Record<string, unknown>;
const lines = async (file: string): Promise<Row[]> =>
  (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

describe('settling a campaign', () => {
  let test: TestApp;
  let robot: Awaited<ReturnType<typeof startWecomRobotEmulator>>;

  beforeEach(async () => {
    let now = () => new Date('2025-10-17T01:30:00Z');
    robot = await startWecomRobotEmulator({ keys: [KEY, MANAGER], clock: { now: () => now() } });
    test = await testApp({
      // The contracts are of September; the campaign runs in October.
      at: '2025-10-17T09:30:00+08:00',
      settings: { WECOM_API_BASE: robot.url, BEIJING_SALES_ROBOT: KEY, BEIJING_MANAGER_ROBOT: MANAGER },
    });
    now = () => test.clock.now();
  });
  afterEach(async () => {
    await test.close();
    await robot.close();
  });

  async function importRows(rows: Row[], campaign: string | null = CAMPAIGN) {
    const file = join(test.folder, `contracts-${Math.random().toString(36).slice(2)}.jsonl`);
    await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const feed = test.app.feeds.find((one) => one.dataset === 'contracts');
    if (!feed) throw new Error('no contracts feed');
    return sync(test.app.context, feed, fileSource(file), { campaign: campaign ?? undefined });
  }

  const settle = (args: Record<string, unknown> = {}) => test.run('rewards.settle', args);
  const db = () => test.app.context.db;
  const letters = (state?: string) => db().letter.findMany({ where: state ? { state } : {}, orderBy: { seq: 'asc' } });

  /** Delivers over so many minutes, as the robot's limit asks for. */
  async function deliverAll(): Promise<void> {
    for (let minute = 0; minute < 60; minute++) {
      await test.deliver();
      if ((await letters('queued')).length === 0) return;
      test.clock.advance(60_000);
    }
  }

  it('books exactly the expected awards, once, however often and in however many parts it runs', async () => {
    const rows = await lines(CONTRACTS);
    const paid = (await lines(EXPECTED)).flatMap((row) =>
      (row['reward_names'] as string[]).map((name, at) => [
        row['contract_id'],
        name,
        Math.round((row['money_paid'] as number[])[at] ?? 0) * 100,
      ]),
    );
    for (const end of [60, 61, 150, rows.length]) {
      await importRows(rows.slice(0, end));
      const run = await settle();
      expect(run.state).toBe('done');
    }
    const again = await settle();
    expect(again.counts).toMatchObject({ new: 0, booked: 0, corrected: 0, announced: 0, noticed: 0 });
    const ledger = await db().ledgerEntry.findMany({ orderBy: { id: 'asc' } });
    const booked = ledger.map((entry) => [entry.contractId, entry.name, entry.amountFen]);
    expect(booked.length).toBe(paid.length);
    expect(new Set(booked.map(String))).toEqual(new Set(paid.map(String)));
  });

  it('tells the group of each contract and the person of each award, once', async () => {
    const rows = await lines(CONTRACTS);
    const person = await test.app.people.add({ name: '管家一', role: 'staff' });
    const own = rows.find((row) => row['管家(serviceHousekeeper)'] === '管家001');
    await test.app.people.subject(person.id, 'housekeeper', String(own?.['管家ID(serviceHousekeeperId)']));
    await importRows(rows.slice(0, 60));
    const run = await settle();
    const contracts = new Set(rows.slice(0, 60).map((row) => row['合同ID(_id)'])).size;
    expect(run.counts).toMatchObject({ new: contracts, announced: contracts });
    await deliverAll();
    const said = robot.received(KEY);
    expect(said.length).toBe(contracts);
    expect(JSON.stringify(said[0])).toContain('喜报');

    // Nobody is linked: notices are held, and say why.
    const held = await letters('held');
    expect(held.length).toBeGreaterThan(0);
    expect(held.every((letter) => letter.reason?.startsWith('no linked address: housekeeper'))).toBe(true);

    // Linked, they are sent; the others stay.
    const mine = held.filter((letter) => letter.to === `housekeeper:${own?.['管家ID(serviceHousekeeperId)']}`);
    expect(mine.length).toBeGreaterThan(0);
    await test.app.people.link(person.id, `console:@${person.id}`);
    await test.deliver();
    expect((await letters('held')).length).toBe(held.length - mine.length);
    const shown = await db().consoleMessage.findMany({ where: { room: `@${person.id}` } });
    expect(shown.length).toBe(mine.length);
    expect(shown[0]?.message).toContain('你获得');

    await settle();
    await deliverAll();
    expect(robot.received(KEY).length).toBe(contracts);
  });

  it('keeps to the robot: 20 a minute, none lost, none twice, in order', async () => {
    await importRows((await lines(CONTRACTS)).slice(0, 50));
    await settle();
    await test.deliver();
    expect(robot.received(KEY).length).toBe(20);
    await deliverAll();
    const numbers = robot.received(KEY).map(({ body }) => /本月第 (\d+) 单/.exec(JSON.stringify(body))?.[1]);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, at) => String(at + 1)));
    expect(
      (await letters()).filter((letter) => letter.to === 'channel:beijing-sales' && letter.state !== 'sent'),
    ).toEqual([]);
  });

  it('a correction is booked as a difference that names its cause, and told', async () => {
    const rows = await lines(CONTRACTS);
    await importRows(rows);
    await settle();
    const award = await db().ledgerEntry.findFirstOrThrow({ where: { name: '达标奖' } });
    // Every contract of that person shrinks to one yuan: the tiers are gone.
    const winner = rows.find((row) => row['合同ID(_id)'] === award.contractId);
    const name = winner?.['管家(serviceHousekeeper)'];
    const corrected = rows
      .filter((row) => row['管家(serviceHousekeeper)'] === name)
      .map((row): Row => ({ ...row, '合同金额(adjustRefundMoney)': 1 }));
    test.clock.advance(60_000);
    expect(await importRows(corrected)).toMatchObject({
      added: 0,
      changed: new Set(corrected.map((row) => row['合同ID(_id)'])).size,
    });
    test.clock.advance(60_000);
    const run = await settle();
    expect(run.counts?.['corrected']).toBeGreaterThan(0);
    const entries = await db().ledgerEntry.findMany({ where: { person: award.person, awardKey: award.awardKey } });
    expect(entries.map((entry) => entry.amountFen)).toEqual([20000, -20000]);
    expect(entries[1]?.cause).toMatch(/^corrected contract TEST-BJ-/);
    expect((await letters()).some((letter) => letter.message.includes('奖励更正'))).toBe(true);
    expect((await settle()).counts).toMatchObject({ corrected: 0, booked: 0, noticed: 0 });
  });

  it('the first settling of a campaign that is over books and says nothing, unless asked', async () => {
    test.clock.set('2025-11-05T09:00:00+08:00');
    const rows = await lines(CONTRACTS);
    await importRows(rows.slice(0, 120));
    const quiet = await settle();
    expect(quiet.counts?.['booked']).toBeGreaterThan(0);
    expect(await letters()).toEqual([]);
    // Asked for: what was kept quiet is told now, once.
    const loud = await settle({ announce: true });
    expect(loud.counts?.['announced']).toBe(new Set(rows.slice(0, 120).map((row) => row['合同ID(_id)'])).size);
    expect(loud.counts?.['noticed']).toBeGreaterThan(0);
    expect((await settle({ announce: true })).counts).toMatchObject({ announced: 0, noticed: 0 });
    // A late contract is news again.
    await importRows(rows.slice(120, 121));
    expect((await settle()).counts).toMatchObject({ announced: 1 });
  });

  it('of two that settle at once both end clean, and together they book what one would', async () => {
    await importRows(await lines(CONTRACTS));
    const { context } = test.app;
    const wish = { campaign: CAMPAIGN, announce: false };
    let other: Promise<Settled> | undefined;
    // It has read everything and is about to write: then the other does it all.
    const slow = new Proxy(context.db, {
      get: (db, name) =>
        name === '$transaction'
          ? async (work: Parameters<typeof db.$transaction>[0]) => {
              other ??= settleAll(context, wish);
              await other;
              return db.$transaction(work);
            }
          : Reflect.get(db, name),
    });
    const nothing = { new: 0, booked: 0, corrected: 0, announced: 0, noticed: 0 };
    expect(await settleAll({ ...context, db: slow }, wish)).toMatchObject(nothing);
    const booked = { new: await db().settlement.count(), booked: await db().ledgerEntry.count() };
    expect(await other).toMatchObject(booked);
    expect(booked.booked).toBeGreaterThan(0);
    expect(await settleAll(context, wish)).toMatchObject(nothing);
  });

  it('whatever changes a stored contract, the next answer has it', async () => {
    await importRows((await lines(CONTRACTS)).slice(0, 1));
    const { context } = test.app;
    const [campaign] = (await readCampaigns(context)).campaigns.filter(({ key }) => key === CAMPAIGN);
    if (!campaign) throw new Error('no campaign');
    const amounts = async () => (await standingOf(context, campaign)).decisions.map(({ amountFen }) => amountFen);
    const [first] = await amounts();
    await db().contract.updateMany({ data: { amountFen: 1_00 } });
    expect(await amounts()).toEqual([1_00]);
    await db().contract.updateMany({ data: { campaign: 'SH-2025-10' } });
    expect(await amounts()).toEqual([]);
    await db().contract.updateMany({ data: { campaign: null, province: '110000', signedDay: '2025-10-31' } });
    expect(await amounts()).toEqual([1_00]);
    await db().contract.updateMany({ data: { withdrawnAt: new Date() } });
    expect(await amounts()).toEqual([]);
    await db().contract.deleteMany();
    await importRows((await lines(CONTRACTS)).slice(0, 1));
    expect(await amounts()).toEqual([first]);
  });

  it('takes contracts by city and signing day without being told', async () => {
    const rows = (await lines(CONTRACTS)).slice(0, 6);
    const dated = (day: string) =>
      rows.map((row, at) => ({
        ...row,
        '合同ID(_id)': `${day}-${at}`,
        '签约时间(signedDate)': `${day}T10:00:00.000+08:00`,
      }));
    await importRows(
      [...dated('2025-09-30'), ...dated('2025-10-01'), ...dated('2025-10-31'), ...dated('2025-11-01')],
      null,
    );
    expect((await settle({ campaign: CAMPAIGN })).counts).toMatchObject({ read: 12 });
  });

  it('an unknown campaign is an error, and a run that failed says so', async () => {
    const run = await settle({ campaign: 'XX-2099-01' });
    expect(run.state).toBe('failed');
    expect(run.error).toContain('XX-2099-01');
  });
});
