import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Asker } from '../src/core/people.ts';
import { readCampaigns, standingOf } from '../src/domains/rewards/campaigns.ts';
import { plainText } from '../src/render/plain.ts';
import { sync } from '../src/runtime/sync.ts';
import { fileSource } from '../src/sources/files.ts';
import { type TestApp, testApp } from './app.ts';

type Row = Record<string, unknown>;
const ID = '合同ID(_id)';
const HOUSEKEEPER = '管家ID(serviceHousekeeperId)';
const AMOUNT = '合同金额(adjustRefundMoney)';

let test: TestApp;
beforeEach(async () => {
  test = await testApp({ at: '2025-10-17T09:30:00+08:00' });
});
afterEach(() => test.close());

async function contractsOf(city: string): Promise<Row[]> {
  const text = await readFile(join(import.meta.dirname, `fixtures/rewards/contracts.${city}.jsonl`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
    .map((row) => ({ ...row, [HOUSEKEEPER]: `hk-${row['管家(serviceHousekeeper)']}` }));
}

async function bring(campaign: string, rows: readonly Row[]): Promise<void> {
  const file = join(test.folder, 'portion.jsonl');
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const feed = test.app.feeds.find((one) => one.dataset === 'contracts');
  if (!feed) throw new Error('no contracts feed');
  await sync(test.app.context, feed, fileSource(file), { campaign });
}

const settle = (campaign: string) => test.run('rewards.settle', { campaign });

/** What is booked, in fen, by person. */
async function booked(campaign: string): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const { person, amountFen } of await test.app.context.db.ledgerEntry.findMany({ where: { campaign } }))
    sums.set(person, (sums.get(person) ?? 0) + amountFen);
  return new Map([...sums].filter(([, fen]) => fen !== 0).toSorted());
}

async function standing(key: string) {
  const campaign = (await readCampaigns(test.app.context)).campaigns.find((one) => one.key === key);
  if (!campaign) throw new Error(`no campaign ${key}`);
  return standingOf(test.app.context, campaign);
}

/** Every amount that a text gives before or after the words, in fen. */
function fenIn(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce(
    (sum, [, yuan]) => sum + Math.round(Number((yuan ?? '').replaceAll(',', '')) * 100),
    0,
  );
}

it.each([
  ['BJ-2025-10', 'BJ'],
  ['SH-2025-09', 'SH'],
])('in %s 为什么, 我的奖励 and the ledger give everybody the same, to the cent', async (campaign, city) => {
  await bring(campaign, await contractsOf(city));
  await settle(campaign);
  const ledger = await booked(campaign);
  expect(ledger.size).toBeGreaterThan(5);
  const { byPerson } = await standing(campaign);
  for (const [person, own] of byPerson) {
    let explained = 0;
    for (const { contractId, rewards } of own) {
      if (rewards.length === 0) continue;
      const why = await test.say({ command: 'rewards.why', args: { contract: contractId } });
      explained += fenIn(why, /\S+ ([\d,.]+) ✓ 与台账一致/g);
    }
    expect(explained, person).toBe(ledger.get(person) ?? 0);
    // Somebody may be with two providers: what he is told of a campaign is all that is his.
    const id = own[0]?.contract.housekeeperId ?? '';
    expect(id).not.toBe('');
    const asker: Asker = {
      ...{ personId: null, name: person, role: 'staff', lang: 'zh', from: null },
      subjects: [{ kind: 'housekeeper', id }],
    };
    const { message } = await test.app.answer({ asker, call: { command: 'rewards.mine', args: { campaign } } });
    const his = [...byPerson].filter(([, some]) => some[0]?.contract.housekeeperId === id);
    const all = his.reduce((sum, [key]) => sum + (ledger.get(key) ?? 0), 0);
    expect(fenIn(plainText(message, { clock: test.clock }), /累计奖励 ([\d,.]+) 元/g), person).toBe(all);
  }
});

it('whatever comes in whatever pieces, late, twice and corrected, the ledger is that of one run', async () => {
  const campaign = 'BJ-2025-10';
  const rows = (await contractsOf('BJ')).slice(0, 90);
  const [plan] = fc.sample(
    fc.array(fc.record({ from: fc.nat(89), length: fc.integer({ min: 1, max: 40 }), yuan: fc.nat(90_000) }), {
      minLength: 6,
      maxLength: 6,
    }),
    { seed: 11, numRuns: 1 },
  );
  for (const { from, length, yuan } of plan ?? []) {
    const piece = rows.slice(from, from + length);
    const corrected = piece.map((row, at) => (at % 7 === 3 ? { ...row, [AMOUNT]: yuan } : row));
    await bring(campaign, [...corrected, ...piece.slice(0, 2)]);
    await settle(campaign);
  }
  await bring(campaign, rows);
  await settle(campaign);
  const pieces = await booked(campaign);
  const arrived = await test.app.context.db.contract.findMany({ orderBy: { seq: 'asc' }, select: { id: true } });
  await settle(campaign);
  expect(await booked(campaign)).toEqual(pieces);

  await test.close();
  test = await testApp({ at: '2025-10-17T09:30:00+08:00' });
  const byId = new Map<string, Row>(rows.toReversed().map((row) => [String(row[ID]), row]));
  await bring(
    campaign,
    arrived.map(({ id }) => byId.get(id) as Row),
  );
  await settle(campaign);
  expect(await booked(campaign)).toEqual(pieces);
  expect(pieces.size).toBeGreaterThan(3);
});
