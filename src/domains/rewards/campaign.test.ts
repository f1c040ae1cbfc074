import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { campaignsFrom, withPeriod } from './campaign.ts';
import { campaignJsonSchema } from './campaign-document.ts';

function rules(file: string) {
  return { file, text: readFileSync(file, 'utf8') };
}

const beijing = rules('rules/rewards/beijing-2025-10.yaml');
const shanghai = rules('rules/rewards/shanghai-2025-09.yaml');

/** The mistakes of the Beijing document with some of its text replaced. */
function mistakesWith(...changes: [string, string][]): string[] {
  const text = changes.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, beijing.text);
  const { campaigns, mistakes } = campaignsFrom([{ file: 'b.yaml', text }]);
  expect(campaigns).toEqual([]);
  return mistakes;
}

describe('a campaign document', () => {
  it('gives campaigns in fen', () => {
    const { campaigns, mistakes } = campaignsFrom([beijing, shanghai]);
    expect(mistakes).toEqual([]);
    expect(campaigns.map((campaign) => campaign.key)).toEqual(['BJ-2025-10', 'SH-2025-09']);
    const [bj, sh] = campaigns;
    expect(bj).toMatchObject({
      version: 1,
      provinces: ['110000'],
      from: '2025-10-01',
      to: '2025-10-31',
      selfReferral: ['1'],
      caps: { selfReferral: { contractFen: 20_000_000, workOrderFen: 20_000_000 } },
      file: 'rules/rewards/beijing-2025-10.yaml',
      line: 6,
    });
    expect(bj?.awards.tiers?.steps[0]).toEqual({ name: '达标奖', atFen: 10_000_000, paysFen: 20_000 });
    expect(sh?.caps.platform).toEqual({ contractFen: 4_000_000, workOrderFen: null });
    expect(sh?.hash).not.toBe(bj?.hash);
  });

  it('may have several periods: months that ran under the same rules', () => {
    const second = '  - { key: BJ-2025-12, title: 十二月, from: 2025-12-01, to: 2025-12-31 }\n\nperson:';
    const { campaigns } = campaignsFrom([{ file: 'b.yaml', text: beijing.text.replace('\nperson:', second) }]);
    expect(campaigns.map(({ key, from, line }) => [key, from, line])).toEqual([
      ['BJ-2025-10', '2025-10-01', 6],
      ['BJ-2025-12', '2025-12-01', 7],
    ]);
    expect(campaigns[0]?.awards).toEqual(campaigns[1]?.awards);
  });

  it('says how often to nudge and until when to answer a dispute, or leaves it at three days', () => {
    const read = (more: string) =>
      campaignsFrom([{ file: 'b.yaml', text: `${beijing.text}\n${more}` }]).campaigns.map((one) => [
        one.nudgeEveryDays,
        one.disputeWorkdays,
      ]);
    expect(read('')).toEqual([[3, 3]]);
    expect(read('nudge: { everyDays: 7 }\ndisputes: { workdays: 5 }')).toEqual([[7, 5]]);
    expect(read('nudge: none')).toEqual([[null, 3]]);
  });

  it('changes its hash with what changes payment, and with nothing else', () => {
    const hash = (from: string, to: string) =>
      campaignsFrom([{ file: 'b.yaml', text: beijing.text.replace(from, to) }]).campaigns[0]?.hash;
    const own = hash('', '');
    expect(hash('pays: 58', 'pays: 59')).not.toBe(own);
    expect(hash('to: 2025-10-31', 'to: 2025-10-30')).not.toBe(own);
    expect(hash('title: 北京', 'title: 首都')).toBe(own);
    expect(hash('channel: beijing-sales', 'channel: other')).toBe(own);
  });
});

