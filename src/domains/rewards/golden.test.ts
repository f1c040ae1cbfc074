import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileSource } from '../../sources/files.ts';
import { type Campaign, campaignsFrom } from './campaign.ts';
import { computeFile } from './compute.ts';
import type { Decision } from './model.ts';

/**
 * Every campaign of the past against what the replaced system computed on the same contracts, in one run. A file
 * `expected.LEGACY-KEY` is the answer of its earlier engine for the campaign KEY. What is not compared, and why, stands
 * where it is left out.
 */
const FIXTURES = join(import.meta.dirname, '../../../test/fixtures/rewards');
const RULES = join(import.meta.dirname, '../../../rules');

interface Expected {
  contract_id: string;
  housekeeper_key: string;
  order_type: string;
  is_historical: boolean;
  sequence: number;
  contract_amount: number;
  performance_amount?: number | null;
  performance_field?: number | null;
  stats_performance_amount?: number | null;
  cumulative_performance_amount: number | null;
  count: number;
  total_amount: number;
  platform_count: number | null;
  platform_amount: number | null;
  self_referral_count: number | null;
  self_referral_amount: number | null;
  reward_types: string[];
  reward_names: string[];
  money?: number[];
  money_paid?: number[];
  next: { tier: string; gapFen: number } | { contractsShort: number } | null;
}

const { campaigns, mistakes } = readAll();
const files = readdirSync(FIXTURES).flatMap((file) => /^expected\.(.+)\.jsonl$/.exec(file)?.[1] ?? []);

function readAll() {
  const documents = readdirSync(join(RULES, 'rewards')).map((file) => ({
    file: `rules/rewards/${file}`,
    text: readFileSync(join(RULES, 'rewards', file), 'utf8'),
  }));
  return campaignsFrom(documents, [
    { file: 'rules/badges.yaml', text: readFileSync(join(RULES, 'badges.yaml'), 'utf8') },
  ]);
}

function campaignOf(name: string): Campaign {
  const key = name.replace(/^LEGACY-/, '');
  const found = campaigns.find((one) => one.key === key) ?? campaigns.find((one) => one.key.startsWith(`${key}-20`));
  if (!found) throw new Error(`no campaign ${key}`);
  return found;
}

async function compute(name: string, runs: number): Promise<Decision[]> {
  const clean = name === 'LEGACY-SH-2025-09' ? 'contracts.SH.clean' : undefined;
  const file = clean ?? (/SH-/.test(name) ? 'contracts.SH' : 'contracts.BJ');
  const decisions: Decision[] = [];
  const options = { zone: 'Asia/Shanghai', runs, onBad: () => {} };
  for await (const one of computeFile(campaignOf(name), fileSource(join(FIXTURES, `${file}.jsonl`)), options))
    decisions.push(one);
  return decisions;
}

