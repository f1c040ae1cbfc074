import { z } from 'zod';
import { command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { groupBy } from '../../core/group.ts';
import { pick } from '../../core/message.ts';
import { subjectIds } from '../../core/people.ts';
import { rest } from '../../core/reader.ts';
import { ageOf, chooseStanding, ownDecisions, ownIds, type Standing } from './campaigns.ts';
import { mineCard, type RankRow, rankCard } from './cards.ts';
import { closingCommands } from './closing-commands.ts';
import type { Decision } from './model.ts';
import { campaignWord } from './reads.ts';
import { ledgerOf } from './store.ts';
import { versionCommands } from './versions/commands.ts';
import { why } from './why.ts';

const campaign = z.string().optional().describe('Campaign key, e.g. BJ-2025-10; default: the current one of your city');

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
  args: z.strictObject({ campaign }),
  reads: { campaign: campaignWord },
  examples: { zh: ['我的奖励', '我的奖励 BJ-2025-10'], en: ['my reward', 'my reward BJ-2025-10'] },
  role: 'staff',
  audience: 'asker',
  async run({ asker, lang, context }, args) {
    const ids = ownIds(asker, lang);
    const standing = await chooseStanding(context, asker, lang, args.campaign);
    const own = ownDecisions(standing, ids);
    if (own.length === 0) {
      throw new AskerError(
        pick(
          lang,
          `你在「${standing.campaign.title}」还没有合同。`,
          `You have no contracts in “${standing.campaign.title}” yet.`,
        ),
      );
    }
    const persons = new Set(own.map((decision) => decision.personId));
    const ledger = (await ledgerOf(context.db, standing.campaign.key)).filter((entry) => persons.has(entry.person));
    const booked = [...groupBy(ledger, (entry) => entry.name)]
      .map(([name, entries]) => ({ name, amountFen: entries.reduce((sum, entry) => sum + entry.amountFen, 0) }))
      .filter((award) => award.amountFen !== 0);
    return mineCard({ standing, own, booked, age: await ageOf(context, standing) }, context, lang);
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
  args: z.strictObject({ campaign }),
  reads: { campaign: campaignWord },
  examples: { zh: ['奖励排行', '奖励排行 BJ-2025-10'], en: ['reward rank', 'reward rank BJ-2025-10'] },
  role: 'staff',
  async run({ asker, lang, context }, args) {
    const standing = await chooseStanding(context, asker, lang, args.campaign);
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

export const commands = [mine, whyCommand, rank, ...closingCommands, ...versionCommands];

/** One row a person, by what counts; equal sums by who has more contracts, then by who got there first. */
function rankRows(standing: Standing, housekeeperIds: readonly string[]): RankRow[] {
  const people = groupBy(standing.decisions, (decision) => decision.personId);
  return [...people]
    .map(([, own]) => {
      const last = own.at(-1) as Decision;
      return {
        person: last.person,
        count: last.count,
        countedSumFen: last.countedSumFen,
        paidFen: own.flatMap((decision) => decision.rewards).reduce((sum, reward) => sum + reward.paidFen, 0),
        mine: own.some((decision) => housekeeperIds.includes(standing.housekeeperOf.get(decision.contractId) ?? '')),
      };
    })
    .toSorted((a, b) => b.countedSumFen - a.countedSumFen || b.count - a.count);
}
