import { type Lang, pick } from '../../core/message.ts';
import { type Fen, yuanShort } from '../../core/money.ts';
import type { Campaign, Scope } from './campaign.ts';
import type { Decision, Reward } from './model.ts';

/** What is missing to the next tier, in words. */
export function missing(campaign: Campaign, decision: Decision, lang: Lang): string {
  const { next } = decision;
  if (next && 'tier' in next) {
    const gap = yuanShort(next.gapFen);
    return pick(lang, `距 ${next.tier} 还差 ${gap} 元`, `${gap} yuan short of ${next.tier}`);
  }
  if (next) {
    const { contractsShort: short } = next;
    return pick(lang, `再签 ${short} 单，开启阶梯奖励`, `${short} more contracts open the tiers`);
  }
  const { tiers } = campaign.awards;
  if (!tiers) return pick(lang, '继续加油，再接再厉！', 'Keep it up!');
  return climbs(campaign, decision)
    ? pick(lang, '已达成全部奖项，恭喜！', 'Every tier is reached: congratulations!')
    : pick(lang, '自引单也算你的本事，继续加油！', 'Self-referral well done, keep it up!');
}

/** Whether a contract counts towards the tiers. */
export function climbs(campaign: Campaign, { orderType }: Decision): boolean {
  const of = campaign.awards.tiers ? tierScope(campaign) : undefined;
  return of === 'all' || of === (orderType === 'platform' ? 'platform' : 'selfReferral');
}

/** Which contracts the tiers look at. */
export function tierScope({ awards, legacy }: Campaign): Scope {
  return legacy.tiersOf ?? awards.tiers?.of ?? 'all';
}

export function orderType(decision: Decision, lang: Lang): string {
  return decision.orderType === 'platform' ? pick(lang, '平台单', 'platform') : pick(lang, '自引单', 'self-referral');
}

export function paidFen(decisions: readonly Decision[]): Fen {
  let sum = 0;
  for (const { rewards } of decisions) for (const { paidFen } of rewards) sum += paidFen;
  return sum;
}

export function listed(rewards: readonly Reward[], lang: Lang): string {
  return rewards
    .map((reward) => {
      const twice = reward.paidFen !== reward.amountFen;
      const how = twice
        ? pick(lang, `（${yuanShort(reward.amountFen)} 翻倍）`, ` (${yuanShort(reward.amountFen)} doubled)`)
        : '';
      return `${reward.name} ${yuanShort(reward.paidFen)} ${pick(lang, '元', 'yuan')}${how}`;
    })
    .join(pick(lang, '、', ', '));
}