/** The rows of a file, each contract once: what the old system printed twice is no rule. */
function expectedOf(name: string): Expected[] {
  const lines = readFileSync(join(FIXTURES, `expected.${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Expected);
  return rows.filter((row, at) => rows.findIndex((one) => one.contract_id === row.contract_id) === at);
}

const fen = (yuan: number) => Math.round(yuan * 100);

/** Persons whose repeated contract the old broadcast counted twice: their running figures are not compared. */
function spoiled(name: string, rows: readonly Expected[]): Set<string> {
  if (name !== 'BJ-PERFORMANCE-BROADCAST') return new Set();
  const lines = readFileSync(join(FIXTURES, `expected.${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Expected);
  const twice = lines.filter((row, at) => lines.findIndex((one) => one.contract_id === row.contract_id) !== at);
  return new Set(
    rows
      .filter((row) => twice.some((one) => one.housekeeper_key === row.housekeeper_key))
      .map((row) => row.housekeeper_key),
  );
}

/** The figures of a row that its engine had, in fen, beside ours. */
function figures(name: string, row: Expected, ours: Decision) {
  const legacy = name.startsWith('LEGACY-');
  const running = name !== 'LEGACY-SH-2025-09';
  const pairs: [string, number | null | undefined, number][] = [
    ['amount', fen(row.contract_amount), ours.amountFen],
    ['count', row.count, ours.count],
    ['platform count', row.platform_count, ours.platformCount],
    ['self-referral count', row.self_referral_count, ours.selfCount],
    ['platform sum', row.platform_amount === null ? null : fen(row.platform_amount), ours.platformSumFen],
    ['self-referral sum', row.self_referral_amount === null ? null : fen(row.self_referral_amount), ours.selfSumFen],
    ['sequence', row.sequence, ours.sequence],
  ];
  // In this file these two alone are cut to whole yuan.
  if (running) pairs.push(['sum', fen(row.total_amount), ours.sumFen]);
  const counted = legacy ? (name === 'LEGACY-BJ-2025-09' ? row.performance_field : null) : row.performance_amount;
  if (counted !== null && counted !== undefined) pairs.push(['counted', fen(counted), ours.countedFen]);
  const countedSum = legacy && name !== 'LEGACY-BJ-2025-09' ? row.performance_field : row.cumulative_performance_amount;
  if (countedSum !== null && countedSum !== undefined && running)
    pairs.push(['counted sum', fen(countedSum), ours.countedSumFen]);
  return pairs.filter(([, theirs]) => theirs !== null && theirs !== undefined);
}

/** A row as the old system has it, and as we do, with what is compared alone. */
function rowBoth(name: string, row: Expected, one: Decision, skip: ReadonlySet<string>) {
  const theirs: Record<string, unknown> = { id: row.contract_id };
  const mine: Record<string, unknown> = { id: one.contractId };
  const compare = (what: string, a: unknown, b: unknown) => {
    theirs[what] = a;
    mine[what] = b;
  };
  compare('person', row.housekeeper_key, one.person);
  compare('historical', row.is_historical, one.historical);
  // The earlier engine knew no self-referral before September 2025.
  if (!name.startsWith('LEGACY-') || name === 'LEGACY-SH-2025-09') compare('order', row.order_type, one.orderType);
  const awards = row.reward_names.map((award, index) => [row.reward_types[index], award]);
  compare(
    'awards',
    awards,
    one.rewards.map((reward) => [reward.type, reward.name]),
  );
  if (row.money)
    compare(
      'money',
      row.money.map(fen),
      one.rewards.map(({ amountFen }) => amountFen),
    );
  if (row.money_paid)
    compare(
      'paid',
      row.money_paid.map(fen),
      one.rewards.map(({ paidFen }) => paidFen),
    );
  for (const [what, a, b] of figures(name, row, one)) {
    if (skip.has(row.housekeeper_key) && !['amount', 'counted'].includes(what)) continue;
    if (skip.size > 0 && what === 'sequence') continue;
    compare(what, a, b);
  }
  // That engine wrote nothing of what is missing.
  if (name !== 'LEGACY-BJ-2024-04') compare('next', row.next, one.next);
  return { theirs, mine };
}

describe('every campaign of the past', () => {
  it('is a document without a mistake', () => {
    expect(mistakes).toEqual([]);
    expect(new Set(campaigns.map(({ key }) => key)).size).toBe(campaigns.length);
  });

  it.each(files.flatMap((name) => [1, 3].map((runs): [string, number] => [name, runs])))(
    '%s in %i runs: the same rows, awards and figures',
    async (name, runs) => {
      const ours = await compute(name, runs);
      const rows = expectedOf(name);
      const skip = spoiled(name, rows);
      expect(ours.map(({ contractId }) => contractId)).toEqual(rows.map((row) => row.contract_id));
      const pairs = rows.map((row, at) => rowBoth(name, row, ours[at] as Decision, skip));
      expect(pairs.map(({ mine }) => mine)).toEqual(pairs.map(({ theirs }) => theirs));
    },
  );
});
