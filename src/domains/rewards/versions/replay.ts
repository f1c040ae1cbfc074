import type { Context, RuleDocument } from '../../../core/context.ts';
import { AskerError } from '../../../core/errors.ts';
import { type Lang, pick } from '../../../core/message.ts';
import { type Fen, yuanShort } from '../../../core/money.ts';
import type { Campaign } from '../campaign.ts';
import { readCampaigns, standingOf } from '../campaigns.ts';
import { cliffsOf, type Finding } from '../cliffs.ts';
import { contractsOf } from '../contracts/store.ts';
import { decide } from '../decide.ts';
import type { Decision } from '../model.ts';
import { closedCampaigns } from '../store.ts';
import { compare, type Difference, paidTwice, type Total, together, totalOf } from '../what-if.ts';
import type { Checked } from './editions.ts';

/** How many months of the city are replayed where the document's own have no contracts yet. */
const LATEST = 3;

/** One month replayed: what its rule paid and what the draft would pay for the same contracts. */
export interface Month extends Total {
  key: string;
  title: string;
  contracts: number;
  /** `own`: publishing would change it. `closed`: it is locked, nothing changes. `other`: only to compare. */
  kind: 'own' | 'closed' | 'other';
  people: Difference[];
}

export interface Replay extends Total {
  months: Month[];
  /** All months together. */
  people: Difference[];
  findings: Finding[];
}

export interface ReplayWish {
  /** Months to replay, by the keys of their campaigns; default: the document's own, else the city's latest. */
  months?: readonly string[] | undefined;
  /** What a month may cost. */
  budgetFen?: Fen | undefined;
}

/**
 * Replays stored months through a sound draft, against the rule that held for each.
 * Where nothing was signed in any, a finding says so: the first campaign of a city is published like the others.
 * @throws AskerError where a month is not known
 */
export async function replay(
  context: Context,
  { document, campaigns: drafted }: { document: RuleDocument; campaigns: Checked['campaigns'] },
  { months: wanted, budgetFen }: ReplayWish,
  lang: Lang,
): Promise<Replay> {
  const { campaigns } = await readCampaigns(context);
  const closed = new Set((await closedCampaigns(context.db)).map(({ campaign }) => campaign));
  const months: Month[] = [];
  const twice: Decision[] = [];
  const won = new Set<string>();
  for (const { known, draft } of await monthsOf(context, { drafted, campaigns, wanted }, lang)) {
    // A month of the draft's own takes the contracts of its own period, which may have been changed.
    const own = drafted.find(({ key }) => key === known?.key) ?? (known ? null : draft);
    const contracts = await contractsOf(context.db, own ?? known ?? draft);
    const before = known ? (await standingOf(context, known)).decisions : [];
    const after = decide(draft, contracts);
    const people = compare(before, after);
    twice.push(...paidTwice(after));
    for (const { rewards } of after) for (const { name } of rewards) won.add(name);
    const { key, title } = known ?? draft;
    const kind = closed.has(key) ? 'closed' : own ? 'own' : 'other';
    months.push({ key, title, contracts: contracts.length, kind, ...totalOf(people), people });
  }
  const nothing = months.every(({ contracts }) => contracts === 0);
  const people = together(months.map((month) => month.people));
  const findings = [
    ...cliffsOf(document),
    ...twiceFinding(twice),
    ...(nothing ? [NOTHING] : neverWon(drafted, won)),
    ...months.flatMap((month) => overBudget(month, budgetFen)),
  ];
  return { months, people, ...totalOf(people), findings };
}

/** Which months are replayed: the campaign that held, and the draft's for it. */
async function monthsOf(
  context: Context,
  of: { drafted: readonly Campaign[]; campaigns: readonly Campaign[]; wanted: readonly string[] | undefined },
  lang: Lang,
): Promise<{ known: Campaign | null; draft: Campaign }[]> {
  const { drafted, campaigns, wanted } = of;
  const [any] = drafted;
  if (!any) return [];
  const knownAs = (key: string) => campaigns.find((one) => one.key.toLowerCase() === key.toLowerCase()) ?? null;
  const draftFor = (key: string) => drafted.find((one) => one.key === key) ?? any;
  if (wanted) {
    return wanted.map((key) => {
      const known = knownAs(key);
      if (known) return { known, draft: draftFor(known.key) };
      throw new AskerError(pick(lang, `没有活动「${key}」。`, `There is no campaign “${key}”.`));
    });
  }
  const own = drafted.map((draft) => ({ known: knownAs(draft.key), draft }));
  const filled = [];
  for (const month of own) {
    if ((await contractsOf(context.db, month.draft)).length > 0) filled.push(month);
  }
  if (filled.length > 0) return filled;
  const others = campaigns
    .filter((one) => one.pays && one.provinces.some((code) => any.provinces.includes(code)))
    .toSorted((a, b) => b.to.localeCompare(a.to));
  const latest = [];
  for (const known of others) {
    if (latest.length < LATEST && (await standingOf(context, known)).decisions.length > 0) {
      latest.push({ known, draft: any });
    }
  }
  return latest;
}

const NOTHING: Finding = {
  kind: 'nothing-replayed',
  line: null,
  words: {
    zh: '这些月份没有合同，无从比较，请自己核对金额',
    en: 'nothing was signed in these months: there is nothing to compare, check the amounts yourself',
  },
};

function twiceFinding(twice: readonly Decision[]): Finding[] {
  const [first] = twice;
  if (!first) return [];
  const number = first.contract.number ?? first.contractId;
  const names = first.rewards.map(({ name }) => name).join(' + ');
  return [
    {
      kind: 'paid-twice',
      line: null,
      words: {
        zh: `回放中 ${twice.length} 份合同同时得到两项奖励，例如 ${number}：${names}`,
        en: `in the replay ${twice.length} contracts won two awards at once, e.g. ${number}: ${names}`,
      },
    },
  ];
}

function neverWon([campaign]: readonly Campaign[], won: ReadonlySet<string>): Finding[] {
  return (campaign?.awards.tiers?.steps ?? [])
    .filter(({ name }) => !won.has(name))
    .map(({ name, atFen }) => ({
      kind: 'never-won',
      line: null,
      words: {
        zh: `回放中没有人达到 ${name}（${yuanShort(atFen)} 元）`,
        en: `nobody reached ${name} (${yuanShort(atFen)} yuan) in the replay`,
      },
    }));
}

function overBudget({ title, afterFen }: Month, budgetFen: Fen | undefined): Finding[] {
  if (budgetFen === undefined || afterFen <= budgetFen) return [];
  const [is, may] = [yuanShort(afterFen), yuanShort(budgetFen)];
  return [
    {
      kind: 'over-budget',
      line: null,
      words: { zh: `${title} 将付 ${is} 元，超出预算 ${may} 元`, en: `${title} would cost ${is} yuan, over ${may}` },
    },
  ];
}
