import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { subjectIds } from '../../core/people.ts';
import { rest } from '../../core/reader.ts';
import { ageOf, chooseStanding, ownDecisions, ownIds, type Standing, standingAsOf } from './campaigns.ts';
import { mineCard } from './cards.ts';
import { closingCommands } from './closing-commands.ts';
import { disputeCommands } from './disputes/commands.ts';
import { nextCard } from './next-card.ts';
import { nudges } from './nudges.ts';
import { bookedFor, carriedInto, wonBy } from './own.ts';
import { rankCard, rankRows } from './ranking.ts';
import { asOfDay, campaignWord } from './reads.ts';
import { versionCommands } from './versions/commands.ts';
import { why } from './why.ts';

const campaign = z.string().optional().describe('Campaign key, e.g. BJ-2025-10; default: the current one of your city');

const asOf = z.iso.date().optional().describe('Contracts signed up to this day, as they are known now; default: all');

const mine = command({
  name: 'rewards.mine',
  summary: { zh: '我的奖励、计入业绩和离下一档多远', en: 'My rewards, what counts, and how far the next tier is' },
  aliases: [
    { words: '我的奖励' },
    { words: '我 奖励' },
    { words: 'my reward' },
    { words: 'my rewards' },
    { words: '/reward' },
    { words: 'reward' },
  ],
  args: z.strictObject({ campaign, asOf }),
  reads: { asOf: asOfDay, campaign: campaignWord },
  examples: {
    zh: ['我的奖励', '我的奖励 BJ-2025-10', '我的奖励 截至 10-15'],
    en: ['my reward', 'my reward BJ-2025-10', 'my reward as of 10-15'],
  },
  role: 'staff',
  audience: 'asker',
  async run({ asker, lang, context }, args) {
    const ids = ownIds(asker, lang);
    const { standing, own } = await ownStanding({ asker, lang, context }, ids, args);
    // What is booked is the truth; of a past day it is what the rules say of the contracts of then.
    const booked = args.asOf ? wonBy(own) : await bookedFor(context, standing, own);
    const carried = args.asOf ? 0 : await carriedInto(context, standing, own);
    return mineCard(
      { standing, own, booked, carried, asOf: args.asOf, age: await ageOf(context, standing) },
      context,
      lang,
    );
  },
});

const next = command({
  name: 'rewards.next',
  summary: { zh: '离每一档奖励还差多少', en: 'What is missing to each award' },
  aliases: [{ words: '还差多少' }, { words: '还差' }, { words: 'next tier' }],
  args: z.strictObject({ campaign, asOf }),
  reads: { asOf: asOfDay, campaign: campaignWord },
  examples: { zh: ['还差多少', '还差多少 BJ-2025-10'], en: ['next tier', 'next tier BJ-2025-10'] },
  role: 'staff',
  audience: 'asker',
  async run({ asker, lang, context }, args) {
    const { standing, own } = await ownStanding({ asker, lang, context }, ownIds(asker, lang), args);
    return nextCard(standing, own, await ageOf(context, standing), lang);
  },
});

const rank = command({
  name: 'rewards.rank',
  summary: { zh: '奖励排行：谁的计入业绩最高', en: 'Ranking by what counts' },
  aliases: [
    { words: '奖励排行' },
    { words: '奖励 排名' },
    { words: '业绩排行' },
    { words: 'reward rank' },
    { words: 'rewards ranking' },
  ],
  args: z.strictObject({ campaign, asOf }),
  reads: { asOf: asOfDay, campaign: campaignWord },
  examples: { zh: ['奖励排行', '奖励排行 BJ-2025-10'], en: ['reward rank', 'reward rank BJ-2025-10'] },
  role: 'staff',
  async run({ asker, lang, context }, args) {
    const standing = await standingFor({ asker, lang, context }, args);
    if (standing.decisions.length === 0) {
      throw new AskerError(
        pick(lang, `「${standing.campaign.title}」还没有合同。`, `“${standing.campaign.title}” has no contracts yet.`),
      );
    }
    const rows = rankRows(standing, subjectIds(asker, 'housekeeper'));
    return rankCard(standing, rows, await ageOf(context, standing), context, lang);
  },
});

const whyCommand = command({
  name: 'rewards.why',
  summary: {
    zh: '为什么得到（或没得到）这笔奖励：规则、合同、算式',
    en: 'Why I got a reward or did not: rule, contracts, arithmetic',
  },
  aliases: [{ words: '为什么' }, { words: '为啥' }, { words: 'why' }],
  args: z.strictObject({
    contract: z
      .string()
      .max(64)
      .optional()
      .describe('Contract number or id, or how it ends; default: your newest award'),
  }),
  reads: { contract: rest({ zh: '合同', en: 'the contract' }) },
  examples: { zh: ['为什么', '为什么 TEST-BJ-2025000021'], en: ['why', 'why TEST-BJ-2025000021'] },
  role: 'staff',
  audience: 'asker',
  run: (ask, args) => why(ask, args.contract),
});

export const commands = [
  mine,
  whyCommand,
  next,
  rank,
  nudges,
  ...closingCommands,
  ...disputeCommands,
  ...versionCommands,
];

type Asking = Pick<Ask, 'asker' | 'lang' | 'context'>;
interface Which {
  campaign?: string | undefined;
  asOf?: string | undefined;
}

async function standingFor({ asker, lang, context }: Asking, { campaign, asOf }: Which): Promise<Standing> {
  const standing = await chooseStanding(context, asker, lang, campaign, asOf);
  return asOf ? standingAsOf(context, standing.campaign, asOf) : standing;
}

/** The asker's own contracts of the campaign that is meant. @throws AskerError where he has none */
async function ownStanding(asking: Asking, ids: readonly string[], which: Which) {
  const standing = await standingFor(asking, which);
  const own = ownDecisions(standing, ids);
  if (own.length > 0) return { standing, own };
  const { title } = standing.campaign;
  const until = which.asOf ? pick(asking.lang, `截至 ${which.asOf} `, ` as of ${which.asOf}`) : '';
  throw new AskerError(
    pick(asking.lang, `你${until}在「${title}」还没有合同。`, `You have no contracts in “${title}” yet${until}.`),
  );
}