describe('a mistake names file and line', () => {
  it.each<[string, [string, string], string]>([
    ['an unknown key', ['unlock: 10', 'unlock: 10\n    mesure: signed'], 'b.yaml:22 awards.tiers.mesure: unknown key'],
    ['a missing value', ['    measure: counted\n', ''], 'b.yaml:19 awards.tiers.measure: '],
    ['no pay', [', pays: 800', ''], 'b.yaml:26 awards.tiers.steps.2.pays: is missing (a number: digits alone'],
    ['negative pay', ['pays: 800', 'pays: -800'], 'b.yaml:26 awards.tiers.steps.2.pays: '],
    ['a tenth of a fen', ['at: 100000', 'at: 100000.001'], 'b.yaml:24 awards.tiers.steps.0.at: '],
    [
      'an amount in words',
      ['contract: 50000', 'contract: viel'],
      'b.yaml:13 contracts.caps.platform.contract: must be an amount',
    ],
    ['a cap left out', ['contract: 50000, ', ''], 'b.yaml:13 contracts.caps.platform.contract: '],
    [
      'a template outside of the templates',
      ['template: rewards/good-news-dual-track', 'template: ../../etc/passwd'],
      'b.yaml:29 announce.template: must be the name of a template',
    ],
    [
      'a channel that cannot be one',
      ['channel: beijing-sales', 'channel: ../x'],
      'b.yaml:29 announce.channel: must be the name of a channel',
    ],
    ['unsorted tiers', ['at: 300000', 'at: 170000'], 'b.yaml:26 awards.tiers.steps.2.at: 170000 is not above'],
    ['tiers at one threshold', ['at: 300000', 'at: 180000'], 'b.yaml:26 awards.tiers.steps.2.at: 180000 is not above'],
    [
      'a name used twice',
      ['name: 精英奖', 'name: 接好运'],
      'b.yaml:26 awards.tiers.steps.2.name: another award is named “接好运”',
    ],
    [
      'a tier that the caps put out of reach',
      ['at: 460000', 'at: 900000000'],
      'b.yaml:27 awards.tiers.steps.3.at: can never be reached: a contract counts at most 200000 yuan (caps), so it asks for 4500 contracts of one person in 31 days',
    ],
    [
      'platform awards where no platform contract is taken',
      ['platform: others', 'platform: others, only: ["1"]'],
      'can never be won: the campaign takes self-referral contracts alone',
    ],
    ['a deadline that is none', ['announce:', 'disputes: { workdays: 0 }\nannounce:'], 'b.yaml:29 disputes.workdays: '],
    ['a nudge that is none', ['announce:', 'nudge: never\nannounce:'], 'b.yaml:29 nudge: must be `everyDays`'],
    ['a day that is none', ['to: 2025-10-31', 'to: 2025-10-32'], 'b.yaml:6 periods.0.to: '],
    ['a period the wrong way round', ['to: 2025-10-31', 'to: 2025-09-30'], 'b.yaml:6 periods.0.to: is before `from`'],
    ['an unknown part of a person', ['[housekeeper]', '[housekeeper, team]'], 'b.yaml:8 person.1: '],
    [
      'caps that nothing uses',
      ['selfReferral: ["1"]', 'selfReferral: []'],
      'b.yaml:14 contracts.caps.selfReferral: is never used',
    ],
    [
      'self-referral that the campaign does not take',
      ['platform: others', 'platform: others, only: ["2"]'],
      'b.yaml:11 contracts.sources.selfReferral.0: 1 is not among `only`',
    ],
    [
      'a switch that nothing feels',
      ['announce:', 'legacy: { tiersOf: all }\nannounce:'],
      'b.yaml:29 legacy.tiersOf: changes nothing',
    ],
    [
      'an unknown badge',
      ['announce:', 'badges: [{ badge: 银牌 }]\nannounce:'],
      'b.yaml:29 badges.0.badge: there is no',
    ],
    [
      'bands that overlap',
      [
        '  every:',
        '  numbered: [{ endsIn: 6, bands: [{ name: 甲, from: 100, pays: 1 }, { name: 乙, from: 100, pays: 2 }] }]\n  every:',
      ],
      'awards.numbered.0.bands.1.from: does not begin above',
    ],
    [
      'a number that is never won',
      [
        '  every:',
        '  numbered: [{ endsIn: 6, bands: [{ name: 甲, pays: 1 }] }, { endsIn: 6, bands: [{ name: 乙, pays: 2 }] }]\n  every:',
      ],
      'awards.numbered.1: is never won',
    ],
    ['quoted money', ['pays: 800', 'pays: "800"'], 'steps.2.pays: is text: must be a number: digits alone'],
    ['fullwidth digits', ['pays: 800', 'pays: ８００'], 'steps.2.pays: is text: must be a number: digits alone'],
    ['no number at all', ['pays: 800', 'pays:'], 'steps.2.pays: is empty: must be a number'],
    [
      'money with a comma',
      ['pays: 1600', 'pays: 1,600'],
      'steps.3.600: unknown key: numbers are written without commas',
    ],
    ['another base', ['pays: 1600', 'pays: 0x10'], 'b.yaml:27 0x10: write the number in decimal digits'],
    ['a list by commas', ['["110000"]', '110000, 310000'], 'b.yaml:4 provinces: is text: must be a list, such as'],
    ['an empty list', ['["110000"]', '[]'], 'b.yaml:4 provinces: must hold at least 1'],
    ['none in five', ['count: 5', 'count: 0'], 'b.yaml:18 awards.every.0.count: must be above 0'],
    [
      'half a contract',
      ['count: 5', 'count: 2.5'],
      'b.yaml:18 awards.every.0.count: is a number: must be a whole number',
    ],
    ['another scope', ['of: all', 'of: both'], 'awards.tiers.of: must be `all` or `platform` or `selfReferral`'],
    [
      'a name that looks like another',
      ['卓越奖', '精英奖\u200b'],
      'steps.3.name: must be a name without `/` and without inv',
    ],
    [
      'an alias of nothing',
      ['selfReferral: { contract: 200000, workOrder: 200000 }', 'selfReferral: *none'],
      'b.yaml:14 Unresolved alias',
    ],
    [
      'a Chinese colon',
      ['unlock: 10', 'unlock：10'],
      'b.yaml:21 Implicit keys need to be on a single line; or a colon is',
    ],
    ['two documents', ['version: 1', 'version: 1\n---\nversion: 2'], 'b.yaml:3 a second document begins here'],
    ['a broken line', ['unlock: 10', 'unlock: [10'], 'b.yaml:2'],
    ['a key written twice', ['unlock: 10', 'unlock: 10\n    unlock: 12'], 'b.yaml:22 '],
  ])('%s', (_name, change, mistake) => {
    expect(mistakesWith(change)).toContainEqual(expect.stringContaining(mistake));
  });

  it('a day that is none is one mistake', () => {
    expect(mistakesWith(['from: 2025-10-01', 'from: 2025/10/01'])).toHaveLength(1);
  });

  it('reports all mistakes at once', () => {
    const mistakes = mistakesWith(
      ['version: 1\n', ''],
      ['to: 2025-10-31', 'to: 2025-09-01'],
      ['unlock: 10', 'unlock: 10\n    x: 1'],
      ['at: 180000', 'at: 90000'],
      ['at: 300000, pays: 800', 'at: 300000, pay: 800'],
    );
    const places = mistakes.map((mistake) => mistake.split(': ')[0]);
    expect(places).toEqual([
      'b.yaml:1 version',
      'b.yaml:5 periods.0.to',
      'b.yaml:21 awards.tiers.x',
      'b.yaml:25 awards.tiers.steps.1.at',
      'b.yaml:26 awards.tiers.steps.2.pays',
      'b.yaml:26 awards.tiers.steps.2.pay',
    ]);
  });

  it('an empty document, and one that pays nothing', () => {
    expect(campaignsFrom([{ file: 'e.yaml', text: '' }]).mistakes).toEqual([expect.stringMatching(/^e\.yaml:1 /)]);
    const text = beijing.text.replace(/awards:[\s\S]*announce/, 'awards: {}\nannounce');
    expect(campaignsFrom([{ file: 'e.yaml', text }]).mistakes).toEqual([expect.stringContaining('pays nothing')]);
  });
});

