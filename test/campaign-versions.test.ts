import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { campaignNamed } from '../src/cli/campaign-named.ts';
import { readConfig } from '../src/config.ts';
import { saveContracts } from '../src/domains/rewards/contracts/store.ts';
import { type TestApp, testApp } from './app.ts';
import { contractRow } from './rewards.ts';

const DOCUMENT = 'rules/rewards/beijing-2025-10.yaml';
const TEXT = readFileSync(DOCUMENT, 'utf8');

describe('editions of a campaign document', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await testApp({ at: '2025-10-20T10:00:00+08:00' });
    await test.app.people.add({ name: '组长', role: 'lead' });
    await test.app.people.add({ name: '老板', role: 'admin' });
    // 管家001: 10 contracts of 10,000 yuan: 达标奖 200 and twice 接好运 58. 管家002: 5 of 1,000: once 接好运.
    const rows = Array.from({ length: 15 }, (_, at) => {
      const first = at < 10;
      const [housekeeper, housekeeperId] = first ? ['管家001', 'hk001'] : ['管家002', 'hk002'];
      return contractRow({
        id: `c${at}`,
        number: `N${at}`,
        amountFen: first ? 1_000_000 : 100_000,
        housekeeper,
        housekeeperId,
      });
    });
    await saveContracts(test.app.context, rows, { source: 'S', sample: false });
    await test.run('rewards.settle');
  });
  afterEach(() => test.close());

  const call = async (command: string, args: Record<string, string | number | string[]>, as = '老板') =>
    test.ask({ command: `rewards.${command}`, args }, { as });
  const data = async (command: string, args: Record<string, string | number | string[]> = {}) => {
    const answer = await call(command, args);
    expect(answer.message.title, JSON.stringify(answer.message.blocks)).toBeTruthy();
    expect(answer.outcome).toBe('done');
    return answer.message.data as { version: number; findings: unknown; campaigns: unknown; decisions: unknown[] };
  };
  const changed = (from: string, to: string) => {
    expect(TEXT).toContain(from);
    return TEXT.replace(from, to);
  };
  const draft = async (text: string) => (await data('draft', { document: DOCUMENT, text })).version;
  const ledger = () => test.app.context.db.ledgerEntry.findMany({ orderBy: { id: 'asc' } });
  const MORE = changed('pays: 200 }', 'pays: 300 }').replace('pays: 58', 'pays: 50');

  it('a draft changes nothing, and only what was looked at can be published, by whom may', async () => {
    const version = await draft(MORE);
    expect(version).toBe(2);
    expect((await test.run('rewards.settle')).counts).toMatchObject({ booked: 0, corrected: 0 });
    const publish = { document: DOCUMENT, version };
    expect((await call('publish', publish)).message.blocks).toMatchObject([
      { text: expect.stringContaining('看影响') },
    ]);
    const seen = await data('diff', publish);
    expect(seen).toMatchObject({
      beforeFen: 20_000 + 3 * 5_800,
      afterFen: 30_000 + 3 * 5_000,
      winners: 1,
      losers: 1,
      months: [{ key: 'BJ-2025-10', contracts: 15, kind: 'own' }],
      people: [
        { personId: 'hk001', beforeFen: 31_600, afterFen: 40_000 },
        { personId: 'hk002', beforeFen: 5_800, afterFen: 5_000 },
      ],
    });
    expect((await call('publish', publish, '组长')).outcome).toBe('forbidden');
    await data('publish', publish);
    await test.run('rewards.settle');
    const last = (await ledger()).at(-1);
    expect(last).toMatchObject({ cause: 'rules changed, version 2' });
    expect(JSON.parse(last?.detail ?? '')).toMatchObject({ rules: 2 });
    expect((await ledger()).reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(45_000);
    expect(await test.say('为什么 N9')).toContain('第2版');
    // The command line computes by what is published, and says so; by the files when asked, or without a database.
    const notes: string[] = [];
    const lowest = async (database: string, files = false) => {
      const config = readConfig({ DATABASE_URL: `file:${test.folder}/${database}`, FIELDBELL_DATA: test.folder });
      const { awards } = await campaignNamed('BJ-2025-10', config, { files, note: (text) => notes.push(text) });
      return awards.tiers?.steps[0]?.paysFen;
    };
    expect(await lowest('fieldbell.db')).toBe(30_000);
    expect(notes).toEqual([expect.stringContaining(`edition 2 of ${DOCUMENT}`)]);
    expect([await lowest('fieldbell.db', true), await lowest('none.db')]).toEqual([20_000, 20_000]);
    const shown = await data('document', { document: DOCUMENT });
    expect(shown).toMatchObject({
      published: 2,
      text: MORE.replace('version: 1', 'version: 2'),
      versions: [{ version: 2, createdBy: '老板', seenBy: '老板' }],
      publications: [{ version: 2, by: '老板' }],
    });

    // Rolled back, everything is as it was.
    await data('publish', { document: DOCUMENT, version: 0 });
    await test.run('rewards.settle');
    expect((await ledger()).reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(37_400);
    await data('publish', publish);
    expect(await data('document', { document: DOCUMENT })).toMatchObject({ published: 2 });
  });

  it('a diff that was seen against another rule is worth nothing', async () => {
    const [first, second] = [await draft(MORE), await draft(changed('pays: 200 }', 'pays: 500 }'))];
    await data('diff', { document: DOCUMENT, version: first });
    await data('diff', { document: DOCUMENT, version: second });
    await data('publish', { document: DOCUMENT, version: first });
    const refused = await call('publish', { document: DOCUMENT, version: second });
    expect(refused.outcome).toBe('wrong');
    expect(JSON.stringify(refused.message)).toContain('再看一次');
    await data('diff', { document: DOCUMENT, version: second });
    await data('publish', { document: DOCUMENT, version: second });
  });

  it('mistakes name their line; neither looked at nor published', async () => {
    const text = changed('unlock: 10', 'unlok: 10');
    expect(await data('check', { document: DOCUMENT, text })).toEqual({
      mistakes: [
        { line: 19, text: expect.stringContaining('awards.tiers.unlock: is missing') },
        { line: 21, text: 'awards.tiers.unlok: unknown key' },
      ],
    });
    const version = await draft(text);
    expect(await data('diff', { document: DOCUMENT, version })).toMatchObject({
      mistakes: [{ line: 19 }, { line: 21 }],
    });
    expect((await call('publish', { document: DOCUMENT, version })).outcome).toBe('wrong');
    const twice = changed('from: 2025-10-01', 'from: 2025-09-30');
    expect(await data('check', { document: DOCUMENT, text: twice })).toMatchObject({
      mistakes: [{ line: 6, text: expect.stringContaining('BJ-2025-09') }],
    });
    const lost = changed('key: BJ-2025-10', 'key: BJ-2025-10X');
    expect(await data('check', { document: DOCUMENT, text: lost })).toMatchObject({
      mistakes: [{ line: 1, text: expect.stringContaining('BJ-2025-10 is missing') }],
    });
    expect((await call('draft', { document: '../../etc/passwd', text })).outcome).toBe('wrong');
  });

  it('cliffs, double pay and budget are found', async () => {
    const version = await draft(
      changed('pays: 400 }', 'pays: 100 }').replace(
        '  tiers:',
        '    - { name: 再好运, count: 5, of: all, pays: 9 }\n  tiers:',
      ),
    );
    const { findings } = await data('diff', { document: DOCUMENT, version, budget: 100 });
    expect(findings).toMatchObject([
      { kind: 'less-for-more', line: 26 },
      { kind: 'paid-twice', line: 19 },
      { kind: 'paid-twice', line: null, words: { en: expect.stringContaining('3 contracts won two awards') } },
      { kind: 'never-won' },
      { kind: 'never-won' },
      { kind: 'never-won' },
      { kind: 'over-budget' },
    ]);
  });

  it('a new month is tried over the months of its city, and any person can be followed through it', async () => {
    const document = 'rules/rewards/beijing-2026-01.yaml';
    const text = MORE.replaceAll('2025-10', '2026-01');
    const { version } = await data('draft', { document, text });
    const seen = await data('diff', { document, version });
    expect(seen).toMatchObject({ months: [{ key: 'BJ-2025-10', kind: 'other', afterFen: 45_000 }] });
    const { decisions } = await data('trace', { campaign: 'BJ-2025-10', person: 'hk001', document, version });
    expect(decisions).toHaveLength(10);
    expect(decisions.at(-1)).toMatchObject({
      countedSumFen: 10_000_000,
      rewards: [
        { name: '接好运', paidFen: 5_000 },
        { name: '达标奖', paidFen: 30_000 },
      ],
    });
    await data('publish', { document, version });
    const { campaigns } = await data('campaigns');
    expect(campaigns).toContainEqual(expect.objectContaining({ key: 'BJ-2026-01', state: 'coming', document }));
  });

  it('a closed month stays as it was paid', async () => {
    test.clock.set('2025-11-02T10:00:00+08:00');
    await call('close', { campaign: 'BJ-2025-10' });
    const version = await draft(MORE);
    expect(await data('diff', { document: DOCUMENT, version })).toMatchObject({ months: [{ kind: 'closed' }] });
    await data('publish', { document: DOCUMENT, version });
    expect((await test.run('rewards.settle')).counts).toMatchObject({ booked: 0, corrected: 0 });
    expect(await test.say('为什么 N9')).toContain('第1版');
  });

  it('publishes the first campaign of a city, of which nothing was signed yet', async () => {
    const document = 'rules/rewards/shenyang-2026-01.yaml';
    const text = TEXT.replace(/BJ-2025-10.*to: 2025-10-31/, 'SY-2026-01, title: 一月, from: 2026-01-01, to: 2026-01-31')
      .replace('city: 北京', 'city: 沈阳')
      .replace('"110000"', '"210000"');
    await data('draft', { document, text });
    expect((await data('diff', { document, version: 1 })).findings).toMatchObject([{ kind: 'nothing-replayed' }]);
    await data('publish', { document, version: 1 });
  });

  it('keeps no draft over one that its writer does not know', async () => {
    await draft(MORE);
    const stale = await call('draft', { document: DOCUMENT, text: TEXT, knows: 1 }, '组长');
    expect([stale.outcome, JSON.stringify(stale.message)]).toEqual([
      'wrong',
      expect.stringContaining('老板 刚存了第 2 版'),
    ]);
    expect((await data('draft', { document: DOCUMENT, text: TEXT, knows: 2 })).version).toBe(3);
  });
});
