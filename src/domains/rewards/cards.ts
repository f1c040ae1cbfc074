import type { Context } from '../../core/context.ts';
import { footnote } from '../../core/footnote.ts';
import { type DataAge, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { type Fen, grouped, yuanShort, yuanWhole } from '../../core/money.ts';
import { type Clock, type Day, daysBetween, today } from '../../core/time.ts';
import type { Campaign } from './campaign.ts';
import type { Standing } from './campaigns.ts';
import type { Decision } from './model.ts';
import { climbs, missing } from './wording.ts';

/** What drawing needs of the world. */
type World = Pick<Context, 'words' | 'clock'>;

export interface OwnFacts {
  standing: Standing;
  /** The person's own, in order; at least one. */
  own: readonly Decision[];
  /** What the ledger holds for the person, by award name. */
  booked: readonly { name: string; amountFen: Fen }[];
  /** Corrections of earlier, closed periods that are paid with this one. */
  carried: Fen;
  /** The day as of which it is asked. */
  asOf: Day | undefined;
  age: DataAge | null;
}

/** 我的奖励. */
export function mineCard(facts: OwnFacts, { words, clock }: World, lang: Lang): MessageDraft {
  const { standing, own, booked, carried, asOf, age } = facts;
  const { campaign } = standing;
  const last = own.at(-1) as Decision;
  const newestWin = own.findLast((decision) => decision.rewards.length > 0);
  const reached = booked.filter((award) => isTier(campaign, award.name)).length;
  // Where only platform contracts climb, the last of those knows what is missing.
  const climbing = own.findLast((decision) => climbs(campaign, decision)) ?? last;
  const next = climbing.next && 'tier' in climbing.next ? climbing.next : null;
  const target = campaign.awards.tiers?.steps.find((step) => step.name === next?.tier)?.atFen;
  const said = words.say('rewards/mine', lang, {
    campaign: campaign.title,
    hasDay: asOf !== undefined,
    day: asOf ?? '',
    hasCarried: carried !== 0,
    carried: `${carried > 0 ? '+' : ''}${yuanShort(carried)}`,
    total: yuanShort(booked.reduce((sum, award) => sum + award.amountFen, 0)),
    hasTiers: reached > 0,
    tiers: String(reached),
    hasAwards: booked.length > 0,
    awards: booked.map((award) => `${award.name} ${yuanShort(award.amountFen)}`).join(' · '),
    countedSum: yuanShort(last.countedSumFen),
    signedSum: yuanShort(last.sumFen),
    count: grouped(last.count),
    hasProgress: !!(next && target),
    bar: next && target ? bar((target - next.gapFen) / target) : '',
    missing: missing(campaign, climbing, lang),
  });
  return {
    title: said.title,
    tone: booked.length > 0 ? 'good' : 'info',
    lang,
    ...(age && { asOf: age }),
    blocks: [
      { type: 'text', text: said.text },
      ...progressChart(facts, clock, lang),
      {
        type: 'actions',
        buttons: [
          ...(booked.length > 0
            ? [{ label: pick(lang, '为什么', 'Why'), call: { command: 'rewards.why', args: {} } }]
            : []),
          {
            label: pick(lang, '还差多少', 'What is missing'),
            call: { command: 'rewards.next', args: { campaign: campaign.key } },
          },
          {
            label: pick(lang, '申诉', 'Dispute'),
            call: { command: 'rewards.dispute', args: { contract: (newestWin ?? last).contractId } },
          },
          {
            label: pick(lang, '奖励排行', 'Ranking'),
            call: { command: 'rewards.rank', args: { campaign: campaign.key } },
          },
        ],
      },
    ],
  };
}

/** The month's course: the counted sum day by day, with the tiers as lines. Left out where no signing day is known. */
function progressChart({ standing, own, asOf, age }: OwnFacts, clock: Clock, lang: Lang) {
  const { campaign } = standing;
  const signed = own.flatMap((decision) => decision.contract.signedDay ?? []).toSorted();
  const [first, last] = [signed[0], signed.at(-1)];
  if (!first || !last) return [];
  // From the period's first day to its last that is known; contracts assigned from elsewhere show their own days.
  const inside = campaign.from <= first && last <= campaign.to;
  const until = [campaign.to, asOf ?? today(clock)].toSorted()[0] as Day;
  const days = inside ? daysBetween(campaign.from, until < last ? last : until) : daysBetween(first, last);
  // By signing day, whenever a contract arrived: the line then ends at the sum.
  const sumOn = days.map((day) =>
    own.reduce((sum, { contract, countedFen }) => sum + ((contract.signedDay ?? first) <= day ? countedFen : 0), 0),
  );
  const top = Math.max(...sumOn);
  const steps = campaign.awards.tiers?.steps ?? [];
  // The tier above what is reached, and the ones below: lines far above would flatten the picture.
  const shown = steps.filter((step, at) => step.atFen <= top || (steps[at - 1]?.atFen ?? 0) <= top).slice(-4);
  const title = pick(lang, `计入业绩 ${yuanWhole(top)} 元`, `${yuanWhole(top)} yuan counted`);
  return [
    {
      type: 'chart' as const,
      alt: `${title} · ${missing(campaign, own.at(-1) as Decision, lang)}`,
      chart: {
        title,
        labels: days.map((day) => day.slice(5)),
        unit: pick(lang, '元', 'yuan'),
        footnote: age ? footnote(age, clock, lang) : '',
        series: [
          {
            name: pick(lang, '计入业绩', 'Counted'),
            kind: 'line' as const,
            role: 'subject' as const,
            values: sumOn.map((fen) => fen / 100),
          },
          ...shown.map((step) => ({
            name: step.name,
            kind: 'line' as const,
            role: step.atFen <= top ? ('good' as const) : ('target' as const),
            dashed: true,
            values: days.map(() => step.atFen / 100),
          })),
        ],
      },
    },
  ];
}

function isTier(campaign: Campaign, name: string): boolean {
  return campaign.awards.tiers?.steps.some((step) => step.name === name) ?? false;
}

/** ▓▓▓▓▓▓░░░░ */
function bar(share: number): string {
  const full = Math.max(0, Math.min(10, Math.floor(share * 10)));
  return '▓'.repeat(full) + '░'.repeat(10 - full);
}