describe('two campaigns', () => {
  const november = (from: string, key = 'BJ-2025-11') =>
    withPeriod({ ...beijing, file: 'november.yaml' }, { key, title: '十一月', from, to: '2025-11-30' });

  it('of one city may follow each other', () => {
    const { campaigns, mistakes } = campaignsFrom([beijing, november('2025-11-01'), shanghai]);
    expect(mistakes).toEqual([]);
    expect(campaigns).toHaveLength(3);
  });

  it('may not pay one city on the same day: both lines are named, and neither pays', () => {
    const { campaigns, mistakes } = campaignsFrom([beijing, november('2025-10-31'), shanghai]);
    expect(campaigns.map(({ key }) => key)).toEqual(['SH-2025-09']);
    expect(mistakes).toEqual([
      expect.stringMatching(
        /^november\.yaml:\d+ and rules\/rewards\/beijing-2025-10\.yaml:6: .*110000 from 2025-10-31 to 2025-10-31/,
      ),
    ]);
  });

  it('may not have one key', () => {
    const { mistakes } = campaignsFrom([beijing, november('2025-11-01', 'BJ-2025-10')]);
    expect(mistakes).toEqual([expect.stringContaining('key BJ-2025-10')]);
  });
});

describe('the sample campaign', () => {
  it('is sound by itself and with a period filled in', () => {
    const sample = rules('rules/sample/rewards.yaml');
    expect(campaignsFrom([sample]).mistakes).toEqual([]);
    const period = { key: 'SAMPLE-2026-11', title: '示例：十一月', from: '2026-11-01', to: '2026-11-30' };
    const { campaigns, mistakes } = campaignsFrom([withPeriod(sample, period)]);
    expect(mistakes).toEqual([]);
    expect(campaigns).toEqual([expect.objectContaining({ ...period, version: 3, file: sample.file })]);
  });
});

describe('rules/rewards.schema.json', () => {
  // `npx vitest run campaign.test -u` writes it anew after a change of the zod schema.
  it('is the schema of the document', async () => {
    const text = JSON.stringify(campaignJsonSchema(), null, 2);
    const oneLine = (_: string, inside: string) => `[${inside.replace(/\n\s+/g, ' ')}]`;
    await expect(`${text.replace(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, oneLine)}\n`).toMatchFileSnapshot(
      '../../../rules/rewards.schema.json',
    );
  });
});
